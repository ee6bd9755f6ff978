"""A plan of before, followed in another case: what it costs more, what it breaks.

In a case that is some periods later it goes on from what its reserve is then.
"""

from collections.abc import Iterator
from concurrent.futures import Executor

from models.instance import Instance
from models.plan import Plan
from models.plan_comparison import KeptPlan
from optimizer.cash_rule import stack_of
from optimizer.evaluation.books import Books
from optimizer.evaluation.chunks import executors_for
from optimizer.evaluation.decisions import Decisions, PlanMismatchError
from optimizer.evaluation.evaluate import compared, difference
from optimizer.evaluation.followed_scenarios import (
    fresh_scenarios,
    one_batch,
    scenarios_of_plan,
)
from optimizer.evaluation.objective import objective_of_replay
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.feasibility import Quantities, Violation, check_by_part
from optimizer.feasibility.tolerances import LIMIT
from optimizer.feasibility.violation import at_least, at_most
from optimizer.in_force.decisions_in_force import decisions_in_force
from optimizer.scenarios.scenario_set import ScenarioSet

PARTS_WITH_LIMITS = ("form", "limits", "financing")


def keep(  # noqa: PLR0913 - each is a choice of the caller
    case: Instance,
    plan: Plan,
    kept: Plan,
    *,
    periods_later: int,
    number_of_scenarios: int,
    seed: int,
    given: ScenarioSet | None = None,
    executors: tuple[Executor, ...] | None = None,
) -> KeptPlan:
    """Return what keeping a plan costs more than the plan made for the case.

    On the planning scenarios of the plan, with the limits that it breaks there, and on
    fresh ones, or on given ones instead. Raises PlanMismatchError if it does not fit
    the case.
    """
    decisions = kept_decisions(case, kept, periods_later)
    is_for_drawn = plan.provenance.scenarios_hash is None
    scenarios = scenarios_of_plan(case, plan, None if is_for_drawn else given)
    happened = replay(case, scenarios, decisions)
    objective = objective_of_replay(case, happened, scenarios.probability)
    broken = (
        _broken_money(case, happened.books)
        if periods_later
        else _broken(case, scenarios, kept, happened)
    )
    promise = plan.promise
    drawn = (
        fresh_scenarios(case, number_of_scenarios, seed).drawn
        if given is None
        else one_batch(given)
    )
    number_of_scenarios = drawn.scenarios.number_of_scenarios
    own = decisions_in_force(case, plan)
    with executors_for(number_of_scenarios, executors) as opened:
        found, other = (
            compared(case, drawn.scenarios, x, opened) for x in (own, decisions)
        )
    return KeptPlan(
        objective_usd=objective,
        dearer_usd=objective - promise.objective_usd,
        gap_usd=max(promise.objective_usd - promise.lower_bound_usd, 0.0),
        broken_limits=tuple(str(violation) for violation in broken),
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        scenarios_hash=None if given is None else given.file_hash,
        fresh=difference(drawn, kept, found, other),
    )


def kept_decisions(case: Instance, kept: Plan, periods_later: int) -> Decisions:
    """Return the decisions of a plan in a case that starts some periods later.

    Raises PlanMismatchError if it was not made for all periods that are left, if it
    names what the case does not have, or if nothing says what its tranches hold.
    """
    periods, left = len(kept.financing), case.horizon.number_of_periods
    if periods - periods_later != left:
        later = f", {periods_later} of them passed" if periods_later else ""
        raise PlanMismatchError(
            found=f"the plan has {periods} periods{later}",
            expected=f"{left} left as in the case",
        )
    stock = (*case.position.stock, *case.position.purchases)
    if periods_later and stock and not any(lot.tranche for lot in stock):
        raise PlanMismatchError(
            found="no lot of position.stock names a tranche",
            expected="lots that say which tranche of the plan holds them",
        )
    return decisions_in_force(case, kept)


def _broken(
    case: Instance, scenarios: ScenarioSet, kept: Plan, happened: PlanReplay
) -> Iterator[Violation]:
    """Yield the limits that a plan as printed breaks.

    What it states of itself was true of the case that it was made for, and is no limit.
    """
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    found = check_by_part(case, scenarios, kept, quantities)
    for part in PARTS_WITH_LIMITS:
        for violation in found.get(part, ()):
            if part == "form" or violation.relation != "exactly":
                yield violation


def _broken_money(case: Instance, books: Books) -> Iterator[Violation]:
    """Yield the limits on money that a plan in force breaks, all scenarios together."""
    financing, stack = case.financing, stack_of(case)
    slack = LIMIT * financing.budget_usd()
    if stack is not None:
        most, drawn = stack.most_usd, float(books.level.max())
        yield from at_most("draw_limit", "by the cash rule", drawn, most, slack)
    where, cover = "all scenarios", financing.collateral_cover
    yield from at_least("cash_nonnegative", where, float(books.cash.min()), 0.0, slack)
    if cover is not None:
        room = books.stock_value + books.cash - cover * books.covered_debt
        yield from at_least("collateral", where, float(room.min()), 0.0, slack)
