"""The cash rule in words."""

import pytest

from models.reading import read_instance
from optimizer.cash_rule_text import cash_rule_text
from tests.cases import Case, facility

EXIM = facility("exim", name="EXIM", limit_usd=50e6, drawn="when_needed")
CAPITAL = facility("capital", name="Private capital", kind="equity", limit_usd=10e6) | {
    "drawn": "when_needed"
}
BANK = facility("bank", name="Bank", limit_usd=5e6, drawn="when_needed", order=1)
WHENEVER = (
    "Whenever cash would fall below 0, before the start or after all payments of a "
    "period, draw what is missing, with fees and interest, from "
)
STAYS = "What is drawn stays until after the end."


@pytest.mark.parametrize(
    ("financing", "words"),
    [
        ({"facilities": [facility()]}, ""),
        ({"facilities": [BANK]}, f"{WHENEVER}Bank, up to $5,000,000.00. {STAYS}"),
        (
            {"facilities": [BANK, EXIM, CAPITAL]},
            (
                f"{WHENEVER}EXIM and Private capital 5 : 1, up to $60,000,000.00; then "
                f"Bank, up to $5,000,000.00. {STAYS}"
            ),
        ),
        (
            {"facilities": [BANK, EXIM, CAPITAL], "debt_to_equity_limit": 5.2},
            (
                f"{WHENEVER}EXIM and Private capital 5 : 1, up to $60,000,000.00; then "
                "Bank, up to $5,000,000.00, in all at most $62,000,000.00, as far as "
                f"debt to equity allows. {STAYS}"
            ),
        ),
        (
            {"facilities": [BANK | {"drawn": "revolving"}]},
            (
                f"{WHENEVER}Bank, up to $5,000,000.00. Pay back with all cash above 0, "
                "what was drawn last first."
            ),
        ),
    ],
)
def test_the_sentence_says_who_pays_and_how_much(
    tiny_case: Case, financing: Case, words: str
) -> None:
    """In order and proportion, with the most in all where a covenant sets it."""
    instance = read_instance(tiny_case | {"financing": financing})
    assert cash_rule_text(instance.financing, room_usd=0.0) == words


def test_capital_of_before_lets_a_loan_be_drawn(tiny_case: Case) -> None:
    """Without capital to call, debt may be as much as that leaves."""
    covenant = {"facilities": [BANK], "debt_to_equity_limit": 2.0}
    financing = read_instance(tiny_case | {"financing": covenant}).financing
    assert "in all at most $2,000,000.00," in cash_rule_text(financing, room_usd=2e6)
