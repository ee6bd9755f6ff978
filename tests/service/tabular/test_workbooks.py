"""Tables as an Excel workbook, read back from the XML that spreadsheets read."""

import datetime as dt
import re
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.tabular.flat_tables import Column, FlatTable
from service.tabular.headings import heading
from service.tabular.table_files import as_csv
from service.tabular.workbooks import CUT, MOST_CHARACTERS, as_workbook

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = (
    Column("cost_usd", float, "Cost."),
    Column("lots", int, ""),
    Column("word", str, ""),
    Column("day", dt.date, ""),
    Column("is_held", bool, ""),
)
DAY = dt.date(2027, 1, 31)
TABLE = FlatTable(
    "plan_levels",
    COLUMNS,
    ((1 / 3, 7, "gallium", DAY, True), (None, 2**60, "007", None, False)),
)
ALPHABET = "=+-@\t\r\n \"'a1()!,;{}\u00e9"
OPENINGS = ("=", "+", "-", "@", "\t", "\r")


class Cell(NamedTuple):
    """A cell as the file has it: its type, whether it has a formula, its value."""

    kind: str
    has_formula: bool
    value: str | None


def sheet(content: bytes, number: int = 1) -> ET.Element:
    """Return a sheet of a workbook."""
    with ZipFile(BytesIO(content)) as archive:
        page = archive.read(f"xl/worksheets/sheet{number}.xml")
    return ET.fromstring(page)  # noqa: S314 - written by us


def cells(content: bytes) -> dict[str, Cell]:
    """Return the cells of the first sheet by their place."""
    with ZipFile(BytesIO(content)) as archive:
        page = archive.read("xl/sharedStrings.xml")
    texts = [
        "".join(x.text or "" for x in item.iter(f"{SPACE}t"))
        for item in ET.fromstring(page)  # noqa: S314 - written by us
    ]
    found: dict[str, Cell] = {}
    for each in sheet(content).iter(f"{SPACE}c"):
        kind, value = each.get("t", "n"), each.findtext(f"{SPACE}v")
        value = texts[int(value or 0)] if kind == "s" else value
        has_formula = each.find(f"{SPACE}f") is not None
        found[each.get("r", "")] = Cell(kind, has_formula, value)
    return found


def test_numbers_are_numbers_and_dates_dates() -> None:
    """What is absent is no cell; a number of more digits than Excel keeps is text."""
    found = cells(as_workbook([TABLE]))
    assert float(found["A2"].value or "") == pytest.approx(1 / 3, rel=1e-15)
    kinds = {place: found[place].kind for place in ("A2", "B2", "C2", "D2", "E2")}
    assert kinds == {"A2": "n", "B2": "n", "C2": "s", "D2": "n", "E2": "b"}
    days = (DAY - dt.date(1899, 12, 30)).days  # day 0 of Excel
    assert (found["D2"].value, found["C3"].value) == (str(days), "007")
    assert found["B3"] == Cell("s", has_formula=False, value=str(2**60))
    assert {"A3", "D3"} & {*found} == set()


def test_the_headings_have_units_and_stay_in_sight() -> None:
    """The first row is frozen."""
    made = as_workbook([TABLE])
    found = cells(made)
    assert [found[f"{x}1"].value for x in "ABCDE"] == [heading(x) for x in COLUMNS]
    pane = next(sheet(made).iter(f"{SPACE}pane"))
    assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expected_shortage_cost_usd", "expected shortage cost (US dollars)"),
        ("avoided_usd.mean", "avoided, mean (US dollars)"),
        ("price_p5_usd_per_tonne", "price p5 (US dollars a tonne)"),
        ("fee_usd_per_year", "fee (US dollars a year)"),
        ("promise.budget_usd", "promise, budget (US dollars)"),
        ("tonnes", "tonnes"),
        ("days_of_cover", "days of cover"),
        ("gap_days", "gap (days)"),
        ("probability", "probability"),
    ],
)
def test_a_heading_says_the_unit(name: str, words: str) -> None:
    """That which the name of the field ends in."""
    assert heading(Column(name, float, "")) == words


def test_sheets_have_names_that_excel_takes() -> None:
    """At most 31 characters, none twice, none that is reserved."""
    long = "explanation_" + "a" * 40
    tables = [FlatTable(x, COLUMNS, ()) for x in (long, long, "history", "a[1]/b")]
    with ZipFile(BytesIO(as_workbook(tables))) as archive:
        names = re.findall(
            r'<sheet name="([^"]+)"', str(archive.read("xl/workbook.xml"))
        )
    assert names == [long[:31], f"{long[:29]}~2", "history~2", "a_1__b"]


def test_the_same_tables_give_the_same_bytes() -> None:
    """The file does not say when it was made."""
    assert as_workbook([TABLE]) == as_workbook([TABLE])


def test_text_that_no_cell_can_hold_is_cut_and_says_so() -> None:
    """Excel would refuse the file."""
    made = FlatTable("made", (Column("word", str, ""),), (("=" * 40_000,),))
    text = cells(as_workbook([made]))["A2"].value or ""
    assert len(text) == MOST_CHARACTERS
    assert text.endswith(CUT)


@given(
    st.lists(
        st.tuples(st.sampled_from(OPENINGS), st.text(ALPHABET, max_size=8)).map(
            "".join
        ),
        min_size=1,
        max_size=20,
    )
)
@example(['=HYPERLINK("http://x","y")', "@SUM(A1)", "-1+2", "http://x", "+1", "{=1}"])
@settings(max_examples=40)
def test_no_text_becomes_a_formula(words: list[str]) -> None:
    """Neither in a heading nor in a cell of a workbook, nor in CSV."""
    columns = tuple(Column(word, str, "") for word in words)
    made = FlatTable("made", columns, (tuple(words),))
    book = as_workbook([made])
    found = cells(book)
    assert {(cell.kind, cell.has_formula) for cell in found.values()} == {("s", False)}
    assert len(found) == 2 * len(words)
    assert next(sheet(book).iter(f"{SPACE}hyperlink"), None) is None
    page = as_csv(FlatTable("made", (Column("word", str, ""),), ((words[0],),)))
    assert page.decode().partition("\n")[2].startswith("\"'")
