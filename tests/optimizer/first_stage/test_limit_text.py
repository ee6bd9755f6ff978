"""Rows of several periods and candidates are one sentence for each limit."""

import pytest

from models.reading import read_instance
from optimizer.first_stage.limit_text import Key, limit_texts
from optimizer.problem import (
    CompleteProblem,
    complete_problem,
    first_stage_problem,
)
from tests import cases
from tests.optimizer.vault_case import bans, changed, contract, offer, vault_case


@pytest.fixture(scope="module")
def problem() -> CompleteProblem:
    """Return a case with an offer, a billion of debt, and covenants."""
    changes = {
        "entitlement_offers+": offer(),
        "financing.facilities.0.limit_usd": 1.25e9,
        "financing.debt_to_equity_limit": 4.0,
        "financing.collateral_cover": 1.2,
        "materials.0.price_impact": [{"tonnes_per_year": 1.0, "premium": 0.1}],
    }
    instance = read_instance(changed(vault_case(), changes))
    return complete_problem(instance, bans(instance))


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            [("draw_limit", ("loan",))],
            "draw_limit[loan]: financing.facilities[loan].limit_usd = 1.25e9",
        ),
        (
            [("cash_nonnegative", (t, 2 - t % 2)) for t in range(6)],
            "cash_nonnegative: cash may not fall below 0 (periods 0 to 5)",
        ),
        (
            [("collateral", (t, 0)) for t in (0, 2)],
            "collateral: financing.collateral_cover = 1.2 (periods 0, 2)",
        ),
        (
            [("debt_to_equity", (3,))],
            "debt_to_equity: financing.debt_to_equity_limit = 4 (period 3)",
        ),
        (
            [("whole_award", ("right:right", c)) for c in range(2)],
            "whole_award[right:right]: entitlement_offers[right] is whole or nothing",
        ),
        (
            [("one_policy", ("right:right",))],
            "one_policy[right:right]: entitlement_offers[right].maximum_lots = 20",
        ),
        (
            [("whole_lots", ("pool:alpha", c)) for c in range(2)],
            "whole_lots[pool:alpha]: materials[alpha].lot_tonnes = 0.5",
        ),
        (
            [("planned_buying", ("alpha", t)) for t in (0, 1)],
            "planned_buying[alpha]: materials[alpha].price_impact (periods 0 to 1)",
        ),
    ],
    ids=lambda value: value.split(":")[0] if isinstance(value, str) else "",
)
def test_a_limit_in_words(problem: CompleteProblem, rows: list[Key], text: str) -> None:
    """Name on the page, path and value in the case, and when."""
    assert limit_texts(problem, rows) == (text,)


def test_limits_come_in_the_order_of_the_page(problem: CompleteProblem) -> None:
    """What is held comes before what it costs."""
    rows: list[Key] = [
        ("cash_nonnegative", (0, 0)),
        ("minimum_cover", ("alpha",)),
        ("storage_capacity", ("dry",)),
    ]
    names = [text.split("[")[0].split(":")[0] for text in limit_texts(problem, rows)]
    assert names == ["minimum_cover", "storage_capacity", "cash_nonnegative"]


def test_debt_of_before_is_named_where_it_counts() -> None:
    """40,000 dollars of 50,000 are owed, and must be paid and covered."""
    owed = {"facility": "loan", "drawn_usd": 5e4, "repaid_usd": 1e4}
    changes = {"position": {"debt": [owed]}, "financing.collateral_cover": 1.2}
    instance = read_instance(changed(vault_case(), changes))
    rows: list[Key] = [("cash_nonnegative", (0, 0)), ("collateral", (0, 0))]
    texts = limit_texts(complete_problem(instance, bans(instance)), rows)
    assert len(texts) == 2
    assert all("with position.debt of 40000 (period 0)" in text for text in texts)


def test_contracts_in_force_are_named_where_money_is_short() -> None:
    """They are paid in every plan."""
    changes = {
        "contracts+": contract(),
        "position": {"contracts": [{"contract": "offtake"}]},
    }
    instance = read_instance(changed(vault_case(), changes))
    rows: list[Key] = [("cash_nonnegative", (0, 0))]
    (text,) = limit_texts(complete_problem(instance, bans(instance)), rows)
    assert text.endswith("below 0 with position.contracts offtake (period 0)")


def test_purchases_to_be_paid_are_named_beside_cash() -> None:
    """Those that are paid for are not."""
    ship = cases.purchase("ship", 4.0, material="alpha", route="alpha-aus")
    paid = ship | {"id": "paid", "is_paid": True}
    position = {"position": {"purchases": [ship, paid]}}
    instance = read_instance(changed(vault_case(), position))
    (text,) = limit_texts(
        first_stage_problem(instance, bans(instance)), [("cash_nonnegative", (1, 0))]
    )
    assert text == (
        "cash_nonnegative: cash may not fall below 0 with position.purchases of 2e6 to "
        "be paid (period 1)"
    )
