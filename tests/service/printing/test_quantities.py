"""Quantities as people read them."""

import pytest

from service.printing.quantities import days, money, percent, tonnes


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (1.234e9, "$1.23 bn"),
        (12.34e6, "$12.3 m"),
        (123.4e3, "$123 k"),
        (999.7e6, "$1.00 bn"),
        (999.4e6, "$999 m"),
        (9.996e6, "$10.0 m"),
        (2.5e12, "$2.50 tn"),
        (4.2e15, "$4,200 tn"),
        (500.0, "$500"),
        (1.5, "$1.50"),
        (0.0, "$0"),
        (-1.5e9, "-$1.50 bn"),
        (-1e-9, "$0"),
        (0.004, "$0"),
        (-0.006, "-$0.01"),
        (None, "-"),
    ],
)
def test_money_has_three_figures_and_a_unit(usd: float | None, text: str) -> None:
    """Whatever the size, three figures are enough for a manager."""
    assert money(usd) == text


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (0.0, "0 t"),
        (0.1234, "0.123 t"),
        (12.34, "12.3 t"),
        (12345.6, "12,346 t"),
        (-12345.6, "-12,346 t"),
        (3.6e-15, "0 t"),
        (-1e-13, "0 t"),
        (8.4e-6, "8.4 g"),
        (0.00012, "0.00012 t"),
    ],
)
def test_tonnes_keep_what_matters(quantity: float, text: str) -> None:
    """Small quantities keep their figures, large ones are whole."""
    assert tonnes(quantity) == text


def test_a_part_below_the_last_figure_of_its_whole_is_none() -> None:
    """Grams are a figure by themselves, and none beside a tonne."""
    assert tonnes(1.22e-5, whole=0.738) == "0 t"
    assert tonnes(1.22e-5, whole=0.01) == "12.2 g"
    assert tonnes(0.125, whole=3.65) == "0.125 t"


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.01, "1 %"), (0.0098, "0.98 %"), (0.123, "12.3 %"), (1.0, "100 %"), (None, "-")],
)
def test_a_share_is_per_cent(fraction: float | None, text: str) -> None:
    """Noughts at the end are dropped."""
    assert percent(fraction) == text


@pytest.mark.parametrize(
    ("quantity", "text"), [(6.14, "6.1"), (30.4, "30"), (-30.4, "-30")]
)
def test_days_keep_a_tenth_where_it_matters(quantity: float, text: str) -> None:
    """A week is counted in tenths, a month in days."""
    assert days(quantity) == text
