"""Lower prices, a default and no floors: by hand on one material and one right."""

from typing import Any

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import keep_books, replay
from optimizer.evaluation.stress import (
    Stress,
    largest_right_holder,
    nearly_drawn,
    stressed,
    stresses,
)
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place

PRICE = 500_000.0
STORAGE = 200 / 12
CHINA_CUT = {"gallium-chn": [1, 0, 0, 1]}
OFFER = cases.offer(repurchase_period=3)


def draws(case: Case, *first: float) -> np.ndarray[Any, Any]:
    """Return what is drawn from the first facility, period by period."""
    drawn = np.zeros((len(case["financing"]["facilities"]), 4))
    drawn[0, : len(first)] = first
    return drawn


def books(case: Case, stress: Stress, *tranches: Any) -> Any:  # noqa: ANN401
    """Return the money of a stressed replay with China cut in periods 1 and 2."""
    instance = read_instance(case)
    scenarios = one_scenario(instance, availability=CHINA_CUT)
    decisions = Decisions(tranches, frozenset(), draws(case))
    return keep_books(*stressed(instance, scenarios, decisions, stress))


def test_books_are_those_of_the_whole_replay(tiny_case: Case) -> None:
    """Money alone is the money of the replay that also allocates."""
    instance = read_instance(tiny_case)
    scenarios = one_scenario(instance, availability=CHINA_CUT)
    decisions = Decisions((in_place(1.0),), frozenset(), draws(tiny_case, 6e5))
    kept = keep_books(instance, scenarios, decisions)
    whole = replay(instance, scenarios, decisions).books
    assert kept.cash == pytest.approx(whole.cash)
    assert kept.stock_value == pytest.approx(whole.stock_value)
    assert kept.cash[0, 0] == pytest.approx(1e5 - STORAGE - 6e5 * 0.05 / 12)


def test_stock_bought_before_a_fall_was_paid_in_full(tiny_case: Case) -> None:
    """1 t costs the old price, is worth and sold at three quarters of it."""
    found = books(tiny_case, Stress("fall", 0.25), in_place(1.0))
    sold = 0.75 * PRICE
    flow = [-PRICE - STORAGE, 0.8 * sold - 0.2 * STORAGE, 0.2 * sold, 0]
    assert found.cash[0] == pytest.approx(np.cumsum(flow))
    assert found.stock_value[0] == pytest.approx([0.75 * PRICE, 0.15 * PRICE, 0, 0])


def test_a_later_fall_leaves_what_was_before(tiny_case: Case) -> None:
    """From period 2 on: the sale of period 1 brings the old price."""
    stress = Stress("late", 0.25, price_fall_start=2)
    found = books(tiny_case, stress, in_place(1.0))
    flow = [-PRICE - STORAGE, 0.8 * PRICE - 0.2 * STORAGE, 0.2 * 0.75 * PRICE, 0]
    assert found.cash[0] == pytest.approx(np.cumsum(flow))


def test_planned_buying_profits_from_a_fall(tiny_case: Case) -> None:
    """2 t a month for two months cost three quarters, from the first month on."""
    slow = in_place(4.0, build_up_tonnes_per_period=2.0, build_up_periods=2)
    tiny_case["storage_classes"][0]["cost_usd_per_tonne_year"] = 0.0
    instance = read_instance(tiny_case)
    decisions = Decisions((slow,), frozenset(), draws(tiny_case))
    world = stressed(instance, one_scenario(instance), decisions, Stress("x", 0.25))
    paid = -keep_books(*world).cash[0]
    assert paid == pytest.approx([1.5 * PRICE, 3 * PRICE, 3 * PRICE, 3 * PRICE])


def test_a_default_leaves_the_tonnes_and_their_storage(tiny_case: Case) -> None:
    """No fee, no draw, no repurchase: 1 t stays, is stored and counts as collateral."""
    tiny_case["entitlement_offers"] = [OFFER]
    right = in_place(1.0, offer="right", participant="maker")
    kept = books(tiny_case, Stress("none"), right)
    # Drawn 0.8 t and 0.2 t in the cut; nothing is left to take in period 3.
    fees = 1_000 + 1.2 * 1_000
    assert kept.cash[0, -1] == pytest.approx(450_000 + fees - PRICE - 1.2 * STORAGE)
    found = books(tiny_case, Stress("default", defaulted="maker"), right)
    assert found.cash[0] == pytest.approx([-PRICE - n * STORAGE for n in (1, 2, 3, 4)])
    assert found.stock_value[0] == pytest.approx([PRICE] * 4)


