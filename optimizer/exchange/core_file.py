"""The core file: one deterministic program, read by HiGHS.

HiGHS keeps neither the type of a row nor the names of the right-hand side, and wants
the header of a section to be one word: these lines are read here.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from optimizer.exchange.smps_lines import SmpsLine, SmpsText
from optimizer.exchange.two_stage import Floats
from optimizer.highs import NamedProgram, read_model

WIDTH_OF_A_PAIR = 2
ONE_WORD_HEADERS = {"ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS"}


@dataclass(slots=True)
class Outline:
    """What HiGHS does not keep of a core file."""

    objective: str = ""
    row_types: dict[str, str] = field(default_factory=dict[str, str])
    right_hand_sides: set[str] = field(default_factory=set[str])
    values: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Core:
    """The program, where its rows and columns stand, and the sides of its rows.

    A row with the right-hand side b is between b + below and b + above.
    """

    named: NamedProgram
    outline: Outline
    row: dict[str, int]
    column: dict[str, int]
    right_hand_side: Floats
    below: Floats
    above: Floats


def read_core(text: SmpsText) -> Core | None:
    """Return the core, or None and a mistake."""
    outline = _outline(text)
    try:
        named = _read(text.path)
    except ValueError:
        text.wrong(0, "not read by HiGHS", "a program in MPS, to be minimised")
        return None
    sides = _sides(named, outline)
    return Core(
        named=named,
        outline=outline,
        row={name: i for i, name in enumerate(named.rows)},
        column={name: j for j, name in enumerate(named.columns)},
        right_hand_side=sides,
        below=_distance(named.program.row_lower, sides),
        above=_distance(named.program.row_upper, sides),
    )


def _outline(text: SmpsText) -> Outline:
    outline, section = Outline(), ""
    for record in text.lines():
        if record.is_header:
            section = record.words[0].upper()
        elif section == "ROWS" and len(record.words) == WIDTH_OF_A_PAIR:
            kind, name = record.words
            if kind == "N" and not outline.objective:
                outline.objective = name
            outline.row_types[name] = kind
        elif section == "RHS":
            _note_right_hand_side(text, record, outline)
    return outline


def _note_right_hand_side(text: SmpsText, record: SmpsLine, outline: Outline) -> None:
    words = record.words
    if len(words) % 2:
        outline.right_hand_sides.add(words[0])
        words = words[1:]
    for name, value in pairs(words):
        outline.values[name] = text.number(record.line, value)


def pairs(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (row, value) as they stand in one line."""
    return zip(words[::2], words[1::2], strict=False)


def _read(path: Path) -> NamedProgram:
    """Read the file with HiGHS, which needs one-word headers and an .mps name."""
    with tempfile.TemporaryDirectory(prefix="strongroom-") as folder:
        copy = Path(folder) / "core.mps"
        with path.open(encoding="latin-1") as lines, copy.open("w") as written:
            for line in lines:
                header = "" if line[:1].isspace() else line.partition("\t")[0]
                word = header.partition(" ")[0].strip()
                written.write(f"{word}\n" if word in ONE_WORD_HEADERS else line)
        return read_model(str(copy))


def _sides(named: NamedProgram, outline: Outline) -> Floats:
    """Return the right-hand side by row: of a range, the one that the file has."""
    program = named.program
    lower, upper = program.row_lower, program.row_upper
    sides = np.where(np.isfinite(upper), upper, lower)
    is_range = np.isfinite(lower) & np.isfinite(upper) & (lower < upper)
    for i in np.flatnonzero(is_range):
        sides[i] = outline.values.get(named.rows[i], 0.0)
    return np.where(np.isfinite(sides), sides, 0.0)


def _distance(bounds: Floats, sides: Floats) -> Floats:
    return np.where(np.isfinite(bounds), bounds - sides, bounds)
