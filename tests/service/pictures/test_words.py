"""Words of pictures: units of money, dates, and a language for every text."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from babel import Locale

import service.pictures
from service.pictures.panel import date_labels
from service.pictures.scale import Scale, marked_dates
from service.pictures.text_width import lines_of, shortened, width_of
from service.pictures.words import ENGLISH, Words
from tests.service.pictures.test_pictures import PICTURES, Look

JAPANESE = Words(Locale("ja", "JP"), lambda text: f"<{text}>")


@pytest.mark.parametrize(
    ("usd", "unit"),
    [
        (2.5e9, (1e9, "billion US dollars")),
        (-3e6, (1e6, "million US dollars")),
        (12.0, (1.0, "US dollars")),
        (0.0, (1.0, "US dollars")),
    ],
)
def test_money_has_the_unit_of_its_size(usd: float, unit: tuple[float, str]) -> None:
    """A debt of millions is shown in millions, and so is one below zero."""
    assert ENGLISH.money_unit(usd) == unit


def test_japanese_counts_money_in_ten_thousands() -> None:
    """2.5 billion are 25 of a hundred million."""
    assert JAPANESE.money_unit(2.5e9) == (1e8, "億ドル")
    assert JAPANESE.money_unit(99_999) == (1e4, "万ドル")


@pytest.mark.parametrize("name", PICTURES)
def test_every_text_is_said_in_the_language(name: str) -> None:
    """But names, units and numbers; in the table too."""
    figure = PICTURES[name](look=Look(words=JAPANESE))
    assert figure.title.startswith("<")
    assert figure.explanation.startswith("<")
    assert all(column.text.startswith("<") for column in figure.table.columns)
    english = {x for x in PICTURES[name]().texts if x[:1].isalpha()}
    given = {"Alpha", "wide", "narrow"}
    assert not english.intersection(figure.texts) - given


def test_texts_are_written_where_they_are_said() -> None:
    """So that a program finds them for a catalogue."""
    folder = Path(service.pictures.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                text = node.args[0] if node.func.id == "words" else None
                assert text is None or isinstance(text, ast.Constant), path.name


def test_dates_are_those_of_the_language() -> None:
    """The year stands once, below the first month of it."""
    days = [dt.date(2027, 7, 1), dt.date(2028, 1, 1), dt.date(2028, 7, 1)]
    assert date_labels(days, ENGLISH) == [["Jul", "2027"], ["Jan", "2028"], ["Jul"]]
    assert date_labels(days, JAPANESE)[0] == ["7月", "2027年"]
    assert date_labels([dt.date(2027, 1, 1)], JAPANESE) == [["2027年"]]


@pytest.mark.parametrize(
    ("periods", "most", "marked"),
    [
        (12, 12, list(range(12))),
        (12, 4, [0, 3, 6, 9]),
        (36, 4, [0, 12, 24]),
        (36, 2, [0, 24]),
        (1, 1, [0]),
    ],
)
def test_round_dates_are_marked(periods: int, most: int, marked: list[int]) -> None:
    """Months from January on, or its years."""
    starts = [dt.date(2027 + i // 12, i % 12 + 1, 1) for i in range(periods)]
    assert marked_dates(starts, most) == marked


def test_short_periods_are_marked_by_their_days() -> None:
    """Weeks have no month of their own."""
    starts = [dt.date(2027, 1, 1) + dt.timedelta(weeks=i) for i in range(8)]
    assert marked_dates(starts, 4) == [0, 2, 4, 6]
    assert date_labels(starts[:2], ENGLISH) == [["1 Jan", "2027"], ["8 Jan"]]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 101.0, [0, 25, 50, 75, 100]),
        (-1.0, 1.0, [-1, -0.5, 0, 0.5, 1]),
        (0.0, 0.0, [0.0]),
        (0.0, 5e-324, [0.0]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    """Whatever the ends of the axis are."""
    assert Scale(low, high, 0.0, 1.0).ticks(5) == pytest.approx(ticks)


def test_long_texts_are_shortened_or_broken() -> None:
    """Kana and kanji are as wide as high, and a line may end between any two."""
    assert width_of("稀土", 10.0) == 20.0
    assert shortened("Neodymium", 10.0, 30.0).endswith("…")
    assert shortened("tin", 10.0, 100.0) == "tin"
    assert lines_of("タンタル、稀土", 10.0, 50.0) == ["タンタル、", "稀土"]
    assert lines_of("one two three", 10.0, 45.0) == ["one two", "three"]