def test_the_repurchase_leg_falls_away(tiny_case: Case) -> None:
    """Without a cut the maker takes its tonne in period 3; in default it stays."""
    tiny_case["entitlement_offers"] = [OFFER]
    instance = read_instance(tiny_case)
    right = in_place(1.0, offer="right", participant="maker")
    decisions = Decisions((right,), frozenset(), draws(tiny_case))
    calm = one_scenario(instance)
    left = {
        who: keep_books(
            *stressed(instance, calm, decisions, Stress("x", defaulted=who))
        ).stock_value[0, -1]
        for who in (None, "maker")
    }
    assert left == {None: 0.0, "maker": PRICE}


def test_a_member_in_default_pays_no_fee(tiny_case: Case) -> None:
    """12 t a year at 500,000 dollars, of which 1 % a year: 5,000 dollars a month."""
    tiny_case["membership"] = {"members": ["maker"], "fee_rate_per_year": 0.01}
    paid, lost = (books(tiny_case, Stress("x", defaulted=x)) for x in (None, "maker"))
    assert paid.cash[0] == pytest.approx([5e3, 1e4, 1.5e4, 2e4])
    assert lost.cash[0].tolist() == [0.0] * 4


def test_another_default_changes_nothing(tiny_case: Case) -> None:
    """The pool's tonnes and other participants' rights are as they were."""
    tiny_case["entitlement_offers"] = [OFFER]
    tranches = in_place(1.0), in_place(1.0, offer="right", participant="maker")
    kept, found = (
        books(tiny_case, Stress("x", defaulted=who), *tranches)
        for who in (None, "nobody")
    )
    assert found.cash.tolist() == kept.cash.tolist()


def test_without_floors_buying_costs_the_market(tiny_case: Case) -> None:
    """A floor of twice the price doubles what is paid; without it it is the price."""
    floor = {"material": "gallium", "stage": "metal", "floor_usd_per_tonne": 2 * PRICE}
    tiny_case["trade"] = {"price_floors": [floor]}
    first = {
        has: books(tiny_case, Stress("x", has_price_floors=has), in_place(1.0)).cash[
            0, 0
        ]
        for has in (True, False)
    }
    assert first[True] == pytest.approx(-2 * PRICE - STORAGE)
    assert first[False] == pytest.approx(-PRICE - STORAGE)


def test_worlds_without_floors_come_only_if_there_are_floors(tiny_case: Case) -> None:
    """A default is stressed only if a participant holds a right."""
    instance = read_instance(tiny_case)
    owed = np.array([1.0, 10.0, 10.0, 10.0])
    plain = list(stresses(instance, owed, 0.3, None))
    assert [x.price_fall for x in plain] == [0.0, 0.3, 0.3]
    assert all(x.has_price_floors and x.defaulted is None for x in plain)
    floor = {"material": "gallium", "stage": "metal", "floor_usd_per_tonne": 1.0}
    floored = read_instance(tiny_case | {"trade": {"price_floors": [floor]}})
    both = list(stresses(floored, owed, 0.3, "maker"))
    assert [x.has_price_floors for x in both] == [True, False] * 4


def test_the_late_fall_comes_when_nine_tenths_are_owed() -> None:
    """Of 100 owed in the end 89 are in period 1 and 95 in period 2."""
    assert nearly_drawn(np.array([50.0, 89.0, 95.0, 100.0])) == 2


def test_a_late_fall_that_would_be_at_once_is_left_out(tiny_case: Case) -> None:
    """All is drawn in period 0, or nothing ever."""
    instance = read_instance(tiny_case)
    for owed in (np.ones(4), np.zeros(4)):
        found = [x.price_fall_start for x in stresses(instance, owed, 0.3, None)]
        assert found == [0, 0]


def test_the_largest_rights_are_those_worth_most(tiny_case: Case) -> None:
    """2 t at 450,000 are less than 1 t at a million; without rights there is none."""
    tiny_case["participants"].append(tiny_case["participants"][0] | {"id": "rival"})
    dear = OFFER | {
        "id": "dear",
        "participant": "rival",
        "inventory_price_usd_per_tonne": 1e6,
    }
    tiny_case["entitlement_offers"] = [OFFER, dear]
    instance = read_instance(tiny_case)
    tranches = (
        in_place(2.0, offer="right", participant="maker"),
        in_place(1.0, offer="dear", participant="rival"),
    )
    held = Decisions(tranches, frozenset(), draws(tiny_case))
    nothing = Decisions((), frozenset(), draws(tiny_case))
    assert largest_right_holder(instance, held) == "rival"
    assert largest_right_holder(instance, nothing) is None
