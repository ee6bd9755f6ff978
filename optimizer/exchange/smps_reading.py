"""From the three files of SMPS (core, time, stoch) to a two-stage problem.

The format: Birge, Dempster, Gassmann, Gunn, King, Wallace (1987), "A standard input
format for multiperiod stochastic linear programs", COAL Newsletter 17.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.mistakes import Mistake
from optimizer.exchange.core_file import Core, read_core
from optimizer.exchange.scenario_changes import changed_scenario, structure
from optimizer.exchange.smps_lines import InvalidSmpsError, SmpsText
from optimizer.exchange.stoch_file import Realisation, read_stoch
from optimizer.exchange.targets import Targets
from optimizer.exchange.time_file import Periods, read_time
from optimizer.exchange.two_stage import ProgramNames, SecondStage, TwoStageProblem
from optimizer.highs import LinearProgram

ENDINGS = {
    "core": (".cor", ".core", ".mps"),
    "time": (".tim", ".time"),
    "stoch": (".sto", ".stoch", ".stoc"),
}


def read_smps(directory: Path) -> TwoStageProblem:
    """Return the problem of a directory with one file of each kind.

    Raises InvalidSmpsError with every mistake of the first file that has any.
    """
    core_path, time_path, stoch_path = find_files(directory)
    core_text = SmpsText(core_path)
    core = read_core(core_text)
    if core is None or core_text.mistakes:
        raise InvalidSmpsError(core_text.mistakes)
    time_text = SmpsText(time_path)
    periods = read_time(time_text, core)
    if periods is None:
        raise InvalidSmpsError(time_text.mistakes)
    stoch_text = SmpsText(stoch_path)
    targets = Targets(core, periods)
    scenarios = read_stoch(stoch_text, targets)
    if stoch_text.mistakes:
        raise InvalidSmpsError(stoch_text.mistakes)
    return _problem(core, periods, targets, scenarios)


def find_files(directory: Path) -> tuple[Path, Path, Path]:
    """Return core, time and stoch file of a directory, by their suffixes."""
    mistakes: list[Mistake] = []
    chosen: list[Path] = []
    there = sorted(directory.iterdir()) if directory.is_dir() else []
    for kind, endings in ENDINGS.items():
        found = [path for path in there if path.suffix.lower() in endings]
        if len(found) == 1:
            chosen.append(found[0])
            continue
        expected = f"one {kind} file ({', '.join(endings)})"
        names = ", ".join(path.name for path in found) or "none"
        mistakes.append(Mistake(str(directory), names, expected))
    if mistakes:
        raise InvalidSmpsError(mistakes)
    core, time, stoch = chosen
    return core, time, stoch


def _problem(
    core: Core, periods: Periods, targets: Targets, scenarios: list[Realisation]
) -> TwoStageProblem:
    rows, columns = periods.is_second_row, periods.is_second_column
    placed = structure(targets, scenarios)
    program = core.named.program
    is_integer = program.is_integer
    return TwoStageProblem(
        names=ProgramNames(
            problem=periods.problem or "PROBLEM",
            first_rows=_chosen(core.named.rows, ~rows),
            first_columns=_chosen(core.named.columns, ~columns),
            second_rows=_chosen(core.named.rows, rows),
            second_columns=_chosen(core.named.columns, columns),
            periods=periods.names,
        ),
        first=LinearProgram(
            cost=program.cost[~columns],
            rows=csr_array(program.rows[~rows][:, ~columns]),
            row_lower=program.row_lower[~rows],
            row_upper=program.row_upper[~rows],
            column_lower=program.column_lower[~columns],
            column_upper=program.column_upper[~columns],
            is_integer=None if is_integer is None else is_integer[~columns],
        ),
        core=SecondStage(
            cost=program.cost[columns],
            technology=placed.technology,
            recourse=placed.recourse,
            row_lower=program.row_lower[rows],
            row_upper=program.row_upper[rows],
            column_lower=program.column_lower[columns],
            column_upper=program.column_upper[columns],
            is_integer=None if is_integer is None else is_integer[columns],
        ),
        scenarios=tuple(changed_scenario(placed, scenario) for scenario in scenarios),
        constant=core.named.constant,
    )


def _chosen(names: tuple[str, ...], chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(names[i] for i in np.flatnonzero(chosen))
