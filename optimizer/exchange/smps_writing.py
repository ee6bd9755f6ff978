"""From a two-stage problem to the three files of SMPS, line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import block_array, csr_array

from optimizer.exchange.mps_writing import (
    BOUND,
    OBJECTIVE,
    RIGHT_HAND_SIDE,
    write_mps,
)
from optimizer.exchange.two_stage import (
    Changes,
    Floats,
    Positions,
    ProgramNames,
    Scenario,
    SecondStage,
    TwoStageProblem,
    marked,
)
from optimizer.highs import INFINITY, LinearProgram, NamedProgram

WRITTEN_INFINITY = 1e30


def write_smps(problem: TwoStageProblem, directory: Path) -> tuple[Path, ...]:
    """Write core, time and stoch file into a directory and return their paths.

    Raises ValueError if a scenario needs a change that stoch files do not have.
    """
    _check(problem)
    directory.mkdir(parents=True, exist_ok=True)
    core, time, stoch = (
        directory / f"{problem.names.problem}{ending}"
        for ending in (".mps", ".tim", ".sto")
    )
    write_mps(_core(problem), core, name=problem.names.problem)
    _write(time, _time_lines(problem.names))
    _write(stoch, _stoch_lines(problem))
    return core, time, stoch


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in lines)


def _core(problem: TwoStageProblem) -> NamedProgram:
    """Return the core as one program: the first stage, then one second stage."""
    first, core, names = problem.first, problem.core, problem.names
    rows = csr_array(
        block_array([[first.rows, None], [core.technology, core.recourse]])
    )
    rows.eliminate_zeros()
    is_integer = np.concatenate(
        [marked(first.is_integer, first.cost), marked(core.is_integer, core.cost)]
    )
    program = LinearProgram(
        cost=np.concatenate([first.cost, core.cost]),
        rows=rows,
        row_lower=np.concatenate([first.row_lower, core.row_lower]),
        row_upper=np.concatenate([first.row_upper, core.row_upper]),
        column_lower=np.concatenate([first.column_lower, core.column_lower]),
        column_upper=np.concatenate([first.column_upper, core.column_upper]),
        is_integer=is_integer if is_integer.any() else None,
    )
    return NamedProgram(
        program,
        rows=(*names.first_rows, *names.second_rows),
        columns=(*names.first_columns, *names.second_columns),
        constant=problem.constant,
    )


def _time_lines(names: ProgramNames) -> Iterator[str]:
    yield f"TIME          {names.problem}"
    yield "PERIODS       LP"
    first_row = (*names.first_rows, OBJECTIVE)[0]
    starts = (
        (names.first_columns[0], first_row, names.periods[0]),
        (names.second_columns[0], names.second_rows[0], names.periods[1]),
    )
    for column, row, period in starts:
        yield f"    {column}  {row}  {period}"
    yield "ENDATA"


def _stoch_lines(problem: TwoStageProblem) -> Iterator[str]:
    names = problem.names
    lines = _ScenarioLines(names, problem.core)
    yield f"STOCH         {names.problem}"
    yield "SCENARIOS     DISCRETE"
    for scenario in problem.scenarios:
        probability = float(scenario.probability)
        yield f" SC {scenario.name}  ROOT  {probability!r}  {names.periods[1]}"
        yield from lines.of(scenario)
    yield "ENDATA"


@dataclass(frozen=True, slots=True)
class _ScenarioLines:
    """Data lines of a scenario: objective, matrix, right-hand side, bounds."""

    names: ProgramNames
    core: SecondStage

    def of(self, scenario: Scenario) -> Iterator[str]:
        """Yield the lines of one scenario."""
        names, core = self.names, self.core
        for j, value in _listed(scenario.cost):
            yield f"    {names.second_columns[j]}  {OBJECTIVE}  {value!r}"
        yield from self._matrix(
            scenario.technology, core.technology, names.first_columns
        )
        yield from self._matrix(scenario.recourse, core.recourse, names.second_columns)
        sides = _right_hand_sides(core, scenario)
        for i, value in _listed(sides):
            yield f"    {RIGHT_HAND_SIDE}  {names.second_rows[i]}  {value!r}"
        for kind, bounds in (
            ("LO", scenario.column_lower),
            ("UP", scenario.column_upper),
        ):
            for j, value in _listed(bounds):
                yield f" {kind} {BOUND}  {names.second_columns[j]}  {value!r}"

    def _matrix(
        self, changes: Changes, matrix: csr_array, columns: tuple[str, ...]
    ) -> Iterator[str]:
        rows = np.searchsorted(matrix.indptr, changes.positions, side="right") - 1
        for i, j, value in zip(
            rows.tolist(),
            matrix.indices[changes.positions].tolist(),
            changes.values.tolist(),
            strict=True,
        ):
            yield f"    {columns[j]}  {self.names.second_rows[i]}  {value!r}"


def _listed(changes: Changes) -> Iterator[tuple[int, float]]:
    """Yield (position, value) as plain numbers, infinite ones as SMPS has them."""
    values = np.clip(changes.values, -WRITTEN_INFINITY, WRITTEN_INFINITY)
    return zip(changes.positions.tolist(), values.tolist(), strict=True)


def _right_hand_sides(core: SecondStage, scenario: Scenario) -> Changes:
    """Return the new right-hand side of each row with another bound."""
    rows = _changed_rows(scenario)
    lower, upper = _bounds(core, scenario, rows)
    has_upper = np.isfinite(core.row_upper[rows])
    return Changes(rows, np.where(has_upper, upper, lower))


def _changed_rows(scenario: Scenario) -> Positions:
    return np.union1d(scenario.row_lower.positions, scenario.row_upper.positions)


def _bounds(
    core: SecondStage, scenario: Scenario, rows: Positions
) -> tuple[Floats, Floats]:
    lower = scenario.row_lower.of(core.row_lower)[rows]
    upper = scenario.row_upper.of(core.row_upper)[rows]
    return lower, upper


def _check(problem: TwoStageProblem) -> None:
    """Raise ValueError for changes that stoch files do not have.

    A row has one right-hand side; its type and the width of a range are fixed.
    """
    core, names = problem.core, problem.names
    is_free = np.isinf(core.row_lower) & np.isinf(core.row_upper)
    if is_free.any():
        name = names.second_rows[int(is_free.argmax())]
        msg = f"row {name} has no bound in the core, expected one"
        raise ValueError(msg)
    for scenario in problem.scenarios:
        rows = _changed_rows(scenario)
        lower, upper = _bounds(core, scenario, rows)
        before = core.row_upper[rows] - core.row_lower[rows]
        is_moved = (upper == -INFINITY) | (lower == INFINITY)
        is_moved |= np.where(
            np.isfinite(before),
            ~np.isclose(upper - lower, before, rtol=1e-12, atol=0.0),
            np.isfinite(lower) & np.isfinite(upper),
        )
        if is_moved.any():
            name = names.second_rows[int(rows[is_moved.argmax()])]
            msg = f"{scenario.name} changes the type of row {name}, expected its side"
            raise ValueError(msg)
