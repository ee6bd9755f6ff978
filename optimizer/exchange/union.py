"""Scenarios with different rows and columns, brought to one common structure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.exchange.scenario_changes import matrix_of
from optimizer.exchange.two_stage import (
    Changes,
    Floats,
    Positions,
    Scenario,
    SecondStage,
)
from optimizer.highs import INFINITY

Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of a matrix: place is row x width + column, each place once."""

    places: Positions
    values: Floats


@dataclass(frozen=True, slots=True)
class UnionMember:
    """The second stage of one scenario, by position in the union of all.

    has_row and has_column say what the scenario has; bounds and costs of the rest are
    ignored.
    """

    name: str
    probability: float
    has_row: Booleans
    has_column: Booleans
    cost: Floats
    technology: Entries
    recourse: Entries
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats


@dataclass(frozen=True, slots=True)
class _Core:
    """The core, and the places of the entries that its matrices store."""

    stage: SecondStage
    technology_places: Positions
    recourse_places: Positions


def unite(
    parts: Sequence[UnionMember], number_of_first_columns: int
) -> tuple[SecondStage, tuple[Scenario, ...]]:
    """Return a core, and what each scenario changes in it.

    Each value of the core is that of the first scenario that has it. A row
    that a scenario lacks is free there; an equation that some scenario lacks is empty
    in the core, since no right-hand side makes it free.
    """
    core = _core(parts, number_of_first_columns)
    return core.stage, tuple(_scenario(core, part) for part in parts)


def _core(parts: Sequence[UnionMember], number_of_first_columns: int) -> _Core:
    row_lower = _first([(part.has_row, part.row_lower) for part in parts])
    row_upper = _first([(part.has_row, part.row_upper) for part in parts])
    cost = _first([(part.has_column, part.cost) for part in parts])
    column_lower = _first([(part.has_column, part.column_lower) for part in parts])
    column_upper = _first([(part.has_column, part.column_upper) for part in parts])
    height, width = len(row_lower), len(cost)
    is_everywhere = np.logical_and.reduce([part.has_row for part in parts])
    is_emptied = ~is_everywhere & (row_lower == row_upper)
    none = np.zeros(0)
    technology_places = _union([part.technology.places for part in parts])
    recourse_places = _union([part.recourse.places for part in parts])
    technology, _ = matrix_of(
        technology_places[:0],
        none,
        technology_places,
        (height, number_of_first_columns),
    )
    recourse, _ = matrix_of(recourse_places[:0], none, recourse_places, (height, width))
    rows = technology_places // max(number_of_first_columns, 1)
    for part in reversed(parts):
        chosen = part.has_row[rows] & ~is_emptied[rows]
        values = _at(part.technology, technology_places)
        technology.data[chosen] = values[chosen]
    rows, columns = np.divmod(recourse_places, max(width, 1))
    for part in reversed(parts):
        chosen = part.has_row[rows] & part.has_column[columns]
        recourse.data[chosen] = _at(part.recourse, recourse_places)[chosen]
    stage = SecondStage(
        cost, technology, recourse, row_lower, row_upper, column_lower, column_upper
    )
    return _Core(stage, technology_places, recourse_places)


def _scenario(core: _Core, part: UnionMember) -> Scenario:
    stage = core.stage
    lacks_row, lacks_column = ~part.has_row, ~part.has_column
    is_equation = stage.row_lower == stage.row_upper
    free = np.where(is_equation, 0.0, INFINITY)
    rows, columns = np.divmod(core.recourse_places, max(len(stage.cost), 1))
    # Columns that the scenario lacks are 0 and rows free, whatever their entries.
    matters = part.has_column[columns] & (part.has_row[rows] | is_equation[rows])
    technology_rows = core.technology_places // max(stage.technology.shape[1], 1)
    return Scenario(
        name=part.name,
        probability=part.probability,
        cost=_changes(part.cost, stage.cost, part.has_column),
        technology=_changes(
            _at(part.technology, core.technology_places),
            stage.technology.data,
            part.has_row[technology_rows],
        ),
        recourse=_changes(
            _at(part.recourse, core.recourse_places), stage.recourse.data, matters
        ),
        row_lower=_changes(np.where(lacks_row, -free, part.row_lower), stage.row_lower),
        row_upper=_changes(np.where(lacks_row, free, part.row_upper), stage.row_upper),
        column_lower=_changes(
            np.where(lacks_column, 0.0, part.column_lower), stage.column_lower
        ),
        column_upper=_changes(
            np.where(lacks_column, 0.0, part.column_upper), stage.column_upper
        ),
    )


def _first(candidates: Sequence[tuple[Booleans, Floats]]) -> Floats:
    """Return each value from the first part that has it."""
    found = np.zeros(len(candidates[0][0]))
    for has, values in reversed(candidates):
        found[has] = values[has]
    return found


def _union(places: Sequence[Positions]) -> Positions:
    return np.unique(np.concatenate(places))


def _at(entries: Entries, places: Positions) -> Floats:
    """Return the values at all places of the union, 0 where there is no entry."""
    values = np.zeros(len(places))
    values[np.searchsorted(places, entries.places)] = entries.values
    return values


def _changes(values: Floats, core: Floats, matters: Booleans | None = None) -> Changes:
    changed = values != core
    positions = np.flatnonzero(changed if matters is None else changed & matters)
    return Changes(positions, values[positions])
