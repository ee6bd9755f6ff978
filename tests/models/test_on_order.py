"""Purchases on the way: their mistakes, what has no effect, what becomes of them."""

import datetime as dt
import math

from models.case_warnings import warnings_of
from models.held_stock import pile_tonnes
from models.moved_on import moved_on
from models.on_order import due_usd
from models.reading import read_instance
from models.rights_in_force import left_to_buy
from tests import cases
from tests.cases import Case, changed
from tests.models.test_held_stock import mistakes_in

COMING = cases.sourcing("coming", is_on_order=True)
RIGHT = {"offer": "right", "lots": 10, "sourcing": "in-place", "build_up_periods": 2}


def with_purchases(case: Case, *purchases: Case, **position: object) -> Case:
    """Return a case with purchases on the way and the option that takes them."""
    return changed(
        case,
        {
            "position": {"purchases": list(purchases)} | position,
            "sourcing_options+": COMING,
        },
    )


def test_all_mistakes_in_purchases_are_found_at_once(tiny_case: Case) -> None:
    """Those of one do not hide those of another, nor those of lots."""
    cases.add_germanium(tiny_case)
    purchases = (
        cases.purchase("a", -1.0),
        cases.purchase("b", math.nan),
        cases.purchase("c", 1.0, material="unobtainium", route="nowhere"),
        cases.purchase("d", 1.0, route="gallium-chn-ge"),
        cases.purchase("e", 1.0, arrival_period=4),
        cases.purchase("f", 1.0, form="ingot"),
        cases.purchase("g", 1.0, price_usd_per_tonne=-1.0),
        cases.purchase("h", 1.0),
        cases.purchase("h", 1.0, right="none", tranche="gallium/immediate/held/60"),
        cases.purchase("i", 1.0),
    )
    lot = cases.stock_lot("i", 1.0)
    found = mistakes_in(with_purchases(tiny_case, *purchases, stock=[lot]))
    assert set(found) == {
        "position.purchases[a].tonnes",
        "position.purchases[b].tonnes",
        "position.purchases[c].material",
        "position.purchases[c].route",
        "position.purchases[d].route",
        "position.purchases[e].arrival_period",
        "position.purchases[f].form",
        "position.purchases[g].price_usd_per_tonne",
        "position.purchases[h].id",
        "position.purchases[h].right",
        "position.purchases[h].tranche",
        "position.purchases[i].id",
    }
    assert found["position.purchases[d].route"].endswith("not of germanium")
    assert found["position.purchases[e].arrival_period"] == "a period up to 3"


def test_a_purchase_for_a_right_is_no_longer_to_be_bought(tiny_case: Case) -> None:
    """Of a right of 1 t, 0.3 t are there and 0.4 t on the way; 0.5 t more would not."""
    tiny_case["entitlement_offers"] = [cases.offer(maximum_lots=10)]
    position = {"stock": [cases.stock_lot("lot", 0.3, right="right")]}
    position |= {"rights": [RIGHT]}
    coming = cases.purchase("coming", 0.4, right="right")
    case = read_instance(with_purchases(tiny_case, coming, **position))
    left = left_to_buy(case, case.materials[0], case.position.rights[0])
    assert math.isclose(left, 0.3)
    more = cases.purchase("more", 0.5, right="right")
    found = mistakes_in(with_purchases(tiny_case, coming, more, **position))
    assert set(found) == {"position.rights[right]"}


def test_what_is_there_and_what_is_on_the_way_are_two_piles(tiny_case: Case) -> None:
    """Neither counts in the other."""
    lot = cases.stock_lot("lot", 0.5)
    coming = cases.purchase("coming", 1.5)
    case = read_instance(with_purchases(tiny_case, coming, stock=[lot]))
    assert pile_tonnes(case, case.materials[0], "stock") == 0.5
    assert pile_tonnes(case, case.materials[0], "purchases") == 1.5


def test_a_purchase_is_paid_once(tiny_case: Case) -> None:
    """In the period that was agreed, unless it has been paid."""
    paid = cases.purchase("paid", 2.0, is_paid=True)
    case = read_instance(with_purchases(tiny_case, cases.purchase("coming", 2.0), paid))
    assert due_usd(case) == [0.0, 1e6, 0.0, 0.0]


def test_what_has_arrived_is_a_lot(tiny_case: Case) -> None:
    """Of the day after its period, with the countries of its route."""
    soon, later = cases.purchase("soon", 2.0), cases.purchase("later", 1.0)
    purchases = soon, later | {"arrival_period": 3}
    case = read_instance(with_purchases(tiny_case, *purchases))
    moved = moved_on(case, 2)
    (lot,) = moved.case.position.stock
    assert (lot.id, lot.tonnes, lot.book_value_usd) == ("soon", 2.0, 1e6)
    assert lot.arrival == case.horizon.start_of(2) == dt.date(2026, 3, 1)
    assert (lot.mining_country, lot.refining_country) == ("CHN", "CHN")
    (left,) = moved.case.position.purchases
    assert (left.id, left.arrival_period, left.is_paid) == ("later", 1, False)
    assert "Purchase soon has arrived by 2026-03-01." in moved.notes


def test_a_purchase_that_no_tranche_takes_is_warned_of(tiny_case: Case) -> None:
    """It is paid for all the same; so is an option that finds none."""
    case = with_purchases(tiny_case, cases.purchase("coming", 1.0))
    assert not idle(case)
    untaken = case | {"sourcing_options": tiny_case["sourcing_options"]}
    assert idle(untaken) == {"position.purchases[coming]"}
    none = with_purchases(tiny_case)
    assert idle(none) == {"sourcing_options[coming].is_on_order"}


def idle(case: Case) -> set[str]:
    """Return the places of the warnings about purchases."""
    found = {warning.path for warning in warnings_of(read_instance(case))}
    return {x for x in found if "purchases" in x or "is_on_order" in x}


def test_an_option_takes_of_one_pile_only(tiny_case: Case) -> None:
    """What is there and what is on the way are two choices of a plan."""
    both = cases.sourcing("both", 1, is_held=True, is_on_order=True)
    found = mistakes_in(changed(tiny_case, {"sourcing_options+": both}))
    assert set(found) == {
        "sourcing_options[both].build_up_periods",
        "sourcing_options[both].is_on_order",
    }
