"""The check of a sale: what is sold, on which terms, and that all of it is said."""

import numpy as np
import pytest

from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.feasibility import Quantities, check
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.vault_case import bans, vault_case, vault_plan

CHANGES: Case = {
    "sourcing_options": [cases.sourcing("held", is_held=True)],
    "position": {
        "stock": [
            cases.stock_lot("first", 30.0, material="alpha"),
            cases.stock_lot("second", 10.0, material="alpha"),
        ],
        "sales": [{"material": "alpha", "within_periods": 4, "discount": 0.1}],
    },
    "options.cost_of_holding_weight": 1.0,
}


def broken_rows(words: Case, **terms: object) -> list[str]:
    """Return what the plan breaks with other words, in a case with other terms."""
    content = vault_plan(CHANGES).model_dump(mode="json")
    words = {f"levels.0.{path}": value for path, value in words.items()}
    plan = Plan.model_validate(changed(content, words))
    instance = read_instance(changed(changed(vault_case(), CHANGES), terms))
    scenarios = bans(instance)
    allocation = replay(instance, scenarios, decisions_of(instance, plan)).allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    found = check(instance, scenarios, plan, quantities)
    return list(dict.fromkeys(violation.row for violation in found))


def test_a_plan_that_sells_its_surplus_is_accepted() -> None:
    """19.5 t are held, and 20.5 t sold in four months: half of each lot and a bit."""
    sale = vault_plan(CHANGES).levels[0].sale
    assert sale is not None
    assert sale.tonnes == pytest.approx(20.5)
    assert sale.tonnes_per_period == pytest.approx(5.125)
    assert broken_rows({}) == []


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"held.0.sold_tonnes": 15.0}, ["sold_tonnes", "lot_sold", "lot_left"]),
        ({"held.1.sold_tonnes": 0.0}, ["sold_tonnes", "lot_sold", "lot_left"]),
        ({"sale.text": "Sell it."}, ["sale_text"]),
        ({"sale.material": "alpha"}, []),
    ],
)
def test_sees_a_sale_that_is_told_otherwise(changes: Case, rows: list[str]) -> None:
    """Each tonne is in tranches, for sale or left, once."""
    assert broken_rows(changes) == rows


def test_sees_more_than_there_is_and_another_pace() -> None:
    """Cash, and so the cost of holding, is that of what is sold."""
    more = broken_rows({"sale.tonnes": 22.0})
    assert more[:4] == ["held_stock", "sold_tonnes", "lot_sold", "sale_pace"]
    assert {"expected_cash", "cost_of_holding", "opening_stock"} <= set(more)
    assert broken_rows({"sale.tonnes_per_period": 6.0})[0] == "sale_pace"


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        ("position.sales.0.most_tonnes_per_year", 60.0, "sale_limit"),
        ("position.sales.0.within_periods", 2, "sale_pace"),
        ("position.sales.0.discount", 0.2, "expected_cash"),
        ("storage_classes.0.capacity_tonnes", 30.0, "storage_capacity"),
        ("storage_classes.0.outload_tonnes_per_day", 0.8, "outload_limit"),
    ],
)
def test_sees_a_sale_beyond_other_terms(path: str, value: float, row: str) -> None:
    """5.125 t a month from 40 t, at nine tenths of the price."""
    assert row in broken_rows({}, **{path: value})


def test_sees_a_sale_without_terms() -> None:
    """Then the plan cannot be followed at all."""
    case = changed(vault_case(), CHANGES)
    instance = read_instance(changed(case, {"position.sales": []}))
    none = np.zeros(0)
    found = check(
        instance, bans(instance), vault_plan(CHANGES), Quantities(none, none, none)
    )
    assert found[0].row == "sale"
