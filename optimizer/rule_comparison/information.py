"""The value of the stochastic solution and of perfect information.

On the same planning scenarios: the best plan found with its bound, the plan for the
mean scenario followed through all of them (EEV), and the best for each scenario known
beforehand (wait and see). wait and see <= optimum <= EEV (Madansky 1960; Birge 1982),
the latter if the plan for the mean scenario can be paid for everywhere.
"""

from dataclasses import replace

import numpy as np

from models.instance import Instance
from models.plan import Plan
from models.plan_warnings import missed_levels
from models.rule_comparison import ValueOfInformation
from optimizer.deadline import NEVER
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.objective import objective_of_replay
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.highs import Status
from optimizer.problem import BEFORE_START, complete_problem
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.separation import CASH_TOLERANCE, SeparatedProgram
from optimizer.solve import solve_on


class NoValueError(RuntimeError):
    """The limits of the case allow no plan, so there is nothing to compare with."""


def value_of_information(
    instance: Instance, *, number_of_scenarios: int, seed: int
) -> ValueOfInformation:
    """Return what uncertainty costs on planning scenarios drawn with a seed.

    Raises NoValueError if a scenario, or all together, has no plan within the limits.
    """
    scenarios = sample(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    return value_on(instance, scenarios, seed)


def value_on(
    instance: Instance, scenarios: ScenarioSet, seed: int
) -> ValueOfInformation:
    """Return the same on given scenarios; the seed is what is written down."""
    plan = solve_on(instance, scenarios).plan
    if plan is None:
        msg = "these scenarios have no plan, expected one to compare with"
        raise NoValueError(msg)
    promise = plan.promise
    is_eased = any(missed_levels(instance, plan))
    expected = _expected_value_plan(
        instance, scenarios, promise.objective_usd, eases_levels=is_eased
    )
    cost, lowest_cash, is_affordable = _followed(instance, scenarios, expected)
    waited = wait_and_see(instance, scenarios, eases_levels=is_eased)
    return ValueOfInformation(
        number_of_scenarios=scenarios.number_of_scenarios,
        seed=seed,
        plan_usd=promise.objective_usd,
        lower_bound_usd=promise.lower_bound_usd,
        expected_value_plan_usd=cost,
        expected_value_plan_promise_usd=expected and expected.promise.objective_usd,
        expected_value_plan_lowest_cash_usd=lowest_cash,
        expected_value_plan_is_affordable=is_affordable,
        value_of_stochastic_solution_usd=(
            None if cost is None else cost - promise.objective_usd
        ),
        wait_and_see_usd=waited,
        value_of_perfect_information_usd=promise.objective_usd - waited,
    )


def _expected_value_plan(
    instance: Instance,
    scenarios: ScenarioSet,
    objective_usd: float,
    *,
    eases_levels: bool,
) -> Plan | None:
    """Return the plan for the mean scenario, None if there is none.

    There hardly anything may be lost, and a gap relative to nearly nothing is hardly
    ever met: what is left open is measured by the objective over all scenarios.
    """
    alone = mean_scenario(scenarios)
    try:
        least = wait_and_see(instance, alone, eases_levels=eases_levels)
    except NoValueError:
        return None
    left_open = instance.options.gap * max(abs(objective_usd), abs(least))
    if left_open > 0:
        options = instance.options.model_copy(
            update={"gap": left_open / (abs(least) + left_open)}
        )
        instance = instance.model_copy(update={"options": options})
    return solve_on(instance, alone).plan


def mean_scenario(scenarios: ScenarioSet) -> ScenarioSet:
    """Return the scenario of all means; announced is what mostly is.

    A mean availability is no course of events. Ten cuts to zero in a hundred scenarios
    look like a tenth less of the flow, certain and never announced: gaps shrink to
    what buffers can bear, and alert levels are hardly ever reached. A plan made for it
    holds the wrong things.
    """
    probability = scenarios.probability
    announced = np.einsum("mwt,w->mt", scenarios.announced, probability)
    return ScenarioSet(
        names=("mean",),
        probability=np.ones(1),
        stratum=np.zeros(1, dtype=np.int64),
        availability=np.einsum("rwt,w->rt", scenarios.availability, probability)[
            :, None
        ],
        announced=announced[:, None] > 1 / 2,
        price=np.einsum("mwt,w->mt", scenarios.price, probability)[:, None],
        base_price=scenarios.base_price,
        demand=np.einsum("pwt,w->pt", scenarios.demand, probability)[:, None],
    )


def wait_and_see(
    instance: Instance, scenarios: ScenarioSet, *, eases_levels: bool = False
) -> float:
    """Return the mean of each scenario's own relaxation: a lower bound, US dollars.

    One scenario has one cost, so its CVaR is its mean, and the mean of all is below any
    weight of CVaR.
    """
    costs = [
        _alone(instance, scenarios.select(slice(w, w + 1)), eases_levels=eases_levels)
        for w in range(scenarios.number_of_scenarios)
    ]
    return float(scenarios.probability @ np.array(costs))


def _alone(instance: Instance, scenario: ScenarioSet, *, eases_levels: bool) -> float:
    """Return the bound of the extensive form over one scenario that is certain."""
    stratum = np.zeros(1, dtype=np.int64)
    certain = replace(scenario, probability=np.ones(1), stratum=stratum)
    cash_rows = {
        (t, 0) for t in range(BEFORE_START, instance.horizon.number_of_periods)
    }
    problem = complete_problem(instance, certain, eases_levels=eases_levels)
    program = SeparatedProgram(problem, is_relaxed=True, cash_rows=cash_rows)
    found = program.solve(NEVER)
    if found.status is not Status.OPTIMAL or found.values is None:
        msg = f"scenario {scenario.names[0]} ended as {found.status.value}"
        raise NoValueError(msg)
    return program.point(found.values).objective_usd


def _followed(
    instance: Instance, scenarios: ScenarioSet, plan: Plan | None
) -> tuple[float | None, float | None, bool | None]:
    """Return objective, lowest cash and whether all is paid and covered."""
    if plan is None:
        return None, None, None
    happened = replay(instance, scenarios, decisions_of(instance, plan))
    cost = objective_of_replay(instance, happened, scenarios.probability)
    cash, cover = _lowest(instance, happened)
    least = -CASH_TOLERANCE * instance.financing.budget_usd()
    return cost, cash, min(cash, cover) >= least


def _lowest(instance: Instance, happened: PlanReplay) -> tuple[float, float]:
    """Return the least cash, and the least by which stock and cash cover the debt."""
    books = happened.books
    cash, cover = float(books.cash.min()), instance.financing.collateral_cover
    if cover is None:
        return cash, 0.0
    held = books.stock_value + books.cash
    return cash, float((held - cover * books.covered_debt).min())
