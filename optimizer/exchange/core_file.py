"""The core file: one deterministic program, checked line by line, read by HiGHS."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from optimizer.exchange.core_outline import Outline, read_outline
from optimizer.exchange.smps_lines import SmpsText
from optimizer.exchange.two_stage import Floats
from optimizer.highs import LinearProgram, NamedProgram, read_model


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


def read_core(text: SmpsText) -> Core:
    """Return the core; with mistakes, one that has its names alone."""
    outline = read_outline(text)
    if not text.mistakes:
        try:
            return _core(_read(outline), outline)
        except ValueError:
            text.wrong(0, "not read by HiGHS", "a program in MPS, to be minimised")
    return _core(_names(outline), outline)


def _core(named: NamedProgram, outline: Outline) -> Core:
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


def _read(outline: Outline) -> NamedProgram:
    with tempfile.TemporaryDirectory(prefix="strongroom-") as folder:
        copy = Path(folder) / "core.mps"
        copy.write_text("\n".join([*outline.lines, ""]), encoding="utf-8")
        return read_model(str(copy))


def _names(outline: Outline) -> NamedProgram:
    """Return a program of zeros, so that the other files can be checked by names."""
    rows = tuple(name for name, kind in outline.row_types.items() if kind != "N")
    columns = tuple(outline.columns)
    height, width = np.zeros(len(rows)), np.zeros(len(columns))
    empty = csr_array((len(rows), len(columns)))
    program = LinearProgram(width, empty, height, height, width, width)
    return NamedProgram(program, rows=rows, columns=columns)


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
