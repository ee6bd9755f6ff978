"""What the allocation costs, summed from the case, against what the plan promises."""

import numpy as np

from optimizer.feasibility.allocation import Applied
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.tolerances import NO_COST, PROMISE
from optimizer.feasibility.violation import Violations, at_most, equal
from optimizer.gap import gap_of
from optimizer.scenarios.scenario_set import Floats


def promise_violations(counted: Recount, applied: Applied) -> Violations:
    """Yield where the promise, its risk measure or its proof do not hold."""
    promise, options = counted.plan.promise, counted.instance.options
    costs = scenario_costs(counted, applied)
    probability = counted.scenarios.probability
    mean = float(probability @ costs)
    risk = tail_mean(costs, probability, options.cvar_level)
    objective = (1 - options.cvar_weight) * mean + options.cvar_weight * risk
    objective += (options.cost_of_holding_weight or 0.0) * (
        promise.cost_of_holding_usd or 0.0
    )
    nothing = NO_COST * abs(promise.cost_without_vault_usd)
    for name, found, expected in (
        ("simulated_cost", promise.simulated_shortage_cost_usd, mean),
        ("expected_cost", promise.expected_shortage_cost_usd, mean),
        ("cvar", promise.cvar_usd, risk),
        ("objective", promise.objective_usd, objective),
    ):
        tolerance = PROMISE * abs(expected) + nothing
        yield from equal(name, "promise", found, expected, tolerance)
    yield from _bounds(counted)
    yield from _budget(counted)


def scenario_costs(counted: Recount, applied: Applied) -> Floats:
    """Return the discounted cost of shortage and emergency purchases (w), weighted."""
    instance, scenarios = counted.instance, counted.scenarios
    weight_of_class = {k.id: k.weight for k in instance.priority_classes}
    weight = {x.id: weight_of_class[x.priority_class] for x in instance.participants}
    cost = np.zeros(scenarios.price.shape[1:])
    for product, units in zip(instance.final_products(), applied.shortage, strict=True):
        per_unit = weight[product.participant or ""]
        for i, block in enumerate(product.shortage_blocks):
            cost += per_unit * block.cost_usd_per_unit * units[i]
    for i, (o, m) in enumerate(counted.market.pairs):
        premium = instance.materials[m].emergency_premium
        per_dollar = weight[instance.participants[o].id] * premium
        cost += per_dollar * scenarios.price[m] * applied.emergency[i]
    rate = instance.horizon.discount_rate_per_year
    for t, years in enumerate(instance.horizon.period_offsets_years):
        cost[:, t] /= (1 + rate) ** years
    return cost.sum(axis=1)


def tail_mean(costs: Floats, probability: Floats, level: float) -> float:
    """Return the mean of the worst 1 - level of the probability."""
    left, total = 1 - level, 0.0
    for w in np.argsort(-costs):
        taken = min(left, float(probability[w]))
        total += taken * float(costs[w])
        left -= taken
    return total / (1 - level)


def _bounds(counted: Recount) -> Violations:
    """Yield unless bound <= objective, the gap is theirs and a vault costs less."""
    promise, where = counted.plan.promise, "promise"
    without, objective = promise.cost_without_vault_usd, promise.objective_usd
    simulated, tolerance = promise.simulated_shortage_cost_usd, PROMISE * abs(without)
    yield from at_most("cost_without_vault", where, simulated, without, tolerance)
    bound, nothing = promise.lower_bound_usd, NO_COST * abs(without)
    yield from at_most("lower_bound", where, bound, objective, nothing)
    gap = gap_of(objective, bound, nothing)
    yield from equal("gap", where, promise.gap, gap, PROMISE)


def _budget(counted: Recount) -> Violations:
    financing, promise = counted.instance.financing, counted.plan.promise
    budget = financing.opening_cash_usd + sum(f.limit_usd for f in financing.facilities)
    yield from equal("budget", "promise", promise.budget_usd, budget)
