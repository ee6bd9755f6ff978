"""Orders to sell free stock: the pace of the plan, until none is left."""

import datetime as dt

import pytest

from models.observation import Observation, WhatHappened
from models.plan import Sale
from models.reading import InvalidCaseError, read_instance
from optimizer.advance.advance import Advanced, advance
from tests import cases
from tests.cases import Case
from tests.plans import in_place, written_plan

SALE = Sale(material="gallium", tonnes=1.0, tonnes_per_period=0.4, text="Sell.")


def advanced(case: Case, sale: Sale, **happened: object) -> Advanced:
    """Return January by a plan with a sale, at a tenth off the price."""
    case["financing"]["opening_cash_usd"] = 2e6
    terms = {"material": "gallium", "within_periods": 3, "discount": 0.1}
    pile = cases.stock_lot("pile", 1.5)
    instance = read_instance(case | {"position": {"stock": [pile], "sales": [terms]}})
    plan = written_plan(instance, in_place(2.0))
    level = plan.levels[0].model_copy(update={"sale": sale})
    plan = plan.model_copy(update={"levels": (level,)})
    start = dt.date(2026, 1, 1)
    seen = Observation(
        start=start,
        otherwise="as_planned",
        events=(),
        happened=WhatHappened.model_validate(happened),
    )
    return advance(instance, plan, seen)


@pytest.mark.parametrize(("tonnes", "sold"), [(1.0, 0.4), (0.3, 0.3)])
def test_a_sale_is_ordered_at_its_pace(
    tiny_case: Case, tonnes: float, sold: float
) -> None:
    """Or what is left of it."""
    found = advanced(tiny_case, SALE.model_copy(update={"tonnes": tonnes}))
    (order,) = found.orders.sales
    assert order.tonnes == pytest.approx(sold)
    assert order.left_tonnes == pytest.approx(tonnes - sold)
    assert order.price_usd_per_tonne == pytest.approx(0.9 * 500_000.0)
    assert (order.rule, order.reason) == (
        "Sell.",
        f"Of {tonnes:g} t for sale, sell {sold:g} t",
    )


def lots(found: Advanced) -> dict[str | None, float]:
    """Return what the next case has of free stock, by whose it is."""
    assert found.next_case is not None
    tonnes: dict[str | None, float] = {}
    for lot in found.next_case.position.stock:
        if lot.id.startswith("pile"):
            tonnes[lot.tranche] = tonnes.get(lot.tranche, 0.0) + lot.tonnes
    return tonnes


@pytest.mark.parametrize("sold", [0.0, 0.25, 0.75, 1.0])
def test_what_was_really_sold_is_no_longer_there(tiny_case: Case, sold: float) -> None:
    """Of 1 t for sale, at another price than ordered, which cash knows."""
    ordered = advanced(tiny_case, SALE).orders.reconciliation
    happened = {"sold_tonnes": {"gallium": sold}}
    prices = {"sold_at_usd_per_tonne": {"gallium": 4e5}}
    found = advanced(tiny_case, SALE, **happened, **prices)
    books = found.orders.reconciliation
    (sale,), (account,) = books.sales, books.free_stock
    assert (sale.ordered_tonnes, sale.sold_tonnes) == (pytest.approx(0.4), sold)
    more = sold * 4e5 - 0.4 * 4.5e5
    assert books.cash.expected_usd - ordered.cash.expected_usd == pytest.approx(more)
    assert account.expected_tonnes == pytest.approx(1.5 - sold)
    left = {None: 0.5} | ({"gallium/sale": 1.0 - sold} if sold < 1 else {})
    assert lots(found) == pytest.approx(left)
    assert found.next_case is not None
    cash = found.next_case.financing.opening_cash_usd
    assert cash == pytest.approx(books.cash.expected_usd)


@pytest.mark.parametrize("counted", [0.0, 0.8, 1.4])
def test_free_stock_is_counted_beside_that_of_tranches(
    tiny_case: Case, counted: float
) -> None:
    """Of 1.5 t 0.4 t are sold; what is missing or found is of the oldest lots."""
    happened = {"free_stock_tonnes": {"gallium": counted}}
    found = advanced(tiny_case, SALE, **happened)
    (account,) = found.orders.reconciliation.free_stock
    assert account.expected_tonnes == pytest.approx(1.1)
    assert account.missing_tonnes == pytest.approx(1.1 - counted)
    assert sum(lots(found).values()) == pytest.approx(counted)


def test_more_than_was_there_is_neither_sold_nor_counted(tiny_case: Case) -> None:
    """All mistakes at once; a price is one of what the plan sells."""
    happened = {
        "sold_tonnes": {"gallium": 1.1},
        "free_stock_tonnes": {"gallium": 3.1},
        "stock_tonnes": {"gallium": 4.1},
    }
    with pytest.raises(InvalidCaseError) as caught:
        advanced(tiny_case, SALE, **happened)
    found = {x.path: x.expected for x in caught.value.mistakes}
    assert found["happened.sold_tonnes.gallium"].startswith("at most 1 t")
    assert found["happened.free_stock_tonnes.gallium"].startswith("at most 3 t")
    assert found["happened.stock_tonnes.gallium"].startswith("at most 4 t, twice")
