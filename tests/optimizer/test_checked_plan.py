"""A point is shown as a plan only if its replay costs what it promises."""

from dataclasses import replace

import numpy as np
import pytest

from models.reading import read_instance
from optimizer import explain, solve
from optimizer.checked_plan import Bound, PlanRejectedError, checked_plan
from optimizer.deadline import Deadline
from optimizer.extensive_form import solve_extensive_form
from optimizer.first_stage.incumbent import SolveResult
from optimizer.point import Point, among
from optimizer.problem import CompleteProblem, complete_problem, first_stage_problem
from optimizer.progress import ProgressLog
from service.casefiles import load
from tests.optimizer.vault_case import Changes, bans, changed, vault_case

BOUND = Bound(0.0, None, "extensive form")


def problem_of(changes: Changes) -> CompleteProblem:
    """Return the vault case after some changes, with all responses."""
    instance = read_instance(changed(vault_case(), changes))
    return complete_problem(instance, bans(instance))


def solved(changes: Changes) -> tuple[CompleteProblem, Point, SolveResult]:
    """Return a problem and its best point."""
    problem = problem_of(changes)
    found = solve_extensive_form(problem, Deadline.after(60.0), ProgressLog())
    assert found.incumbent is not None
    return problem, found.incumbent, found


def test_a_true_point_becomes_a_plan() -> None:
    """With the point's cost and the bound that was proved."""
    problem, point, found = solved({})
    plan = checked_plan(
        problem, point, Bound(found.lower_bound_usd, 2.0, "extensive form")
    )
    assert plan.promise.objective_usd == point.objective_usd
    assert plan.promise.expected_shortage_cost_usd == point.expected_cost_usd
    assert plan.promise.lower_bound_usd <= point.objective_usd
    assert plan.promise.budget_shadow_price == 2.0
    assert plan.tranches()


def test_responses_need_not_be_there() -> None:
    """The plan of the outline is the plan of the whole problem."""
    problem, point, _ = solved({})
    bare = first_stage_problem(problem.instance, problem.scenarios)
    sizes = [len(menu.candidates) for menu in bare.menus]
    assert sizes == [len(share) for share in point.shares]
    assert checked_plan(bare, point, BOUND) == checked_plan(problem, point, BOUND)


@pytest.mark.parametrize("factor", [1 - 1e-5, 1 + 1e-5, 0.0])
def test_a_false_expected_cost_is_rejected(factor: float) -> None:
    """The replay counts another one."""
    problem, point, _ = solved({})
    false = replace(point, expected_cost_usd=factor * point.expected_cost_usd)
    with pytest.raises(PlanRejectedError, match="expected the simulated"):
        checked_plan(problem, false, BOUND)


@pytest.mark.parametrize("factor", [0.99, 1.01])
@pytest.mark.parametrize("risk", [0.0, 0.5])
def test_a_false_objective_is_rejected(risk: float, factor: float) -> None:
    """The check recomputes it from all shortages, with and without CVaR."""
    problem, point, _ = solved({"options.cvar_weight": risk})
    false = replace(point, objective_usd=factor * point.objective_usd)
    with pytest.raises(PlanRejectedError):
        checked_plan(problem, false, BOUND)


def test_shares_that_cost_more_than_they_say_are_rejected() -> None:
    """A point that holds nothing at the cost of one that does."""
    problem, point, _ = solved({})
    empty = tuple(np.zeros_like(share) for share in point.shares)
    with pytest.raises(PlanRejectedError):
        checked_plan(problem, replace(point, shares=empty), BOUND)


def test_a_bound_above_the_cost_is_rejected() -> None:
    """It cannot have been proved."""
    problem, point, _ = solved({})
    above = Bound(1.01 * point.objective_usd, None, "extensive form")
    with pytest.raises(PlanRejectedError, match="lower bound"):
        checked_plan(problem, point, above)


def test_a_point_among_few_candidates_keeps_the_rest() -> None:
    """Only shares are left out, in the order of the candidates."""
    problem, point, _ = solved({})
    name = problem.holdings[0].name
    few = among(problem, point, {name: np.array([1])})
    assert few.shares[0].tolist() == [point.shares[0][1]]
    assert few.objective_usd == point.objective_usd
    assert few.draws is point.draws


def test_next_to_no_money_is_no_difference() -> None:
    """Digits of a solver that counts in millions are worth less than a cent."""
    raw = dict(load("two_materials"))
    losses = {f"products.{p}.shortage_blocks.0.cost_usd_per_unit": 1e-9 for p in (0, 1)}
    found = solve(read_instance(changed(raw, losses)))
    assert found.plan is not None
    assert found.plan.promise.objective_usd < 0.01
    assert explain(read_instance(changed(raw, losses)), found.plan, factors=(1.0,))
