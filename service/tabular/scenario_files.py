"""Tables of scenarios as Parquet and CSV files, written and read.

The head is in the metadata of a Parquet file, and in the first lines of CSV, which
begin with a number sign. Cells are read as what their columns are to have; what they
mean together is not looked at.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from pydantic import ValidationError

from models.mistakes import Mistake
from models.scenario_table import (
    FORMAT,
    SCENARIO_COLUMNS,
    ScenarioHead,
    ScenarioTable,
    Texts,
)
from service.tabular.formulas import kept_as_text
from service.tabular.scenario_cells import MOST_TOLD, cells_of
from service.tabular.table_files import KINDS

HEAD = b"strongroom.scenarios"
MARK = "# "
ENDINGS = (".parquet", ".csv")
MOST_ROWS = 50_000_000


def scenario_file(table: ScenarioTable, ending: str) -> bytes:
    """Return a table of scenarios as a file of the format that the ending names."""
    return _as_parquet(table) if ending == ".parquet" else _as_csv(table)


def read_scenario_file(content: bytes, ending: str) -> ScenarioTable:
    """Return the table in a file; what cells have that they should not is in it.

    Raises ValueError, with the reason, if the content is not of that format.
    """
    if ending == ".parquet":
        return _read_parquet(content)
    return _read_csv(content)


def _as_parquet(table: ScenarioTable) -> bytes:
    page = io.BytesIO()
    found = _arrow(table)
    if table.head is not None:
        head = table.head.model_dump_json().encode()
        found = found.replace_schema_metadata({HEAD: head})
    pyarrow.parquet.write_table(found, page, compression="zstd")
    return page.getvalue()


def _as_csv(table: ScenarioTable) -> bytes:
    head = io.StringIO(newline="")
    if table.head is not None:
        lines = csv.writer(head, lineterminator="\n")
        for name, value in table.head.model_dump(mode="json").items():
            lines.writerow([f"{MARK}{name}: {json.dumps(value)}"])
    page = io.BytesIO()
    page.write(head.getvalue().encode())
    pyarrow.csv.write_csv(_arrow(table, is_text=True), page)
    return page.getvalue()


def _arrow(table: ScenarioTable, *, is_text: bool = False) -> pa.Table:
    fields: list[pa.Field] = []
    arrays: list[pa.Array] = []
    for column in SCENARIO_COLUMNS:
        kind = KINDS[column.kind]
        fields.append(pa.field(column.name, kind, metadata={"meaning": column.text}))
        if column.kind is str:
            arrays.append(_words(table.texts[column.name], is_text=is_text))
        else:
            cells = table.numbers[column.name]
            array = pa.array(cells.values, mask=~cells.is_given)
            arrays.append(array.cast(kind))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _words(texts: Texts, *, is_text: bool) -> pa.Array:
    words = [kept_as_text(x) if is_text else x for x in texts.words]
    codes = pa.array(texts.codes, type=pa.int32(), mask=texts.codes < 0)
    coded = pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))
    return coded.cast(pa.string())


def _read_parquet(content: bytes) -> ScenarioTable:
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MOST_ROWS:
            msg = f"{file.metadata.num_rows:,} rows, more than {MOST_ROWS:,}"
            raise ValueError(msg)
        found = file.read()
    except (pa.ArrowException, OSError) as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    metadata: Mapping[bytes, bytes] = found.schema.metadata or {}
    mistakes: list[Mistake] = []
    head = _head(metadata.get(HEAD), mistakes)
    texts, numbers = cells_of(found, "row 1", mistakes)
    return ScenarioTable(head, texts, numbers, "row", 1, tuple(mistakes))


def _read_csv(content: bytes) -> ScenarioTable:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"byte {error.start} is no UTF-8"
        raise ValueError(msg) from None
    lines, mistakes = text.splitlines(), list[Mistake]()
    skipped = next(
        (i for i, x in enumerate(lines) if not x.lstrip('"').startswith("#")),
        len(lines),
    )
    head = _head_of_lines(lines[:skipped], mistakes)
    if skipped == len(lines):
        msg = "no line of columns"
        raise ValueError(msg)
    if "," not in lines[skipped]:
        msg = f"line {skipped + 1} has no commas, which part the cells of a CSV file"
        raise ValueError(msg)
    first_row = skipped + 2

    ragged: list[Mistake] = []

    def on_wrong(row: Any) -> str:  # noqa: ANN401 - has no stub
        expected = f"{row.expected_columns} cells, as many as there are columns"
        found = f"{row.actual_columns} cells"
        ragged.append(Mistake(f"line {row.number}", found, expected))
        return "skip"

    try:
        found = pyarrow.csv.read_csv(
            io.BytesIO(text.rstrip().encode()),
            read_options=pyarrow.csv.ReadOptions(skip_rows=skipped, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(
                invalid_row_handler=on_wrong, ignore_empty_lines=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={x.name: pa.string() for x in SCENARIO_COLUMNS},
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowException as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    if ragged:
        # Rows that were left out would shift the numbers of those after them.
        told = (*mistakes, *ragged[:MOST_TOLD])
        return ScenarioTable(head, {}, {}, mistakes=told)
    texts, numbers = cells_of(found, f"line {first_row}", mistakes)
    return ScenarioTable(head, texts, numbers, "line", first_row, tuple(mistakes))


def _head_of_lines(
    lines: Sequence[str], mistakes: list[Mistake]
) -> ScenarioHead | None:
    """Return the head in the first lines; None if there are none, or a wrong one."""
    fields: dict[str, object] = {}
    for number, cells in enumerate(csv.reader(lines), start=1):
        name, _, value = cells[0].removeprefix("#").strip().partition(":")
        try:
            fields[name] = json.loads(value)
        except ValueError:
            where = f"line {number}, {name}"
            mistakes.append(Mistake(where, value.strip(), "a value in JSON"))
    if mistakes or not fields:
        return None
    return _head(json.dumps(fields).encode(), mistakes)


def _head(content: bytes | None, mistakes: list[Mistake]) -> ScenarioHead | None:
    """Return the head; None if there is none or it is wrong, which is a mistake."""
    if content is None:
        return None
    try:
        head = ScenarioHead.model_validate_json(content)
    except ValidationError as error:
        for fault in error.errors():
            where = ".".join(("head", *(str(x) for x in fault["loc"])))
            mistakes.append(Mistake(where, fault["input"], fault["msg"]))
        return None
    if head.format != FORMAT:
        mistakes.append(Mistake("head.format", head.format, f"format {FORMAT}"))
    return head
