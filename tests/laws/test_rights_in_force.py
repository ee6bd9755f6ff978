"""Rights awarded before the start: held as they are, whatever a plan would award."""

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.content import canonical_json
from models.options import Method
from models.outcome import Outcome, Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.in_force.moved import moved_case
from optimizer.in_force.reserve_after import reserve_after
from optimizer.solve import solve_on
from tests import cases
from tests.cases import Case, changed
from tests.laws.test_moved_cases import from_period
from tests.laws.tiny_cases import EXACT, LOT_TONNES, SEEDS, tiny_case, tiny_scenarios
from tests.optimizer.vault_case import (
    PRICE,
    Changes,
    bans,
    offer,
    vault_case,
    vault_plan,
)

LAW = settings(max_examples=2, deadline=None, derandomize=True)
LOTS = st.lists(st.integers(1, 4).map(lambda x: x / 2), min_size=1, max_size=3)
BOTH = (Method.EXTENSIVE_FORM, Method.DECOMPOSITION)


def in_force(*tonnes: float, lots: int = 12, **terms: object) -> Changes:
    """Return the change to a case in which a right of 6 t is in force, lots of it."""
    stock = [
        cases.stock_lot(f"lot-{i}", x, material="alpha", right="right")
        for i, x in enumerate(tonnes)
    ]
    right: Case = {"offer": "right", "lots": lots, "sourcing": "ready"}
    return {
        "entitlement_offers+": offer(),
        "position": {"rights": [right | terms], "stock": stock},
    }


def told(plan: Plan) -> Case:
    """Return all of a plan but which case it is of."""
    found: Any = json.loads(canonical_json(plan))
    return {x: found[x] for x in found if x not in {"provenance", "seal"}}


def test_no_right_changes_nothing() -> None:
    """An empty list gives the same plan, to the last byte."""
    plans = [vault_plan(), vault_plan({"position": {"rights": []}})]
    assert canonical_json(plans[0]) == canonical_json(plans[1])


@LAW
@given(seed=SEEDS, drawn=st.sampled_from([0.0, 5.0, 20.0]))
def test_both_methods_hold_exactly_the_rights_in_force(seed: int, drawn: float) -> None:
    """Each in every plan, whole, with its lots, and at the same cost by both."""
    case = tiny_case(seed)
    price = case["materials"][0]["price_usd_per_tonne"]
    terms = offer(participant="o0", material="m0", minimum_lots=1, maximum_lots=4)
    terms |= {"id": "offer-m0", "inventory_price_usd_per_tonne": price}
    case["entitlement_offers"] = [terms]
    right: Case = {"offer": "offer-m0", "lots": 2, "drawn_tonnes": drawn}
    there = 2 * LOT_TONNES - drawn
    lot = cases.stock_lot("pile", there or 1.0, material="m0", right="offer-m0")
    case["position"] = {
        "rights": [right | {"sourcing": "ready"}],
        "stock": [lot] if there else [],
    }
    found = [by(method, case, seed) for method in BOTH]
    costs: list[float] = []
    for outcome in found:
        plan = outcome.plan
        assert outcome.termination is Termination.OPTIMAL
        assert plan is not None
        (held,) = [x for x in plan.tranches() if x.offer == "offer-m0"]
        assert (held.share, held.lots) == (1.0, 2)
        (award,) = [x for x in plan.awards if x.in_force is not None]
        assert award.in_force is not None
        assert award.offer == "offer-m0"
        assert award.in_force.held_tonnes == there
        assert award.upfront_fee_usd == 0
        costs.append(plan.promise.objective_usd)
    assert costs[0] == pytest.approx(costs[1], rel=EXACT)


def by(method: Method, case: Case, seed: int) -> Outcome:
    """Return the answer of a method on the scenarios of a seed."""
    instance = read_instance(changed(case, {"options.method": method}))
    return solve_on(instance, tiny_scenarios(instance, seed))


@LAW
@given(lots=LOTS)
def test_cutting_an_encumbered_lot_changes_nothing(lots: list[float]) -> None:
    """Its halves are the same stock."""
    halves = [x / 2 for x in lots for _ in range(2)]
    drawn = 6.0 - sum(lots)
    plans = [vault_plan(in_force(*some, drawn_tonnes=drawn)) for some in (lots, halves)]
    assert told(plans[0]) == told(plans[1])


def test_what_would_be_awarded_anyway_costs_no_more_in_force() -> None:
    """It is there, and needs no money that other stock could have."""
    free: Changes = {"entitlement_offers.0.upfront_fee_usd_per_tonne": 0.0}
    anew = vault_plan({"entitlement_offers+": offer()}, free)
    (award,) = anew.awards
    held = vault_plan(in_force(award.tonnes, lots=award.lots), free)
    (kept,) = held.awards
    assert (kept.lots, kept.tonnes) == (award.lots, award.tonnes)
    assert held.promise.objective_usd < anew.promise.objective_usd
    bought = [sum(x.cost_usd for x in plan.levels) for plan in (anew, held)]
    assert bought[0] == pytest.approx(15.0 * PRICE)
    assert bought[1] <= 15.0 * PRICE


