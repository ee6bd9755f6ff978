"""A level moves no further from that of the plan in force than it may."""

import pytest
from hypothesis import given, settings

from models.options import Method
from models.outcome import Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer.exchange.from_problem import whole_model
from optimizer.problem import complete_problem
from optimizer.solve import solve_on
from tests import cases
from tests.cases import Case, changed
from tests.laws.tiny_cases import (
    EXACT,
    LAW,
    LOT_TONNES,
    SEEDS,
    tiny_case,
    tiny_scenarios,
)
from tests.optimizer.vault_case import bans, vault_case, vault_plan


def near(tonnes: float, days: float) -> Case:
    """Return the changes by which the plan in force holds so much alpha.

    120 t of it are needed a year, so 10 days are 3.28 t; lots are of half a tonne.
    """
    levels = [{"material": "alpha", "tonnes": tonnes}]
    return {"position": {"levels": levels}, "options.level_change_cap_days": days}


@pytest.mark.parametrize(
    ("tonnes", "days", "expected"),
    [
        # 15 t, which the loan pays for, are wanted.
        (5.0, 10.0, 8.0),  # 5 + 3.28 t
        (5.0, 0.0, 5.0),
        (0.0, 3.0, 0.5),  # 0.98 t
        (16.0, 10.0, 15.0),
    ],
)
def test_a_level_rises_by_no_more_than_the_cap(
    tonnes: float, days: float, expected: float
) -> None:
    """As far as lots allow, and no further than is wanted."""
    (level,) = vault_plan(near(tonnes, days)).levels
    assert level.tonnes == pytest.approx(expected)


@pytest.mark.parametrize("method", [Method.EXTENSIVE_FORM, Method.DECOMPOSITION])
def test_a_level_falls_by_no_more_than_the_cap(method: Method) -> None:
    """Who loses nothing would hold nothing; 10 - 3.28 t are 7 t in whole lots."""
    free = {
        f"products.{p}.shortage_blocks.{i}.cost_usd_per_unit": 0.0
        for p in (0, 1)
        for i in (0, 1)
    }
    case = changed(vault_case(), near(10.0, 10.0) | free)
    case["options"]["method"] = method
    instance = read_instance(case)
    plan = solve_on(instance, bans(instance)).plan
    assert plan is not None
    assert plan.levels[0].tonnes == pytest.approx(7.0)


def test_a_level_that_cannot_be_kept_is_kept_as_far_as_it_is_there() -> None:
    """18 t are the level, but nothing is there of it; 15 t can be paid for."""
    instance = read_instance(changed(vault_case(), near(18.0, 0.0)))
    outcome = solve_on(instance, bans(instance))
    assert outcome.plan is not None
    assert outcome.plan.levels[0].tonnes == pytest.approx(15.0)
    (told,) = outcome.warnings
    assert told.startswith("15 t of alpha are held, and 18 t must be")


def test_a_level_that_has_no_room_is_a_conflict() -> None:
    """It is there, and may not be given up, but the store has become too small."""
    changes = {
        "position.stock": [cases.stock_lot("left", 18.0, material="alpha")],
        "sourcing_options+": cases.sourcing("held", is_held=True),
        "storage_classes.0.capacity_tonnes": 10.0,
    }
    case = changed(changed(vault_case(), near(18.0, 0.0)), changes)
    instance = read_instance(case)
    outcome = solve_on(instance, bans(instance))
    assert outcome.termination is Termination.INFEASIBLE
    text = "\n".join(outcome.conflict)
    assert "level_fall[alpha]: position.levels[alpha].tonnes = 18" in text
    assert "options.level_change_cap_days = 0 days of need" in text


def test_both_rows_are_in_the_program_that_is_exchanged() -> None:
    """Each with its one side."""
    instance = read_instance(changed(vault_case(), near(5.0, 10.0)))
    problem = complete_problem(instance, bans(instance))
    rows = whole_model(problem, is_relaxed=True).rows
    assert sum("level_rise" in name or "level_fall" in name for name in rows) == 2


def solved(case: Case, seed: int, method: Method) -> Plan:
    """Return the plan of a tiny case by a method."""
    options = case.get("options", {}) | {"method": method}
    instance = read_instance(case | {"options": options})
    plan = solve_on(instance, tiny_scenarios(instance, seed)).plan
    assert plan is not None
    return plan


@settings(LAW, max_examples=2)
@given(seed=SEEDS)
def test_a_looser_cap_never_costs_more_and_methods_agree(seed: int) -> None:
    """Half of each level is in force; a cap of a year of need is none."""
    case = tiny_case(seed)
    base = solved(case, seed, Method.EXTENSIVE_FORM)
    case["position"] = {"levels": halves(base)}
    costs: list[float] = []
    for days in (0.0, 20.0, 366.0):
        case["options"] = case.get("options", {}) | {"level_change_cap_days": days}
        plan = solved(case, seed, Method.EXTENSIVE_FORM)
        costs.append(plan.promise.objective_usd)
        if days == 20.0:
            other = solved(case, seed, Method.DECOMPOSITION).promise
            slack = EXACT * abs(costs[-1])
            assert other.lower_bound_usd <= costs[-1] + slack
            assert plan.promise.lower_bound_usd <= other.objective_usd + slack
    slack = EXACT * costs[0]
    assert costs[0] >= costs[1] - slack
    assert costs[1] >= costs[2] - slack
    assert costs[2] == pytest.approx(base.promise.objective_usd, rel=EXACT)


def halves(plan: Plan) -> list[dict[str, object]]:
    """Return half of each level, in whole lots."""
    return [
        {"material": x.material, "tonnes": x.tonnes // (2 * LOT_TONNES) * LOT_TONNES}
        for x in plan.levels
    ]
