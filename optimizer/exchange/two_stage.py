"""A two-stage problem as arrays: one core, and what each scenario changes in it.

The structure is the same in all scenarios. Entries that some scenario changes are
stored in the core's matrices even where the core has a 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.highs import LinearProgram, NamedProgram

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ProgramNames:
    """What rows and columns of each stage and the two periods are called."""

    problem: str
    first_rows: tuple[str, ...]
    first_columns: tuple[str, ...]
    second_rows: tuple[str, ...]
    second_columns: tuple[str, ...]
    periods: tuple[str, str] = ("STAGE1", "STAGE2")


@dataclass(frozen=True, slots=True)
class SecondStage:
    """Minimise cost @ y, row_lower <= technology @ x + recourse @ y <= row_upper."""

    cost: Floats
    technology: csr_array
    recourse: csr_array
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    is_integer: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """New values at some positions of one array of the core."""

    positions: Positions = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    values: Floats = field(default_factory=lambda: np.zeros(0))

    def of(self, array: Floats) -> Floats:
        """Return the array with the changes."""
        changed = array.copy()
        changed[self.positions] = self.values
        return changed

    @property
    def key(self) -> bytes:
        """Bytes that are equal for equal changes of one array."""
        return self.positions.tobytes() + b"=" + self.values.tobytes()


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one scenario changes in the core; matrices by position in their data."""

    name: str
    probability: float
    cost: Changes = field(default_factory=Changes)
    technology: Changes = field(default_factory=Changes)
    recourse: Changes = field(default_factory=Changes)
    row_lower: Changes = field(default_factory=Changes)
    row_upper: Changes = field(default_factory=Changes)
    column_lower: Changes = field(default_factory=Changes)
    column_upper: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class TwoStageProblem:
    """Minimise first.cost @ x + constant + expected cost of the second stage.

    notes are what was read in another way than it stands in a file.
    """

    names: ProgramNames
    first: LinearProgram
    core: SecondStage
    scenarios: tuple[Scenario, ...]
    constant: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def probability(self) -> Floats:
        """Probabilities of the scenarios."""
        return np.array([scenario.probability for scenario in self.scenarios])

    def second_stage(self, w: int) -> SecondStage:
        """Return all arrays of a scenario."""
        core, scenario = self.core, self.scenarios[w]
        return SecondStage(
            cost=scenario.cost.of(core.cost),
            technology=_changed(core.technology, scenario.technology),
            recourse=_changed(core.recourse, scenario.recourse),
            row_lower=scenario.row_lower.of(core.row_lower),
            row_upper=scenario.row_upper.of(core.row_upper),
            column_lower=scenario.column_lower.of(core.column_lower),
            column_upper=scenario.column_upper.of(core.column_upper),
            is_integer=core.is_integer,
        )

    def second_stages(self) -> Iterator[SecondStage]:
        """Return all arrays of one scenario after the other."""
        return (self.second_stage(w) for w in range(len(self.scenarios)))


def _changed(matrix: csr_array, changes: Changes) -> csr_array:
    """Return a matrix of the same structure, the same one if nothing changes."""
    if len(changes.positions) == 0:
        return matrix
    values = changes.of(matrix.data)
    return csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)


def extensive_form(problem: TwoStageProblem) -> NamedProgram:
    """Return one program over all scenarios; scenario `s` has its rows as `row@s`."""
    first = problem.first
    stages = list(problem.second_stages())
    weighted = [
        probability * stage.cost
        for probability, stage in zip(problem.probability, stages, strict=True)
    ]
    program = LinearProgram(
        cost=np.concatenate([first.cost, *weighted]),
        rows=_stacked(first.rows, stages),
        row_lower=np.concatenate([first.row_lower, *(s.row_lower for s in stages)]),
        row_upper=np.concatenate([first.row_upper, *(s.row_upper for s in stages)]),
        column_lower=np.concatenate(
            [first.column_lower, *(s.column_lower for s in stages)]
        ),
        column_upper=np.concatenate(
            [first.column_upper, *(s.column_upper for s in stages)]
        ),
        is_integer=_integers(problem, stages),
    )
    names = problem.names
    return NamedProgram(
        program,
        rows=(*names.first_rows, *_by_scenario(problem, names.second_rows)),
        columns=(*names.first_columns, *_by_scenario(problem, names.second_columns)),
        constant=problem.constant,
    )


def _stacked(first: csr_array, stages: list[SecondStage]) -> csr_array:
    """Return the rows of the first stage above those of each scenario."""
    top, left = first.shape
    parts: list[coo_array] = [coo_array(first)]
    corners: list[tuple[int, int]] = [(0, 0)]
    for w, stage in enumerate(stages):
        height, width = stage.recourse.shape
        parts += [coo_array(stage.technology), coo_array(stage.recourse)]
        corners += [(top + w * height, 0), (top + w * height, left + w * width)]
    rows = [p.row + down for p, (down, _) in zip(parts, corners, strict=True)]
    columns = [p.col + right for p, (_, right) in zip(parts, corners, strict=True)]
    height = top + sum(stage.recourse.shape[0] for stage in stages)
    width = left + sum(stage.recourse.shape[1] for stage in stages)
    stacked = csr_array(
        (
            np.concatenate([part.data for part in parts]),
            (np.concatenate(rows), np.concatenate(columns)),
        ),
        shape=(height, width),
    )
    stacked.eliminate_zeros()
    return stacked


def _integers(
    problem: TwoStageProblem, stages: list[SecondStage]
) -> NDArray[np.bool_] | None:
    first, second = problem.first.is_integer, problem.core.is_integer
    if first is None and second is None:
        return None
    return np.concatenate(
        [
            marked(first, problem.first.cost),
            *(marked(second, stage.cost) for stage in stages),
        ]
    )


def marked(is_integer: NDArray[np.bool_] | None, cost: Floats) -> NDArray[np.bool_]:
    """Return which columns are integers; none without integrality."""
    return np.zeros(len(cost), dtype=np.bool_) if is_integer is None else is_integer


def _by_scenario(problem: TwoStageProblem, names: tuple[str, ...]) -> Iterator[str]:
    return (
        f"{name}@{scenario.name}" for scenario in problem.scenarios for name in names
    )
