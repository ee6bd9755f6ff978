"""From the three files of SMPS (core, time, stoch) to a two-stage problem.

The format: Birge, Dempster, Gassmann, Gunn, King, Wallace (1987), "A standard input
format for multiperiod stochastic linear programs", COAL Newsletter 17.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.mistakes import Mistake
from optimizer.exchange.core_file import read_core
from optimizer.exchange.scenario_changes import changed_scenario, structure
from optimizer.exchange.smps_lines import InvalidSmpsError, SmpsText
from optimizer.exchange.stoch_file import Realisation, Stochastics, count, read_stoch
from optimizer.exchange.targets import Targets
from optimizer.exchange.time_file import read_time
from optimizer.exchange.two_stage import ProgramNames, SecondStage, TwoStageProblem
from optimizer.highs import LinearProgram

MOST_SCENARIOS = 100_000
ENDINGS = {
    "core": (".cor", ".core", ".mps"),
    "time": (".tim", ".time"),
    "stoch": (".sto", ".stoch", ".stoc"),
}


@dataclass(frozen=True, slots=True)
class SmpsFiles:
    """What three files have, before their scenarios are listed or drawn."""

    targets: Targets
    stochastics: Stochastics
    stoch_name: str

    @property
    def is_too_large(self) -> bool:
        """Whether the scenarios are too many to list them all."""
        return self.stochastics.number > MOST_SCENARIOS

    def whole(self) -> TwoStageProblem:
        """Return the problem over all scenarios.

        Raises InvalidSmpsError if they are too many.
        """
        if self.is_too_large:
            found = f"{count(self.stochastics.number)} scenarios"
            expected = f"at most {MOST_SCENARIOS} in the product of all realisations"
            raise InvalidSmpsError([Mistake(self.stoch_name, found, expected)])
        found = _problem(self.targets, self.stochastics.listed())
        return replace(found, notes=self.stochastics.notes)

    def sample(self, number: int, generator: np.random.Generator) -> TwoStageProblem:
        """Return the problem over independent scenarios of equal probability."""
        return _problem(self.targets, self.stochastics.drawn(number, generator))


def read_smps(directory: Path) -> TwoStageProblem:
    """Return the problem of a directory over all scenarios; raises as read_files."""
    return read_files(directory).whole()


def read_files(directory: Path) -> SmpsFiles:
    """Return what a directory with one file of each kind has.

    Raises InvalidSmpsError with every mistake of the three files.
    """
    core_text, time_text, stoch_text = (SmpsText(p) for p in find_files(directory))
    core = read_core(core_text)
    if core_text.mistakes and not core.column:
        raise InvalidSmpsError(core_text.mistakes)
    targets = Targets(core, read_time(time_text, core))
    stochastics = read_stoch(stoch_text, targets)
    mistakes = [*core_text.mistakes, *time_text.mistakes, *stoch_text.mistakes]
    if mistakes:
        raise InvalidSmpsError(mistakes)
    return SmpsFiles(targets, stochastics, stoch_text.path.name)


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


def _problem(targets: Targets, scenarios: list[Realisation]) -> TwoStageProblem:
    core, periods = targets.core, targets.periods
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
            periods=(periods.names[0], periods.names[1]),
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
