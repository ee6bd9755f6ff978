"""Free stock in the tables of a plan."""

from io import StringIO
from typing import cast

from rich.console import Console

from service.printing.plan import cost_of_holding, free_stock, rule_sentences
from tests import cases
from tests.optimizer.vault_case import Changes, vault_plan

HELD: Changes = {
    "sourcing_options+": cases.sourcing("held", is_held=True),
    "position": {
        "stock": [
            cases.stock_lot(x, tonnes, material="alpha", book_value_usd=8_000.0)
            for x, tonnes in (("old", 30.0), ("new", 10.0))
        ]
    },
    "financing.facilities": [],
    "levels_days_of_cover": [60],
}


def printed(table: object) -> list[list[str]]:
    """Return the words of each line of a table."""
    console = Console(width=120, file=StringIO())
    console.print(table)
    lines = cast("StringIO", console.file).getvalue().splitlines()
    return [[x.strip() for x in line.strip("│ ").split("│")] for line in lines]


def test_each_lot_is_printed_with_what_is_left() -> None:
    """Of 40 t 19.5 t are taken, as many hundredths of each lot."""
    lines = printed(free_stock(vault_plan(HELD)))
    assert ["Alpha", "old", "14.6 t", "15.4 t", "$3.90 k"] in lines
    assert ["new", "4.88 t", "5.12 t", "$3.90 k"] in lines


def test_what_is_sold_is_printed_with_its_pace() -> None:
    """Of the 20.5 t that are left, in a column of its own and as a sentence."""
    sale = {"material": "alpha", "within_periods": 4}
    plan = vault_plan(
        HELD, {"position.sales": [sale], "options.cost_of_holding_weight": 1.0}
    )
    lines = printed(free_stock(plan))
    assert ["Alpha", "old", "14.6 t", "15.4 t", "0 t", "$3.90 k"] in lines
    (line,) = [x for x in printed(rule_sentences(plan)) if "sale of free" in x[0]]
    assert line[1].startswith("Sell 5.12 t a month for 4 months, 20.5 t in all, oldest")


def test_the_cost_of_holding_says_what_is_taken() -> None:
    """19.5 t at 10,000 dollars, less a fifth."""
    lines = printed(cost_of_holding(vault_plan(HELD)))
    assert ["Held before the start, less 20 %", "$156 k"] in lines


def test_a_plan_without_free_stock_has_no_such_table() -> None:
    """It buys what it holds."""
    assert free_stock(vault_plan()) is None


def test_a_purchase_on_the_way_is_printed_with_its_period() -> None:
    """Of 10 t that are due in period 1 all are taken."""
    ship = cases.purchase("ship", 10.0, material="alpha", route="alpha-chn")
    coming: Changes = {
        "sourcing_options+": cases.sourcing("coming", is_on_order=True),
        "position": {"purchases": [ship | {"price_usd_per_tonne": 100.0}]},
    }
    plan = vault_plan(coming)
    lines = printed(free_stock(plan))
    assert ["Alpha", "ship, due in period 1", "10 t", "0 t", "$1.00 k"] in lines
    texts = [tranche.text for tranche in plan.tranches()]
    assert any("was bought before and is on the way" in text for text in texts)
