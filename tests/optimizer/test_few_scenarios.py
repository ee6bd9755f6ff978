"""Where time is short for all scenarios, few give a plan that is checked in all."""

import pytest

from models.outcome import Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer import SolveCallbacks, few_scenarios, solve
from optimizer.checked_plan import accept
from optimizer.deadline import NEVER
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.feasibility import Quantities
from optimizer.few_scenarios import is_short, plan_from_few, point_from_few
from optimizer.problem import first_stage_problem, recourse_of
from optimizer.solve import planning_scenarios
from optimizer.solve_deadlines import SolveDeadlines
from service.casefiles import load
from tests.optimizer.vault_case import changed

CASE = read_instance(
    changed(
        dict(load("magnets")),
        {"options.number_of_scenarios": 40, "options.gap": 0.15},
    )
)


def test_the_plan_is_checked_in_all_scenarios() -> None:
    """It holds something, costs less than no vault, and proves nothing."""
    scenarios = planning_scenarios(CASE)
    problem = first_stage_problem(CASE, scenarios)
    deadlines = SolveDeadlines(NEVER, 1.0)
    plan = plan_from_few(problem, recourse_of(problem), deadlines, "decomposition", 1e9)
    assert plan is not None
    assert plan.tranches()
    assert plan.provenance.number_of_scenarios == 40
    assert plan.promise.lower_bound_usd == 0
    happened = replay(CASE, scenarios, decisions_of(CASE, plan))
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    accept(CASE, scenarios, plan, quantities)


def test_levels_that_are_eased_are_eased_for_few() -> None:
    """Of a cover of 1000 days there is nothing, and a plan from few is found."""
    covers = {
        f"materials.{m}.minimum_days_of_cover": 1000.0
        for m in range(len(CASE.materials))
    }
    case = read_instance(changed(CASE.model_dump(mode="json"), covers))
    scenarios = planning_scenarios(case).select(slice(0, 40))
    bare = first_stage_problem(case, scenarios)
    assert point_from_few(bare, NEVER) is None
    problem = first_stage_problem(case, scenarios, eases_levels=True)
    assert point_from_few(problem, NEVER) is not None


def test_time_is_short_by_the_time_of_a_check() -> None:
    """A tenth of a second for a check means two for a method; few are never short."""
    problem = first_stage_problem(CASE, planning_scenarios(CASE))
    assert is_short(problem, 1.9, 0.1)
    assert not is_short(problem, 2.1, 0.1)
    few = first_stage_problem(CASE, planning_scenarios(CASE).select(slice(0, 39)))
    assert not is_short(few, 1.9, 0.1)


def test_the_solve_reports_it_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where checks count as long, it comes before any plan of the method's own."""
    monkeypatch.setattr(few_scenarios, "CHECKS_FOR_ALL", 1e9)
    told: list[Plan] = []
    outcome = solve(CASE, callbacks=SolveCallbacks(on_incumbent=told.append))
    stages = [record.stage for record in outcome.log]
    assert stages.index("few scenarios") < stages.index("relaxation")
    assert told[0].promise.lower_bound_usd == 0
    assert outcome.termination is Termination.GAP_REACHED
    assert outcome.plan is not None
    assert (
        outcome.plan.promise.objective_usd
        <= told[0].promise.objective_usd
        < told[0].promise.cost_without_vault_usd
    )
