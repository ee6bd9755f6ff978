"""The time file: which rows and columns belong to the second stage.

The file has either the first row and column of each period, with the core in their
order, or the period of each row and column (EXPLICIT).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimizer.exchange.core_file import Core
from optimizer.exchange.smps_lines import SmpsLine, SmpsText

Booleans = NDArray[np.bool_]
NUMBER_OF_PERIODS = 2
WORDS_OF_A_START = 3
WORDS_OF_A_MEMBER = 2


@dataclass(frozen=True, slots=True)
class Periods:
    """Names of the problem and the two periods, and what the second one has."""

    problem: str
    names: tuple[str, ...]
    is_second_row: Booleans
    is_second_column: Booleans


@dataclass(slots=True)
class _Found:
    """The lines of a time file: period of each name, starts of periods."""

    problem: str = ""
    names: dict[str, int] = field(default_factory=dict[str, int])
    starts: list[SmpsLine] = field(default_factory=list[SmpsLine])
    rows: dict[str, int] = field(default_factory=dict[str, int])
    columns: dict[str, int] = field(default_factory=dict[str, int])
    is_explicit: bool = False


def read_time(text: SmpsText, core: Core) -> Periods:
    """Return the periods; with mistakes, all rows and columns as of the second one."""
    found = _Found()
    section = ""
    for record in text.lines():
        if record.is_header:
            section = record.words[0].upper()
            _open(record, section, found)
        elif section == "PERIODS":
            _note_period(text, record, found)
        elif section in {"ROWS", "COLUMNS"} and found.is_explicit:
            _note_member(text, record, found, core, section)
        else:
            text.wrong(record.line, section or "no section", "a section PERIODS")
    if len(found.names) != NUMBER_OF_PERIODS:
        expected = "2: only two-stage problems are read"
        text.wrong(0, f"{len(found.names)} periods", expected)
    rows, columns = _checked(text, found, core)
    return Periods(found.problem, tuple(found.names), rows, columns)


def _checked(text: SmpsText, found: _Found, core: Core) -> tuple[Booleans, Booleans]:
    """Return what belongs to the second period: all of it if there are mistakes."""
    if not text.mistakes:
        rows, columns = _members(text, found, core)
        if not text.mistakes:
            _check_order(text, core, rows, columns)
        if not text.mistakes:
            return rows, columns
    return (
        np.ones(len(core.named.rows), dtype=np.bool_),
        np.ones(len(core.named.columns), dtype=np.bool_),
    )


def _open(record: SmpsLine, section: str, found: _Found) -> None:
    if section == "TIME":
        found.problem = "_".join(record.words[1:])
    found.is_explicit |= "EXPLICIT" in (word.upper() for word in record.words)


def _note_period(text: SmpsText, record: SmpsLine, found: _Found) -> None:
    found.names.setdefault(record.words[-1], len(found.names))
    if len(record.words) == WORDS_OF_A_START:
        found.starts.append(record)
    elif not found.is_explicit:
        text.wrong(record.line, " ".join(record.words), "column, row, period")


def _note_member(
    text: SmpsText, record: SmpsLine, found: _Found, core: Core, section: str
) -> None:
    """Note the period of a row or column that is named."""
    if len(record.words) != WORDS_OF_A_MEMBER:
        text.wrong(record.line, " ".join(record.words), "a name and its period")
        return
    name, period = record.words
    known = core.row if section == "ROWS" else core.column
    members = found.rows if section == "ROWS" else found.columns
    if period not in found.names:
        text.wrong(record.line, period, f"one of {', '.join(found.names)}")
    elif name in known:
        members[name] = found.names[period]
    elif not (section == "ROWS" and name == core.outline.objective):
        text.wrong(record.line, name, f"one of the {section.lower()} of the core")


def _members(text: SmpsText, found: _Found, core: Core) -> tuple[Booleans, Booleans]:
    if found.is_explicit:
        return (
            _named(text, "row", core.row, found.rows),
            _named(text, "column", core.column, found.columns),
        )
    columns, rows = (
        [_start(text, record, position, core) for record in found.starts]
        for position in (0, 1)
    )
    for record, column, row in zip(found.starts[:1], columns, rows, strict=False):
        if column > 0 or row > 0:
            first = f"{core.named.columns[0]} and {core.named.rows[0]}"
            text.wrong(record.line, " ".join(record.words[:2]), f"the first, {first}")
    return (
        np.arange(len(core.named.rows)) >= rows[-1],
        np.arange(len(core.named.columns)) >= columns[-1],
    )


def _named(
    text: SmpsText, kind: str, known: dict[str, int], members: dict[str, int]
) -> Booleans:
    is_second = np.zeros(len(known), dtype=np.bool_)
    for name, position in known.items():
        if name not in members:
            text.wrong(0, f"{kind} {name} without a period", "a period for each")
        is_second[position] = members.get(name, 0) == 1
    return is_second


def _start(text: SmpsText, record: SmpsLine, position: int, core: Core) -> int:
    """Return where a period starts among the columns (0) or rows (1)."""
    known, kind = ((core.column, "columns"), (core.row, "rows"))[position]
    name = record.words[position]
    is_objective = kind == "rows" and name == core.outline.objective
    if name not in known and not is_objective:
        text.wrong(record.line, name, f"one of the {kind} of the core")
    return known.get(name, 0)


def _check_order(text: SmpsText, core: Core, rows: Booleans, columns: Booleans) -> None:
    """Note each row of the first stage that has a column of the second."""
    matrix = core.named.program.rows.tocoo()
    is_wrong = ~rows[matrix.row] & columns[matrix.col]
    for i in np.unique(matrix.row[is_wrong]):
        text.wrong(
            0,
            f"row {core.named.rows[i]} of the first period with a later column",
            "columns of the first period in its rows",
        )
