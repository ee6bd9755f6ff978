"""The objective (1) of a plan from its replay, counted without the model."""

from models.instance import Instance
from models.options import SolveOptions
from optimizer.evaluation.replay import PlanReplay, cost_of_holding
from optimizer.evaluation.statistics import cvar, mean
from optimizer.scenarios.scenario_set import Floats


def objective_of_replay(
    instance: Instance, happened: PlanReplay, probability: Floats
) -> float:
    """Return what followed decisions cost, weighted by the options, US dollars."""
    holding = mean(cost_of_holding(instance, happened), probability)
    costs = happened.scenario_costs()
    return objective_of(instance.options, costs, probability, holding)


def objective_of(
    options: SolveOptions, costs: Floats, probability: Floats, holding_usd: float
) -> float:
    """Return the objective of shortage costs (w) and of an expected cost of holding."""
    weight = options.cvar_weight
    found = (1 - weight) * mean(costs, probability)
    if weight > 0:
        found += weight * cvar(costs, probability, options.cvar_level)
    return found + (options.cost_of_holding_weight or 0.0) * holding_usd
