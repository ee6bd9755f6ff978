"""Lots of a tranche: the oldest leave first, and each arrival is by country."""

import datetime as dt

import pytest

from models.opening_position import StockLot
from models.reading import read_instance
from optimizer.in_force.lots import (
    Arrival,
    arrived_lots,
    held_by,
    is_held_by,
    left_of,
    with_own_names,
)
from tests import cases
from tests.cases import Case
from tests.plans import in_place


def lots(**tonnes: float) -> list[StockLot]:
    """Return lots by name, each a month after the one before."""
    return [
        StockLot.model_validate(
            cases.stock_lot(name, x, arrival=f"2025-{i:02d}-01", book_value_usd=100.0)
        )
        for i, (name, x) in enumerate(tonnes.items(), 1)
    ]


@pytest.mark.parametrize(
    ("departed", "left"),
    [
        (0.0, {"a": 1.0, "b": 2.0}),
        (0.5, {"a": 0.5, "b": 2.0}),
        (1.0, {"b": 2.0}),
        (2.5, {"b": 0.5}),
        (3.0, {}),
    ],
)
def test_the_oldest_leave_first(departed: float, left: dict[str, float]) -> None:
    """Whatever order they are listed in; their value goes with them."""
    found = list(left_of(lots(a=1.0, b=2.0)[::-1], departed))
    assert {lot.id: lot.tonnes for lot in found} == pytest.approx(left)
    values = {lot.id: 100 * lot.tonnes / {"a": 1.0, "b": 2.0}[lot.id] for lot in found}
    assert {lot.id: lot.book_value_usd for lot in found} == pytest.approx(values)


def test_lots_of_a_day_leave_in_proportion() -> None:
    """What arrived on one day from two countries is one pile."""
    same = [
        x.model_copy(update={"arrival": dt.date(2025, 1, 1)}) for x in lots(a=1, b=3)
    ]
    assert [x.tonnes for x in left_of(same, 2.0)] == pytest.approx([0.5, 1.5])


def test_what_arrives_is_a_lot_of_each_country(tiny_case: Case) -> None:
    """Four fifths are Chinese; a closed route brings nothing."""
    arrival = Arrival(dt.date(2026, 2, 1), 10.0, {0: 0.8, 1: 0.2}, 7.0)
    found = list(arrived_lots(read_instance(tiny_case), in_place(1.0), arrival))
    assert {x.mining_country: x.tonnes for x in found} == {"CHN": 8.0, "DEU": 2.0}
    assert [x.book_value_usd for x in found] == [56.0, 14.0]
    assert all(is_held_by(in_place(1.0), x) for x in found)


def test_a_lot_names_its_holder() -> None:
    """A tranche of a pool by its name, a right by its offer, free stock nobody."""
    (lot,) = lots(a=1.0)
    right = in_place(1.0, offer="right", participant="maker")
    holders = {
        x.tranche or x.right for x in (held_by(t, lot) for t in (in_place(1.0), right))
    }
    assert holders == {"gallium/immediate/in-place/60", "right"}
    assert not is_held_by(in_place(1.0), lot)
    assert held_by(None, held_by(right, lot)) == lot


def test_names_are_given_once() -> None:
    """Parts of one lot that several tranches hold are numbered."""
    same = [*lots(a=1.0), *lots(a=1.0), *lots(b=1.0), *lots(a=1.0)]
    assert [x.id for x in with_own_names(same)] == ["a", "a-2", "b", "a-3"]