def test_no_pool_takes_what_is_held_for_a_right() -> None:
    """Free stock beside it is what tranches can take, and no more."""
    held = cases.sourcing("held", is_held=True)
    free = cases.stock_lot("free", 3.0, material="alpha")
    plan = vault_plan(
        in_force(6.0),
        {"position.stock+": free, "sourcing_options+": held},
        {"financing.facilities": []},
    )
    (level,) = plan.levels
    assert [(x.lot, x.tonnes) for x in level.held] == [("free", 3.0)]
    assert (level.pool_tonnes, level.tonnes, level.cost_usd) == (3.0, 9.0, 0.0)
    found = plan.promise.cost_of_holding
    assert found is not None
    assert found.opening_stock_usd == pytest.approx(9.0 * PRICE)


def test_what_is_drawn_is_bought_back_by_the_right() -> None:
    """A sixth of 6 t a month while all is calm, and 600 dollars a tonne and year."""
    world: Changes = {
        "entitlement_offers.0.replenish_within_periods": 6,
        "financing.facilities": [],
        "financing.opening_cash_usd": 1e5,
        "levels_days_of_cover": [1],
        "rules": [cases.rule("nothing", 0.0)],
    }
    plan = vault_plan(in_force(4.0, drawn_tonnes=2.0), world)
    assert [x.tonnes for x in plan.tranches() if x.offer] == [6.0]
    (sentence,) = [x.text for x in plan.tranches() if x.offer]
    assert "The right is in force, and 4 t of it are there at the start" in sentence
    # 1 t in each of the first two months at 10,000 dollars, and the fees on 5 and 6 t.
    month = 30.4375 / 365.25
    cash = [period.lowest_cash_usd for period in plan.financing[:2]]
    assert cash[0] == pytest.approx(1e5 - PRICE + 5 * 600 * month)
    assert cash[1] == pytest.approx(1e5 - 2 * PRICE + 11 * 600 * month)


def test_fees_that_are_paid_are_not_charged_again() -> None:
    """Up to the first of March: the fees of two months, and of half a day more."""
    until: Changes = {"position.rights.0.fees_paid_until": "2026-03-01"}
    cash = [
        vault_plan(in_force(6.0), *more).financing[-1].expected_cash_usd
        for more in ((), (until,))
    ]
    # Nothing is drawn before, and the first two months have 60.875 days.
    assert cash[0] - cash[1] == pytest.approx(6 * 600 * 59 / 365.25)


@pytest.mark.parametrize("method", BOTH)
def test_a_conflict_with_a_right_in_force_is_named(method: Method) -> None:
    """The right, which is still to be bought, and the cash that is not there."""
    nothing: Changes = {"financing.facilities": [], "options.method": method}
    building = in_force(build_up_periods=2)
    case = changed(vault_case(), {**building, **nothing})
    instance = read_instance(case)
    outcome = solve_on(instance, bans(instance))
    assert outcome.termination is Termination.INFEASIBLE
    whole = "position.rights[right].lots = 12; a right in force is held whole"
    assert outcome.conflict[0] == f"one_policy[right:right]: {whole}"
    cash = "cash_nonnegative: cash may not fall below 0 (period"
    assert outcome.conflict[-1].startswith(cash)


@pytest.mark.parametrize(
    ("sourcing", "months"), [("ready", 4), ("slow", 1), ("slow", 2), ("slow", 4)]
)
def test_a_new_plan_goes_on_with_the_right_of_the_last_one(
    sourcing: str, months: int
) -> None:
    """It has what is left after the first months of a cut, or is half built up."""
    loan: Changes = {
        "financing.opening_cash_usd": 2e5,
        "sourcing_options": [cases.sourcing(sourcing, 2 * (sourcing == "slow"))],
    }
    rest = {"entitlement_offers+": offer(replenish_within_periods=2)}
    case = read_instance(changed(vault_case(), {**loan, **rest}))
    scenarios, plan = bans(case), vault_plan(loan, rest)
    decisions = decisions_of(case, plan)
    before = replay(case, scenarios, decisions)
    there = reserve_after(case, scenarios, decisions, before, w=1, periods=months)
    later = moved_case(case, there).case
    (right,) = later.position.rights
    assert (right.drawn_tonnes > 0) == (months == 4)
    assert right.build_up_periods == (sourcing == "slow" and months == 1)
    left = from_period(scenarios.select(slice(1, 2)), months)
    left = dataclasses.replace(left, probability=np.ones(1))
    made = solve_on(later, left).plan
    assert made is not None
    (award,) = made.awards
    assert (award.lots, award.in_force is not None) == (plan.awards[0].lots, True)
    found = replay(later, left, decisions_of(later, made))
    (now,) = [x.response for x in found.held if x.holding.offer]
    (then,) = [x.response for x in before.held if x.holding.offer]
    assert now.on_hand[0, 0] == pytest.approx(then.on_hand[0, 1, months:])
    assert now.cash_flow[0, 0] == pytest.approx(then.cash_flow[0, 1, months:])
