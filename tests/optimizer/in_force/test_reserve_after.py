"""What a reserve is after a month, by hand arithmetic; what no position can state."""

from dataclasses import replace

import numpy as np
import pytest

from models.instance import Instance
from models.plan import Tranche
from models.reading import read_instance
from optimizer.evaluation.decisions import Decisions, PlanMismatchError, nothing_held
from optimizer.evaluation.replay import replay
from optimizer.in_force.decisions_in_force import decisions_in_force, in_force
from optimizer.in_force.money import NotInAPositionError
from optimizer.in_force.moved import moved_case
from optimizer.in_force.reserve_after import reserve_after
from optimizer.in_force.reserve_state import ReserveState
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place, written_plan

RIGHT = in_place(0.5, offer="right", participant="maker", lots=5, rule="entitlement")


def held(case: Instance, *tranches: Tranche) -> Decisions:
    """Return decisions of these tranches alone."""
    return replace(nothing_held(case), tranches=tranches)


def state_of(case: Instance, decisions: Decisions, periods: int = 2) -> ReserveState:
    """Return what is there after some months in the second of which China is cut."""
    scenarios = one_scenario(case, availability={"gallium-chn": [1, 0, 1, 1]})
    happened = replay(case, scenarios, decisions)
    return reserve_after(case, scenarios, decisions, happened, w=0, periods=periods)


def test_lots_rights_and_money_after_a_cut(tiny_case: Case) -> None:
    """Of 0.8 t that are missing the right gives 0.5 t, and the pool 0.8 t of 1 t."""
    tiny_case["entitlement_offers"] = [cases.offer()]
    tiny_case["financing"]["opening_cash_usd"] = 1e6
    tiny_case["storage_classes"][0]["notice_days"] = 10.0
    case = read_instance(tiny_case)
    state = state_of(case, held(case, in_place(1.0), RIGHT))
    pool = [lot for lot in state.stock if lot.tranche]
    notice = 10 / (365.25 / 12)
    left = 1 - 0.8 * (1 - notice)
    assert {x.mining_country: x.tonnes for x in pool} == pytest.approx(
        {"CHN": 0.8 * left, "DEU": 0.2 * left}
    )
    (right,) = state.rights
    assert (right.lots, right.drawn_tonnes) == (5, pytest.approx(0.5))
    assert not [lot for lot in state.stock if lot.right]
    assert [x.levels for x in state.alerts] == [(3,)]
    later = moved_case(case, state)
    assert later.case.horizon.start == case.horizon.start_of(2)
    assert later.case.financing.opening_cash_usd == pytest.approx(state.cash_usd)


def test_a_later_case_has_the_rest_of_the_plan(tiny_case: Case) -> None:
    """The document stays what it is; the case says how many periods have passed."""
    tiny_case["financing"]["opening_cash_usd"] = 1e6
    case = read_instance(tiny_case)
    plan = written_plan(case, in_place(1.0))
    now = decisions_in_force(case, plan)
    assert now.tranches == plan.tranches()
    later = moved_case(case, state_of(case, now)).case
    found = decisions_in_force(later, plan)
    assert found.draws.shape == (2, 2)
    (tranche,) = found.tranches
    assert tranche.build_up_start_period == -2
    assert found.tranches == in_force(later, now, 2).tranches


def test_a_lot_of_another_plan_is_named(tiny_case: Case) -> None:
    """A tranche that the plan does not have."""
    tiny_case["financing"]["opening_cash_usd"] = 1e6
    case = read_instance(tiny_case)
    later = moved_case(case, state_of(case, held(case, in_place(1.0)))).case
    other = written_plan(case, in_place(1.0, rule="other"))
    with pytest.raises(PlanMismatchError, match="gallium/immediate/in-place/60"):
        decisions_in_force(later, other)


def test_a_right_that_the_plan_never_had_is_named(tiny_case: Case) -> None:
    """What is there for it would be lost where nobody holds it."""
    tiny_case["financing"]["opening_cash_usd"] = 1e6
    tiny_case["entitlement_offers"] = [cases.offer()]
    case = read_instance(tiny_case)
    later = moved_case(case, state_of(case, held(case, in_place(1.0)))).case
    raw = later.model_dump(mode="json")
    right = {"offer": "right", "lots": 5, "sourcing": "in-place"}
    raw["position"]["rights"] = [right | {"drawn_tonnes": 0.5}]
    awarded = read_instance(raw)
    plan = written_plan(case, in_place(1.0))
    assert decisions_in_force(later, plan).tranches
    with pytest.raises(PlanMismatchError, match="5 lots by in-place, in force"):
        decisions_in_force(awarded, plan)


def test_who_buys_in_other_proportions_is_told(tiny_case: Case) -> None:
    """Germany closes in the third month: all is then bought in China."""
    tiny_case["financing"]["opening_cash_usd"] = 1e6
    plain = read_instance(tiny_case)
    assert not moved_case(plain, state_of(plain, held(plain, in_place(1.0)))).notes
    points = [{"period": 1, "value": 1.0}, {"period": 2, "value": 0.0}]
    tiny_case["routes"][1]["ramp"] = points
    case = read_instance(tiny_case)
    later = moved_case(case, state_of(case, held(case, in_place(1.0))))
    (note,) = later.notes
    assert note == (
        "From 2026-03-01 on sourcing option in-place buys gallium over gallium-chn "
        "(1), not over gallium-chn (0.8), gallium-deu (0.2)."
    )


def test_missing_cash_is_in_no_position(tiny_case: Case) -> None:
    """1 t costs 500,000, and there is nothing."""
    case = read_instance(tiny_case)
    with pytest.raises(NotInAPositionError, match="cash is -500,0"):
        state_of(case, held(case, in_place(1.0)), periods=1)


def test_two_ways_to_pay_back_are_in_no_position(tiny_case: Case) -> None:
    """What the loan lent before is paid back now, what it lends at the end."""
    debt = {"facility": "loan", "drawn_usd": 1e3}
    terms = {"repayment_start_period": 1, "number_of_instalments": 3}
    tiny_case["financing"]["opening_cash_usd"] = 1e6
    case = read_instance(tiny_case | {"position": {"debt": [debt | terms]}})
    decisions = replace(nothing_held(case), draws=np.full((2, 4), 1e4))
    with pytest.raises(NotInAPositionError, match="loan"):
        state_of(case, decisions)
