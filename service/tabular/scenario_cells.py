"""Cells of a file of scenarios, read as what their columns are to have."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.mistakes import Mistake
from models.scenario_table import SCENARIO_COLUMNS, Numbers, ScenarioColumn, Texts
from service.tabular.formulas import FORMULA_OPENINGS
from service.tabular.table_files import KINDS

MOST_TOLD = 10  # rows of one kind of mistake
WORDS = {bool: "true or false", int: "a whole number", float: "a number"}


def cells_of(
    found: pa.Table, first: str, mistakes: list[Mistake]
) -> tuple[dict[str, Texts], dict[str, Numbers]]:
    """Return the columns that are read, and add the mistakes of all."""
    names = list(found.column_names)
    mistakes += _wrong_columns(names)
    texts: dict[str, Texts] = {}
    numbers: dict[str, Numbers] = {}
    for column in SCENARIO_COLUMNS:
        if column.name == "start" or names.count(column.name) != 1:
            continue  # a spreadsheet writes dates in a way of its own
        array = found.column(column.name).combine_chunks()
        if column.kind is str:
            texts[column.name] = _texts(array)
        else:
            numbers[column.name] = cells = _numbers(array, column)
            mistakes += _wrong_cells(array, cells, column, first)
    return texts, numbers


def _wrong_columns(names: Sequence[str]) -> Iterator[Mistake]:
    """Yield columns that are not known, are there twice, or are missing."""
    known = {x.name: x for x in SCENARIO_COLUMNS}
    for name in dict.fromkeys(names):
        if name not in known:
            yield Mistake("columns", name, f"one of {', '.join(known)}")
        elif names.count(name) > 1:
            yield Mistake("columns", f"{name} more than once", "it once")
    for name, column in known.items():
        if column.is_read and name not in names:
            yield Mistake("columns", f"no {name}", "this column")


def _numbers(array: pa.Array, column: ScenarioColumn) -> Numbers:
    """Return the cells of a column; those that cannot be read are marked."""
    wanted = KINDS[column.kind]
    try:
        read, is_wrong = _cast(array, wanted), None
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        read, is_wrong = _cast_one_by_one(array, wanted)
    is_given = np.asarray(read.is_valid())
    values = read.fill_null(False if column.kind is bool else 0)
    return Numbers(np.asarray(values), is_given, is_wrong)


def _texts(array: pa.Array) -> Texts:
    if not pa.types.is_string(array.type):
        array = array.cast(pa.string())
    coded = array.dictionary_encode()
    words = tuple(_word(x) for x in coded.dictionary.to_pylist())
    return Texts(words, np.asarray(coded.indices.fill_null(-1), dtype=np.int64))


def _word(word: str) -> str:
    """Return a word without the apostrophe that keeps it from being a formula."""
    is_kept = word.startswith("'") and word[1:].startswith(FORMULA_OPENINGS)
    return word[1:] if is_kept else word


def _cast(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    kind = array.type
    # A truth value is no number, and 1 no truth value.
    if pa.types.is_boolean(kind) != pa.types.is_boolean(wanted) and not (
        pa.types.is_string(kind) or pa.types.is_null(kind)
    ):
        msg = f"{kind} is no {wanted}"
        raise pa.ArrowInvalid(msg)
    return array.cast(wanted)


def _cast_one_by_one(
    array: pa.Array, wanted: pa.DataType
) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Return what can be cast, null for the rest, and where that is."""
    is_wrong = np.zeros(len(array), dtype=np.bool_)
    values: list[object] = []
    distinct = array.dictionary_encode()
    read: list[object] = []
    wrong: list[bool] = []
    for i in range(len(distinct.dictionary)):
        try:
            read.append(_cast(distinct.dictionary.slice(i, 1), wanted)[0].as_py())
            wrong.append(False)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            read.append(None)
            wrong.append(True)
    for row, code in enumerate(distinct.indices.to_pylist()):
        values.append(None if code is None else read[code])
        is_wrong[row] = code is not None and wrong[code]
    return pa.array(values, type=wanted), is_wrong


def _wrong_cells(
    array: pa.Array, cells: Numbers, column: ScenarioColumn, first: str
) -> Iterator[Mistake]:
    """Yield the first cells that have something else; first names the first row."""
    if cells.is_wrong is None:
        return
    word, number = first.split()
    rows = np.flatnonzero(cells.is_wrong).tolist()
    for row in rows[:MOST_TOLD]:
        where = f"{word} {int(number) + row}, column {column.name}"
        yield Mistake(where, array[row].as_py(), WORDS[column.kind])
    if len(rows) > MOST_TOLD:
        further = f"something else in {len(rows) - MOST_TOLD:,} further rows"
        yield Mistake(f"column {column.name}", further, WORDS[column.kind])
