"""Quantities are written as the readers of each language write them."""

import datetime as dt

import pytest

from service.console.languages import Language
from service.console.quantities import (
    FILTERS,
    dollars_and_cents,
    duration,
    figures,
    instant,
    money,
    month,
    percent,
    share,
    tonnes,
)

ENGLISH, JAPANESE = Language.ENGLISH, Language.JAPANESE


@pytest.mark.parametrize(
    ("usd", "english", "japanese"),
    [
        (None, "-", "-"),
        (0, "$0", "0ドル"),
        (1.5, "$1.50", "1.50ドル"),
        (4_500, "$4.50 k", "4,500ドル"),
        (12_345_678, "$12.3 m", "1,230万ドル"),
        (-99_999_999, "-$100 m", "-1.00億ドル"),
        (2_250_000_000, "$2.25 bn", "22.5億ドル"),
        (1_234_000_000_000, "$1.23 tn", "1.23兆ドル"),
    ],
)
def test_money_has_three_figures(
    usd: float | None, english: str, japanese: str
) -> None:
    """In units of a thousand or ten thousand."""
    assert (money(usd, ENGLISH), money(usd, JAPANESE)) == (english, japanese)


def test_other_quantities() -> None:
    """None is a dash in all of them."""
    assert tonnes(4_560.2, ENGLISH) == "4,560 t"
    assert tonnes(12.34, JAPANESE) == "12.3トン"
    assert tonnes(8.4e-6, ENGLISH) == "8.4 g"
    assert tonnes(8.4e-6, ENGLISH, whole=0.738) == "0 t"
    assert tonnes(0.125, ENGLISH, whole=3.65) == "0.125 t"
    assert share(0.04, ENGLISH) == "0.0"
    assert share(99.96, JAPANESE) == "100"
    assert percent(0.1234, ENGLISH) == "12.3 %"
    assert percent(0.1234, JAPANESE) == "12.3%"
    assert dollars_and_cents(1234.4, ENGLISH) == "$1,234.40"
    assert dollars_and_cents(-0.0, JAPANESE) == "0.00ドル"
    assert figures(123_456.7, ENGLISH) == "123,457"
    assert figures(0.012_344, JAPANESE) == "0.01234"
    assert figures(-0.0, ENGLISH) == "0"
    for shown in FILTERS.values():
        assert shown(None, JAPANESE) == "-"


def test_times_are_read_by_people_and_programs() -> None:
    """In UTC, whatever zone they came in."""
    at = dt.datetime(2026, 11, 30, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert instant(at, ENGLISH) == (
        '<time datetime="2026-11-30T00:05:00Z">30 Nov 2026 00:05:00 UTC</time>'
    )
    assert ">2026/11/30 00:05:00 UTC<" in instant(at, JAPANESE)
    assert ">Nov 2026<" in month(at, ENGLISH)
    assert ">2026年11月<" in month(at, JAPANESE)


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0.52, "0.5 s", "0.5秒"),
        (59.7, "59.7 s", "59.7秒"),
        (61, "1 min 1 s", "1分 1秒"),
        (7_320, "2 h 2 min", "2時間 2分"),
    ],
)
def test_how_long_something_took(seconds: float, english: str, japanese: str) -> None:
    """In the two largest units."""
    assert duration(seconds, ENGLISH) == english
    assert duration(seconds, JAPANESE) == japanese
