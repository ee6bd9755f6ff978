"""Free stock in a case: what is wrong with it, what has no effect, what has expired."""

import math

import pytest

from models.case_warnings import warnings_of
from models.held_stock import expired_parts, free_stock, free_tonnes
from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case, changed

HELD = cases.sourcing("held", is_held=True)


def with_stock(case: Case, *lots: Case, **changes: object) -> Case:
    """Return a case with lots of free stock and the option that takes them."""
    stock = {"position": {"stock": list(lots)}, "sourcing_options+": HELD}
    return changed(case, stock | changes)


def mistakes_in(case: Case) -> dict[str, str]:
    """Return what was expected, by place."""
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(case)
    return {mistake.path: mistake.expected for mistake in caught.value.mistakes}


def test_all_mistakes_in_stock_are_found_at_once(tiny_case: Case) -> None:
    """Those of one lot do not hide those of another, nor those of the options."""
    option = HELD | {"build_up_periods": 2, "start_period": 1, "price_cap": 1.5}
    lots = (
        cases.stock_lot("a", -1.0),
        cases.stock_lot("b", math.nan),
        cases.stock_lot("c", 1.0, material="unobtainium"),
        cases.stock_lot("d", 1.0, arrival="2026-01-02"),
        cases.stock_lot("e", 1.0, form="ingot"),
        cases.stock_lot("f", 1.0),
        cases.stock_lot("f", 1.0),
        cases.stock_lot("g", 1.0, right="none", tranche="gallium/immediate/held/60"),
    )
    found = mistakes_in(with_stock(tiny_case, *lots) | {"sourcing_options": [option]})
    assert set(found) == {
        "position.stock[a].tonnes",
        "position.stock[b].tonnes",
        "position.stock[c].material",
        "position.stock[d].arrival",
        "position.stock[e].form",
        "position.stock[f].id",
        "position.stock[g].right",
        "position.stock[g].tranche",
        "sourcing_options[held].build_up_periods",
        "sourcing_options[held].start_period",
        "sourcing_options[held].price_cap",
    }
    assert found["position.stock[d].arrival"] == "a day up to the start, 2026-01-01"
    assert "'metal 4N'" in found["position.stock[e].form"]


@pytest.mark.parametrize("position", [{}, {"stock": []}])
def test_an_empty_position_is_none(tiny_case: Case, position: Case) -> None:
    """The case has the same hash, and so all that was computed of it stays true."""
    plain = read_instance(tiny_case)
    empty = read_instance(tiny_case | {"position": position})
    assert empty.content_hash == plain.content_hash
    assert "position" not in empty.model_dump(mode="json")


def test_stock_without_effect_is_warned_of(tiny_case: Case) -> None:
    """No option that takes it, a lot that has expired, an option that finds none."""
    aged = cases.stock_lot("aged", 1.0, arrival="2024-01-01")
    taken = with_stock(tiny_case, aged, **{"materials.0.shelf_life_days": 365})
    for case, path in (
        (tiny_case | {"position": {"stock": [aged]}}, "position.stock[aged]"),
        (taken, "position.stock[aged].arrival"),
        (with_stock(tiny_case), "sourcing_options[held].is_held"),
    ):
        assert path in {warning.path for warning in warnings_of(read_instance(case))}


def test_good_stock_is_not_warned_of(tiny_case: Case) -> None:
    """A lot that tranches can take."""
    case = read_instance(with_stock(tiny_case, cases.stock_lot("good", 1.0)))
    assert not [x for x in warnings_of(case) if "position" in x.path]


@pytest.mark.parametrize(
    ("arrival", "expired_in"),
    [
        # Months of 30.4375 days, kept for 100 and 1.52 more: on the first of January
        # a lot is good until its month ends by day 101.52 of its life.
        ("2025-10-21", None),  # 72 + 30.4 = 102.4 days
        ("2025-10-23", 0),  # 70 + 30.4 = 100.4 days, a month later it is too old
        ("2025-11-20", 0),  # 42 + 60.9 = 102.9
        ("2025-11-22", 1),  # 40 + 60.9 = 100.9
        ("2026-01-01", 2),  # 91.3, then 121.75
    ],
)
def test_a_lot_expires_by_its_day_of_arrival(
    tiny_case: Case, arrival: str, expired_in: int | None
) -> None:
    """What would be too old at the end of the next period goes; None: before."""
    lot = cases.stock_lot("lot", 3.0, arrival=arrival)
    change = {"materials.0.shelf_life_days": 100}
    case = read_instance(with_stock(tiny_case, lot, **change))
    material = case.materials[0]
    assert free_tonnes(case, material) == (0.0 if expired_in is None else 3.0)
    if free_stock(case, material):
        parts = expired_parts(case, material)
        assert parts == [float(t >= (expired_in or 0)) for t in range(4)]
