"""A program with its names as an MPS file in free format, packed if it ends in .gz.

The writer of HiGHS 1.16 is not used: it puts a continuous column without entries that
follows an integer one among the integers.
"""

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path

import numpy as np
from scipy.sparse import csc_array

from optimizer.highs import LinearProgram, NamedProgram

OBJECTIVE = "Obj"
RIGHT_HAND_SIDE = "RHS"
RANGE = "RANGE"
BOUND = "BOUND"
PACKED = ".gz"


def write_mps(named: NamedProgram, path: Path, *, name: str = "") -> None:
    """Write the program with all names and every digit."""
    with ExitStack() as stack:
        file = stack.enter_context(path.open("wb"))
        if path.suffix == PACKED:
            # Without name and time in it, the same program gives the same bytes.
            file = stack.enter_context(
                gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0)
            )
        text = stack.enter_context(TextIOWrapper(file, encoding="ascii"))
        text.writelines(f"{line}\n" for line in _lines(named, name))


def _lines(named: NamedProgram, name: str) -> Iterator[str]:
    yield f"NAME          {name}".rstrip()
    yield "ROWS"
    yield f" N  {OBJECTIVE}"
    kinds = _kinds(named.program)
    for kind, row in zip(kinds, named.rows, strict=True):
        yield f" {kind}  {row}"
    yield "COLUMNS"
    yield from _columns(named)
    yield "RHS"
    yield from _right_hand_sides(named, kinds)
    yield "BOUNDS"
    yield from _bounds(named)
    yield "ENDATA"


def _kinds(program: LinearProgram) -> list[str]:
    """Return the type of each row; one between two bounds is L with a range."""
    lower, upper = program.row_lower, program.row_upper
    has_lower, has_upper = np.isfinite(lower), np.isfinite(upper)
    kinds = np.select([lower == upper, has_upper, has_lower], ["E", "L", "G"], "N")
    return kinds.tolist()


def _columns(named: NamedProgram) -> Iterator[str]:
    program, rows = named.program, named.rows
    matrix = csc_array(program.rows)
    starts, entries, values = (
        x.tolist() for x in (matrix.indptr, matrix.indices, matrix.data)
    )
    costs: list[float] = program.cost.tolist()
    is_inside = False
    for j, column in enumerate(named.columns):
        is_integer = program.is_integer is not None and bool(program.is_integer[j])
        if is_integer != is_inside:
            yield f"    MARKER  'MARKER'  '{'INTORG' if is_integer else 'INTEND'}'"
            is_inside = is_integer
        start, end = starts[j], starts[j + 1]
        if costs[j] != 0 or start == end:
            yield f"    {column}  {OBJECTIVE}  {costs[j]!r}"
        for k in range(start, end):
            yield f"    {column}  {rows[entries[k]]}  {values[k]!r}"
    if is_inside:
        yield "    MARKER  'MARKER'  'INTEND'"


def _right_hand_sides(named: NamedProgram, kinds: list[str]) -> Iterator[str]:
    program = named.program
    if named.constant != 0:
        yield f"    {RIGHT_HAND_SIDE}  {OBJECTIVE}  {-named.constant!r}"
    lower: list[float] = program.row_lower.tolist()
    upper: list[float] = program.row_upper.tolist()
    ranges: list[str] = []
    for kind, row, least, most in zip(kinds, named.rows, lower, upper, strict=True):
        side = least if kind == "G" else most
        if kind != "N" and side != 0:
            yield f"    {RIGHT_HAND_SIDE}  {row}  {side!r}"
        if kind == "L" and np.isfinite(least):
            ranges.append(f"    {RANGE}  {row}  {most - least!r}")
    if ranges:
        yield "RANGES"
        yield from ranges


def _bounds(named: NamedProgram) -> Iterator[str]:
    program = named.program
    lower: list[float] = program.column_lower.tolist()
    upper: list[float] = program.column_upper.tolist()
    kinds = (
        [False] * len(lower)
        if program.is_integer is None
        else program.is_integer.tolist()
    )
    for column, least, most, is_integer in zip(
        named.columns, lower, upper, kinds, strict=True
    ):
        for word in _bound(least, most, is_integer=is_integer):
            kind, _, value = word.partition(" ")
            yield f" {kind} {BOUND}  {column}  {value}".rstrip()


def _bound(least: float, most: float, *, is_integer: bool) -> Iterator[str]:
    """Yield type and value of the bounds that differ from 0 and infinity.

    An integer column without a bound would be read as binary.
    """
    if least == most:
        yield f"FX {least!r}"
        return
    if least == -np.inf:
        yield "FR" if most == np.inf else "MI"
    elif least != 0 or most < 0:
        yield f"LO {least!r}"
    if most < np.inf:
        yield f"UP {most!r}"
    elif is_integer:
        yield "PL"
