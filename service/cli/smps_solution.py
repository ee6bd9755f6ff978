"""What came of solving a two-stage problem, as a table or as JSON."""

from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Protocol

import typer

from models.outcome import Termination
from service.cli.exit_status import ExitStatus
from service.cli.reporting import print_json
from service.cli.screen import show, table

INTEGERS = (
    "integers were left out: the bound holds for the problem, the objective is that of "
    "its linear relaxation"
)
NAMES_SHOWN = 5


class Solution(Protocol):
    """Bounds on the optimum of a two-stage problem, and how they were come by."""

    @property
    def termination(self) -> Termination: ...  # noqa: D102
    @property
    def lower_bound(self) -> float: ...  # noqa: D102
    @property
    def objective(self) -> float: ...  # noqa: D102
    @property
    def gap(self) -> float: ...  # noqa: D102
    @property
    def number_of_rounds(self) -> int: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102
    @property
    def has_integers(self) -> bool: ...  # noqa: D102
    @property
    def wide_columns(self) -> tuple[str, ...]: ...  # noqa: D102


def show_solution(found: Solution, directory: Path, *, as_json: bool) -> ExitStatus:
    """Print bound, objective, gap and iterations; return how to exit."""
    figures: dict[str, float] = {
        "lower_bound": found.lower_bound,
        "objective": found.objective,
        "gap": found.gap,
    }
    if as_json:
        known = {k: v if isfinite(v) else None for k, v in figures.items()}
        ended = {
            "iterations": found.number_of_rounds,
            "seconds": round(found.seconds, 3),
            "notes": list(_notes(found)),
        }
        print_json({"status": found.termination.value, **known, **ended})
        return _status(found)
    solved = table(str(directory), "", "")
    solved.add_row("Status", found.termination.value)
    solved.add_row("Lower bound", _figure(found.lower_bound))
    solved.add_row("Objective", _figure(found.objective))
    solved.add_row("Gap", f"{found.gap:.2e}" if isfinite(found.gap) else "-")
    solved.add_row("Iterations", str(found.number_of_rounds))
    solved.add_row("Seconds", f"{found.seconds:.1f}")
    show(solved)
    for note in _notes(found):
        typer.echo(f"note: {note}")
    return _status(found)


def _figure(value: float) -> str:
    return f"{value:.10g}" if isfinite(value) else "-"


def _notes(found: Solution) -> Iterator[str]:
    if found.has_integers:
        yield INTEGERS
    if found.wide_columns:
        first = ", ".join(found.wide_columns[:NAMES_SHOWN])
        dots = ", ..." if len(found.wide_columns) > NAMES_SHOWN else ""
        number = len(found.wide_columns)
        yield (
            f"nothing bounds {number} columns of the first stage ({first}{dots}): the "
            "lower bound holds as long as none is beyond 1e9"
        )


def _status(found: Solution) -> ExitStatus:
    if found.termination is Termination.INFEASIBLE:
        return ExitStatus.INFEASIBLE
    if found.termination in {Termination.OPTIMAL, Termination.GAP_REACHED}:
        return ExitStatus.SUCCESS
    return ExitStatus.NO_PLAN_WITHIN_LIMITS
