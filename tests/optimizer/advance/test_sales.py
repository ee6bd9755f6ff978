"""Orders to sell free stock: the pace of the plan, until none is left."""

import datetime as dt

import pytest

from models.observation import Observation
from models.orders import SaleOrder
from models.plan import Sale
from models.reading import read_instance
from optimizer.advance.advance import advance
from tests import cases
from tests.cases import Case
from tests.plans import in_place, written_plan

SALE = Sale(material="gallium", tonnes=1.0, tonnes_per_period=0.4, text="Sell.")


def ordered(case: Case, sale: Sale) -> tuple[SaleOrder, ...]:
    """Return the orders of January by a plan with a sale, at a tenth off the price."""
    terms = {"material": "gallium", "within_periods": 3, "discount": 0.1}
    pile = cases.stock_lot("pile", 1.5)
    instance = read_instance(case | {"position": {"stock": [pile], "sales": [terms]}})
    plan = written_plan(instance, in_place(2.0))
    level = plan.levels[0].model_copy(update={"sale": sale})
    plan = plan.model_copy(update={"levels": (level,)})
    start = dt.date(2026, 1, 1)
    seen = Observation(start=start, otherwise="as_planned", events=())
    return advance(instance, plan, seen).orders.sales


@pytest.mark.parametrize(("tonnes", "sold"), [(1.0, 0.4), (0.3, 0.3)])
def test_a_sale_is_ordered_at_its_pace(
    tiny_case: Case, tonnes: float, sold: float
) -> None:
    """Or what is left of it."""
    (order,) = ordered(tiny_case, SALE.model_copy(update={"tonnes": tonnes}))
    assert order.tonnes == pytest.approx(sold)
    assert order.left_tonnes == pytest.approx(tonnes - sold)
    assert order.price_usd_per_tonne == pytest.approx(0.9 * 500_000.0)
    assert (order.rule, order.reason) == (
        "Sell.",
        f"Of {tonnes:g} t for sale, sell {sold:g} t",
    )
