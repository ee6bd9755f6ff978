"""Tables as Parquet and CSV: the same values and the same bytes each time.

Only a word that a spreadsheet would compute differs in CSV: an apostrophe precedes it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from io import BytesIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from models.record import Record
from service.tabular.flat_tables import Column, FlatTable, Scalar, tables_of
from service.tabular.formulas import kept_as_text

KINDS = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    dt.date: pa.date32(),
}


def as_parquet(table: FlatTable) -> bytes:
    """Return a table as a Parquet file; what a column means is in its metadata."""
    page = BytesIO()
    pyarrow.parquet.write_table(_arrow(table), page, compression="zstd")
    return page.getvalue()


def arrays_as_file(columns: Mapping[Column, object], ending: str) -> bytes:
    """Return columns, arrays of one length, as the file that the ending names.

    That is .parquet or .csv.
    """
    fields = [_field(column) for column in columns]
    arrays = [
        pa.array(values, type=field.type)
        for field, values in zip(fields, columns.values(), strict=True)
    ]
    page = BytesIO()
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    if ending == ".csv":
        pyarrow.csv.write_csv(table, page)
    else:
        pyarrow.parquet.write_table(table, page, compression="zstd")
    return page.getvalue()


def as_csv(table: FlatTable) -> bytes:
    """Return a table as CSV: words in quotation marks, what is absent empty.

    An apostrophe precedes a word that a spreadsheet would compute as a formula.
    """
    rows = tuple(tuple(_no_formula(cell) for cell in row) for row in table.rows)
    page = BytesIO()
    pyarrow.csv.write_csv(_arrow(replace(table, rows=rows)), page)
    return page.getvalue()


def document_tables(documents: Mapping[str, Record]) -> list[FlatTable]:
    """Return the tables of documents by their names, without those of no column."""
    return [
        table
        for name, document in documents.items()
        for table in tables_of(name, document)
        if table.columns
    ]


def dictionary(tables: Iterable[FlatTable]) -> FlatTable:
    """Return the table of all columns, with their kinds and what they mean."""
    names = ("table", "column", "kind", "meaning")
    return FlatTable(
        name="columns",
        columns=tuple(Column(name, str, "") for name in names),
        rows=tuple(
            (table.name, column.name, column.kind.__name__, column.text)
            for table in tables
            for column in table.columns
        ),
    )


def _no_formula(cell: Scalar) -> Scalar:
    return kept_as_text(cell) if isinstance(cell, str) else cell


def _arrow(table: FlatTable) -> pa.Table:
    fields = [_field(column) for column in table.columns]
    cells = zip(*table.rows, strict=True) if table.rows else ((),) * len(fields)
    arrays = [
        pa.array(values, type=field.type)
        for field, values in zip(fields, cells, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, KINDS[column.kind], metadata={"meaning": column.text})
