"""A lot less than a refused point: the cheapest one that the check accepts."""

import numpy as np
import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.fewer_lots import plan_of_fewer_lots
from optimizer.point import Point
from optimizer.problem import FirstStageProblem, first_stage_problem, recourse_of
from optimizer.solve import planning_scenarios
from service.casefiles import load
from tests.cases import changed
from tests.optimizer.vault_case import bans, offer, vault_case

OPTIMUM_USD = 2.25e6
LOT_OF_ALPHA_USD = 20_000.0  # half of 40,000 dollars: the cut is as likely as not


def problem_of(budget_usd: float) -> FirstStageProblem:
    """Return the hand-worked case with a budget."""
    changes = {"financing.facilities.0.limit_usd": budget_usd}
    instance: Instance = read_instance(changed(dict(load("two_materials")), changes))
    return first_stage_problem(instance, planning_scenarios(instance))


def all_of_alpha(problem: FirstStageProblem) -> Point:
    """Return 100 lots of alpha and 25 of beta, which cost 1.5 million dollars."""
    shares: list[np.ndarray] = []
    for menu, tonnes in zip(problem.menus, (100.0, 25.0), strict=True):
        shares.append((np.abs(menu.policies.target - tonnes) < 1e-6).astype(float))
    draws = np.zeros((1, 2))
    return Point(tuple(shares), np.zeros(0), draws, OPTIMUM_USD, OPTIMUM_USD)


def fewer(problem: FirstStageProblem) -> Plan | None:
    """Return the plan of a lot less."""
    recourse = recourse_of(problem)
    return plan_of_fewer_lots(problem, recourse, all_of_alpha(problem), "decomposition")


def test_the_cheaper_lot_goes() -> None:
    """A lot of alpha is worth less than one of beta."""
    problem = problem_of(1.5e6 - 100.0)
    plan = fewer(problem)
    assert plan is not None
    assert [x.lots for x in plan.levels] == [99, 25]
    expected = OPTIMUM_USD + LOT_OF_ALPHA_USD
    assert plan.promise.objective_usd == pytest.approx(expected)


def test_a_right_in_force_does_not_go() -> None:
    """The pool has a lot less, or there is no plan."""
    right = {"offer": "right", "lots": 12, "drawn_tonnes": 6.0, "sourcing": "ready"}
    rest = {"entitlement_offers+": offer(), "position": {"rights": [right]}}
    instance = read_instance(changed(vault_case(), rest))
    problem = first_stage_problem(instance, bans(instance))
    recourse, cost = recourse_of(problem), 1e7
    for lots in (1, 0):
        shares = [np.zeros(len(menu.candidates)) for menu in problem.menus]
        shares[0][0] = lots * 0.5 / problem.menus[0].policies.target[0]
        shares[1][0] = 1.0
        point = Point(tuple(shares), np.zeros(0), np.zeros((1, 6)), cost, cost)
        plan = plan_of_fewer_lots(problem, recourse, point, "decomposition")
        assert (plan is None) == (lots == 0)
        assert plan is None or [x.offer for x in plan.tranches()] == ["right"]


def test_a_lot_may_not_be_enough() -> None:
    """Half of the budget is far more than a lot away."""
    problem = problem_of(0.75e6)
    assert fewer(problem) is None
