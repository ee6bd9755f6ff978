"""Tables as Parquet and CSV: the same values, the same bytes."""

import csv
import datetime as dt
from io import BytesIO, StringIO
from typing import Any

import pyarrow.parquet
import pytest

from service.tabular.flat_tables import Column, FlatTable, Scalar
from service.tabular.table_files import as_csv, as_parquet, dictionary

KINDS = (bool, int, float, str, dt.date)
COLUMNS = tuple(Column(f"a.{kind.__name__}", kind, "meaning") for kind in KINDS)
FULL = FlatTable(
    name="full",
    columns=COLUMNS,
    rows=(
        (True, -7, 1 / 3, 'of "oak",\nand =1+1', dt.date(1999, 12, 31)),
        (False, 2**53 + 1, 2.5e15 / 3, "\u4e09, \u00e9", dt.date(2027, 1, 1)),
        (None, None, None, None, None),
        (True, 0, 5e-324, "null", dt.date(2027, 1, 1)),
        (True, 0, -0.0, "", dt.date(2027, 1, 1)),
    ),
)
EMPTY = FlatTable(name="empty", columns=COLUMNS, rows=())


def value(cell: str, kind: type) -> Scalar:
    """Return what the text of a cell stands for; an empty one for nothing."""
    if cell == "":
        return None
    if kind is bool:
        return {"true": True, "false": False}[cell]
    return dt.date.fromisoformat(cell) if kind is dt.date else kind(cell)


@pytest.mark.parametrize("table", [FULL, EMPTY])
def test_parquet_has_the_values_of_the_table(table: FlatTable) -> None:
    """And its columns in their order."""
    read: Any = pyarrow.parquet.read_table(BytesIO(as_parquet(table)))
    names = [column.name for column in table.columns]
    assert read.column_names == names
    assert [tuple(x[n] for n in names) for x in read.to_pylist()] == [*table.rows]


@pytest.mark.parametrize("table", [FULL, EMPTY])
def test_csv_has_the_values_of_the_table(table: FlatTable) -> None:
    """Read by another library, to the last digit; empty words are as absent ones."""
    heads, *lines = csv.reader(StringIO(as_csv(table).decode(), newline=""))
    assert heads == [column.name for column in table.columns]
    assert [
        tuple(value(cell, kind) for cell, kind in zip(line, KINDS, strict=True))
        for line in lines
    ] == [tuple(None if x == "" else x for x in row) for row in table.rows]


@pytest.mark.parametrize("write", [as_csv, as_parquet])
def test_the_same_table_gives_the_same_bytes(write: Any) -> None:  # noqa: ANN401
    """Nothing varies with the time or the process."""
    assert write(FULL) == write(FULL)


def test_the_dictionary_names_every_column() -> None:
    """With kind and meaning."""
    listed = dictionary([FULL, EMPTY]).rows
    assert len(listed) == 2 * len(COLUMNS)
    assert listed[2] == ("full", "a.float", "float", "meaning")
    assert listed[-1] == ("empty", "a.date", "date", "meaning")


@pytest.mark.parametrize(
    "word",
    [
        '=HYPERLINK("http://x","y")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1",
    ],
)
def test_a_formula_is_a_word_in_csv_and_unchanged_in_parquet(word: str) -> None:
    """A spreadsheet that opens the file computes nothing; numbers stay numbers."""
    columns = (Column("word", str, ""), Column("number", float, ""))
    made = FlatTable("made", columns, ((word, -1.5), (f"a{word}", 2.0)))
    lines = csv.reader(StringIO(as_csv(made).decode(), newline=""))
    assert [*lines][1:] == [[f"'{word}", "-1.5"], [f"a{word}", "2"]]
    read: Any = pyarrow.parquet.read_table(BytesIO(as_parquet(made)))
    assert read["word"].to_pylist() == [word, f"a{word}"]
