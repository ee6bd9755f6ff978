"""From a case to an answer: a checked plan, or why there is none."""

import sys
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer import PlanRejectedError, SolveCallbacks, solve
from optimizer.checked_plan import accept, proven
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.feasibility import Quantities
from optimizer.first_stage.incumbent import SolveResult, infeasible, unsolved
from optimizer.highs import Status
from optimizer.point import Point
from optimizer.solve import solve_on
from optimizer.solve_run import SolveRun
from service.casefiles import load
from tests.optimizer.vault_case import Changes, bans, changed, vault_case

UNTRUE_POINT = Point(
    shares=(np.array([0.0, 1.0]),),
    signed=np.zeros(0),
    draws=np.zeros((1, 6)),
    expected_cost_usd=1.0,
    objective_usd=1.0,
)


def vault(**changes: object) -> Instance:
    """Return the vault case with values by path, dots written as two underscores."""
    paths: Changes = {path.replace("__", "."): x for path, x in changes.items()}
    return read_instance(changed(vault_case(), paths))


def answer(instance: Instance) -> Outcome:
    """Return the answer on the bans."""
    return solve_on(instance, bans(instance))


def limits(outcome: Outcome) -> set[str]:
    """Return the names of the limits in conflict, without their sentences."""
    return {text.split(": ")[0] for text in outcome.conflict}


def test_a_cover_that_cannot_be_paid_is_a_conflict() -> None:
    """60 days cost 200,000 dollars; the limits in conflict are named."""
    outcome = answer(vault(materials__0__minimum_days_of_cover=60.0))
    assert outcome.termination is Termination.INFEASIBLE
    assert outcome.plan is None
    assert {"minimum_cover[alpha]", "draw_limit[loan]"} <= limits(outcome)


def test_a_cover_that_does_not_fit_is_a_conflict() -> None:
    """30 days are 9.9 t, and 5 t fit in; money is no part of it."""
    outcome = answer(
        vault(
            materials__0__minimum_days_of_cover=30.0,
            storage_classes__0__capacity_tonnes=5.0,
        )
    )
    assert outcome.termination is Termination.INFEASIBLE
    assert limits(outcome) == {"minimum_cover[alpha]", "storage_capacity[dry]"}


@pytest.mark.parametrize(
    "changes",
    [{"financing__facilities__0__limit_usd": 0.0}, {"financing__facilities": []}],
    ids=["a limit of 0", "no facility"],
)
def test_without_money_the_plan_holds_nothing(changes: dict[str, object]) -> None:
    """The plan is valid and promises the cost without vault."""
    outcome = answer(vault(**changes))
    assert outcome.termination is Termination.OPTIMAL
    plan = outcome.plan
    assert plan is not None
    assert plan.tranches() == ()
    assert plan.promise.budget_usd == plan.promise.budget_used_usd == 0
    assert plan.promise.objective_usd == plan.promise.cost_without_vault_usd > 0
    assert plan.promise.budget_shadow_price is None
    assert [level.tonnes for level in plan.levels] == [0]


def test_a_commitment_fee_that_nothing_pays_is_a_conflict() -> None:
    """A loan that may be drawn from the second month on costs in the first."""
    outcome = answer(
        vault(
            financing__facilities__0__first_draw_period=1,
            financing__facilities__0__commitment_fee_per_year=0.01,
        )
    )
    assert outcome.termination is Termination.INFEASIBLE
    assert "cash_nonnegative" in limits(outcome)


def test_where_nothing_happens_nothing_is_lost() -> None:
    """Without an event every cost is 0 and the answer is optimal."""
    outcome = solve(vault(options__number_of_scenarios=2))
    assert outcome.termination is Termination.OPTIMAL
    assert outcome.plan is not None
    assert outcome.plan.promise.objective_usd == 0
    assert outcome.plan.tranches() == ()


def ticking(seconds: float) -> Iterator[float]:
    """Yield the times of a clock that advances by `seconds` at each read."""
    return (seconds * i for i in range(10_000))


def test_without_time_there_is_no_plan() -> None:
    """When time is up before anything is simulated, the answer is TIME_LIMIT."""
    case = dict(load("two_materials"))
    clock = ticking(3600.0)
    outcome = solve(read_instance(case), clock=lambda: next(clock))
    assert outcome.termination is Termination.TIME_LIMIT
    assert outcome.plan is None
    assert outcome.conflict == ()
    assert outcome.log[-1].stage == "no plan"


