"""What people type as a number is one, and nothing else is."""

import pytest

from models.material import Material
from service.console.case_fields import fields_of
from service.console.forms import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("-0.5", -0.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("12,500.25", 12_500.25),
        ("\uff11\uff12.\uff15", 12.5),
    ],
)
def test_numbers_are_read(text: str, number: float) -> None:
    """With a comma after each thousand, and as Japanese keyboards write them, too."""
    found = number_in(text)
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize(
    "text",
    ["", "x", "nan", "-inf", "Infinity", "1e400", "9" * 5000, "1_000", "1,5", "\u0663"],
)
def test_what_is_no_number_stays_a_text(text: str) -> None:
    """So that the check of the field refuses it, with what was typed."""
    assert number_in(text) == text
    assert fields_of(Material)["price_usd_per_tonne"].read(text) == text
