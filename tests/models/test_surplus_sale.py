"""Terms of sale in a case: what is wrong with them, and what has no effect."""

import pytest

from models.case_warnings import warnings_of
from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from models.surplus_sale import most_sold, sale_terms
from tests import cases
from tests.cases import Case

HELD = cases.sourcing("held", is_held=True)
TERMS: Case = {"material": "gallium", "within_periods": 2}


def selling(case: Case, *terms: Case, **stock: object) -> Case:
    """Return the case with 3 t of free stock and terms of sale."""
    pile = cases.stock_lot("pile", 3.0) | stock
    return case | {"position": {"stock": [pile], "sales": list(terms)}}


def warned_of(instance: Instance) -> set[str]:
    """Return where there is a warning about the position."""
    return {x.path for x in warnings_of(instance) if "position" in x.path}


def test_all_mistakes_in_terms_are_found_at_once(tiny_case: Case) -> None:
    """Numbers, names, and a material that is listed twice."""
    terms = (
        TERMS | {"within_periods": 0, "discount": 1.5, "most_tonnes_per_year": 0.0},
        TERMS | {"material": "unobtainium"},
        TERMS,
        TERMS,
    )
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(selling(tiny_case, *terms))
    assert {mistake.path for mistake in caught.value.mistakes} == {
        "position.sales[0].within_periods",
        "position.sales[0].discount",
        "position.sales[0].most_tonnes_per_year",
        "position.sales[unobtainium].material",
        "position.sales",
    }


def test_stock_that_can_only_be_sold_is_not_warned_of(tiny_case: Case) -> None:
    """No option takes it, but it has terms of sale."""
    assert not warned_of(read_instance(selling(tiny_case, TERMS)))
    assert warned_of(read_instance(selling(tiny_case))) == {"position.stock[pile]"}


@pytest.mark.parametrize(
    ("terms", "field"),
    [({"discount": 1.0}, "discount"), ({"within_periods": 5}, "within_periods")],
)
def test_terms_that_bring_little_are_warned_of(
    tiny_case: Case, terms: Case, field: str
) -> None:
    """A sale for nothing, and one that ends after the four periods."""
    found = warned_of(read_instance(selling(tiny_case, TERMS | terms)))
    assert found == {f"position.sales[gallium].{field}"}


def test_nothing_to_sell_is_warned_of(tiny_case: Case) -> None:
    """All of it has expired."""
    tiny_case["materials"][0]["shelf_life_days"] = 365
    raw = selling(tiny_case, TERMS, arrival="2020-01-01")
    instance = read_instance(raw)
    assert sale_terms(instance, instance.materials[0]) is None
    assert "position.sales[gallium].material" in warned_of(instance)


def test_the_most_that_is_sold_is_what_is_there_or_the_pace_of_the_terms(
    tiny_case: Case,
) -> None:
    """6 t a year are 1 t in two months."""
    for most, expected in ((None, 3.0), (6.0, 1.0), (60.0, 3.0)):
        terms = TERMS | ({} if most is None else {"most_tonnes_per_year": most})
        instance = read_instance(selling(tiny_case, terms))
        found = most_sold(instance, instance.materials[0], instance.position.sales[0])
        assert found == pytest.approx(expected)


def test_no_terms_are_as_none_stated(tiny_case: Case) -> None:
    """The case keeps its hash."""
    plain = read_instance(selling(tiny_case))
    without = tiny_case | {"position": {"stock": [cases.stock_lot("pile", 3.0)]}}
    assert plain.content_hash == read_instance(without).content_hash