@pytest.mark.parametrize(
    "end",
    [
        infeasible(("draw_limit[loan]: not even nothing",)),
        unsolved(Status.FAILED),
        SolveResult(Termination.OPTIMAL, UNTRUE_POINT, 1.0, None),
    ],
    ids=["a false conflict", "no point", "a point that the check refuses"],
)
def test_a_program_that_errs_ends_with_nothing_bought(
    end: SolveResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits allow it, so no error of digits leaves the case without a plan."""

    def ended(*_: object) -> SolveResult:
        return end

    module = sys.modules[SolveRun.__module__]
    monkeypatch.setattr(module, "solve_whole_menus", ended)
    outcome = answer(vault())
    assert outcome.termination is Termination.NUMERICAL
    assert outcome.plan is not None
    assert outcome.plan.tranches() == ()
    assert outcome.conflict == ()
    # A refused point is said with its reason, although another plan stands in for it.
    said = [x.message for x in outcome.log if x.stage == "refused"]
    assert len(said) == (end.incumbent is not None)
    assert all(said)


def test_progress_is_reported_as_it_is_logged() -> None:
    """Every record of the log was reported once, in order."""
    records: list[ProgressRecord] = []
    instance = read_instance(load("two_materials"))
    outcome = solve(instance, callbacks=SolveCallbacks(on_progress=records.append))
    assert tuple(records) == outcome.log


def test_progress_is_in_order() -> None:
    """Time goes on, bounds close in, and the check comes last."""
    clock = ticking(0.01)
    instance = read_instance(load("two_materials"))
    log = solve(instance, clock=lambda: next(clock)).log
    assert [r.stage for r in log[:3]] == ["scenarios", "method", "relaxation"]
    assert log[-1].stage == "checked"
    assert all(a.seconds < b.seconds for a, b in pairwise(log))
    lower = [r.lower_bound_usd for r in log if r.lower_bound_usd is not None]
    upper = [r.upper_bound_usd for r in log if r.upper_bound_usd is not None]
    assert lower == sorted(lower)
    assert upper
    assert all(
        low <= high for low, high in zip(lower[-len(upper) :], upper, strict=True)
    )


def falsified(plan: Plan, part: str, **values: float) -> Plan:
    """Return a plan with some figures of its promise or first level replaced."""
    if part == "promise":
        changed_promise = plan.promise.model_copy(update=values)
        return plan.model_copy(update={"promise": changed_promise})
    level = plan.levels[0].model_copy(update=values)
    return plan.model_copy(update={"levels": (level, *plan.levels[1:])})


@pytest.mark.parametrize(
    ("part", "figure", "factor", "message"),
    [
        # Two millionths less than the replay counts: twice the tolerance.
        ("promise", "expected_shortage_cost_usd", 1 - 2e-6, "expected the simulated"),
        ("promise", "simulated_shortage_cost_usd", 1.01, "expected the simulated"),
        ("promise", "objective_usd", 0.99, "objective"),
        ("level", "tonnes", 1.1, "alpha"),
    ],
)
def test_false_plans_fail(part: str, figure: str, factor: float, message: str) -> None:
    """A figure that replay or check do not find ends in PlanRejectedError."""
    instance = vault()
    scenarios = bans(instance)
    plan = solve_on(instance, scenarios).plan
    assert plan is not None
    allocation = replay(instance, scenarios, decisions_of(instance, plan)).allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    accept(instance, scenarios, plan, quantities)
    true = plan.promise if part == "promise" else plan.levels[0]
    false = falsified(plan, part, **{figure: factor * getattr(true, figure)})
    with pytest.raises(PlanRejectedError, match=message):
        accept(instance, scenarios, false, quantities)


def test_a_bound_above_the_cost_is_no_proof() -> None:
    """Bounds that cross by more than the solver's digits end in PlanRejectedError."""
    assert proven(1e9 + 500.0, 1e9, 2e9) == 1e9
    assert proven(9e8, 1e9, 2e9) == 9e8
    for crossed in (1e9 + 2_000.0, float("nan")):
        with pytest.raises(PlanRejectedError, match="lower bound"):
            proven(crossed, 1e9, 2e9)


def test_the_financing_of_the_plan_is_what_the_replay_pays() -> None:
    """Lowest and expected cash are those of the replay, by period."""
    instance = vault()
    scenarios = bans(instance)
    plan = solve_on(instance, scenarios).plan
    assert plan is not None
    cash = replay(instance, scenarios, decisions_of(instance, plan)).cash
    lowest = [period.lowest_cash_usd for period in plan.financing]
    expected = [period.expected_cash_usd for period in plan.financing]
    np.testing.assert_allclose(lowest, cash.min(axis=0), atol=1e-6)
    np.testing.assert_allclose(expected, scenarios.probability @ cash, atol=1e-6)
