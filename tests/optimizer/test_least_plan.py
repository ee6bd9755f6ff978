"""Whatever a program finds, a case whose limits allow it has a checked plan."""

import numpy as np
import pytest

from models.options import Method
from models.plan import Plan
from models.reading import read_instance
from optimizer.least_plan import least_plan, plan_of
from optimizer.point import Point
from optimizer.problem import FirstStageProblem, first_stage_problem, recourse_of
from optimizer.solve import planning_scenarios, solve_on
from service.casefiles import load
from tests import cases
from tests.optimizer.one_scenario import one_scenario
from tests.optimizer.vault_case import Changes, bans, changed, offer, vault_case


def least_of(problem: FirstStageProblem) -> Plan | None:
    """Return the least plan of a problem."""
    return least_plan(problem, recourse_of(problem), "extensive form")


def least(changes: Changes) -> Plan | None:
    """Return the least plan of the vault case after some changes."""
    instance = read_instance(changed(vault_case(), changes))
    return least_of(first_stage_problem(instance, bans(instance)))


def test_without_a_minimum_nothing_is_bought() -> None:
    """The cost is that without vault, the bound is 0 and no money is drawn."""
    plan = least({})
    assert plan is not None
    assert plan.tranches() == ()
    promise = plan.promise
    assert promise.objective_usd == promise.cost_without_vault_usd > 0
    assert (promise.lower_bound_usd, promise.gap) == (0, 1)
    assert promise.budget_used_usd == 0


def test_a_tail_counts_by_its_weight() -> None:
    """With CVaR the objective is above the expected cost."""
    plan = least({"options.cvar_weight": 0.5})
    assert plan is not None
    promise = plan.promise
    mean = (promise.expected_shortage_cost_usd + promise.cvar_usd) / 2
    assert promise.objective_usd == pytest.approx(mean)
    assert promise.objective_usd > promise.expected_shortage_cost_usd


@pytest.mark.parametrize("days", [0.5, 30.0, 31.0, 45.0])
def test_a_minimum_cover_is_bought_in_whole_lots(days: float) -> None:
    """As few lots as keep it: 0.3285 t a day are needed, a lot is 0.5 t."""
    plan = least({"materials.0.minimum_days_of_cover": days})
    assert plan is not None
    need = 120.0 / 365.25
    assert plan.levels[0].lots == np.ceil(days * need / 0.5)
    assert plan.promise.objective_usd < plan.promise.cost_without_vault_usd
    assert plan.promise.budget_used_usd > 0


IN_FORCE: Changes = {
    "entitlement_offers+": offer(),
    "position": {
        "rights": [
            {"offer": "right", "lots": 12, "drawn_tonnes": 2.0, "sourcing": "ready"}
        ],
        "stock": [cases.stock_lot("lot", 4.0, material="alpha", right="right")],
    },
}


@pytest.mark.parametrize(("days", "pool_lots"), [(0.0, 0), (30.0, 8)])
def test_rights_in_force_are_held_at_least(days: float, pool_lots: int) -> None:
    """Their tonnes count in a cover of 9.86 t, and 2 t of them are bought back."""
    plan = least({**IN_FORCE, "materials.0.minimum_days_of_cover": days})
    assert plan is not None
    assert sum(x.lots for x in plan.tranches() if x.offer is None) == pool_lots
    assert [x.lots for x in plan.tranches() if x.offer] == [12]
    assert plan.promise.objective_usd < plan.promise.cost_without_vault_usd


def test_what_cannot_be_paid_for_is_no_right_in_force() -> None:
    """30 lots and the refill of a right cost too much: the pool has fewer lots."""
    instance = read_instance(changed(vault_case(), IN_FORCE))
    problem = first_stage_problem(instance, bans(instance))
    shares = [np.zeros(len(menu.candidates)) for menu in problem.menus]
    shares[0][-1], shares[1][0] = 30 * 0.5 / problem.menus[0].policies.target[-1], 1.0
    point = Point(tuple(shares), np.zeros(0), np.zeros((1, 6)), np.nan, np.nan)
    plan = plan_of(problem, recourse_of(problem), point, "decomposition", 1e7)
    assert [x.lots for x in plan.tranches() if x.offer] == [12]
    (pool,) = [x.lots for x in plan.tranches() if x.offer is None]
    assert 20 <= pool < 30


def test_a_cover_above_all_levels_has_no_plan() -> None:
    """The highest level is 60 days."""
    assert least({"materials.0.minimum_days_of_cover": 61.0}) is None


def test_a_cover_that_nothing_pays_has_no_plan() -> None:
    """60 days cost 200,000 dollars; the loan is of 150,000."""
    assert least({"materials.0.minimum_days_of_cover": 60.0}) is None


def test_a_fee_is_paid_by_a_draw() -> None:
    """Holding nothing costs a commitment fee, which the loan itself pays."""
    fee = {"financing.facilities.0.commitment_fee_per_year": 0.01}
    plan = least(fee)
    assert plan is not None
    assert plan.tranches() == ()
    assert plan.promise.budget_used_usd > 0


def test_a_fee_that_nothing_pays_leaves_no_plan() -> None:
    """The loan may be drawn from the second month on and costs in the first."""
    facility = "financing.facilities.0"
    assert (
        least(
            {
                f"{facility}.first_draw_period": 1,
                f"{facility}.commitment_fee_per_year": 0.01,
            }
        )
        is None
    )


def test_covers_of_several_materials_are_kept() -> None:
    """Each material has the days that it must have, within one budget."""
    covers = {f"materials.{m}.minimum_days_of_cover": 20.0 for m in range(2)}
    instance = read_instance(changed(dict(load("two_materials")), covers))
    problem = first_stage_problem(instance, planning_scenarios(instance))
    plan = least_of(problem)
    assert plan is not None
    assert all(level.days_of_cover >= 20 for level in plan.levels)


@pytest.mark.parametrize("method", [Method.EXTENSIVE_FORM, Method.DECOMPOSITION])
def test_where_nothing_is_ever_short_nothing_is_held(method: Method) -> None:
    """No cost is avoided, and what it costs to hold counts: the gap is none."""
    options = {"options.cost_of_holding_weight": 0.5, "options.method": method.value}
    instance = read_instance(changed(vault_case(), options))
    plan = solve_on(instance, one_scenario(instance)).plan
    assert plan is not None
    assert (plan.promise.objective_usd, plan.promise.gap) == (0.0, 0.0)
