"""How a solve is followed: lines for a file or a pipe, rows on a terminal."""

import io
import itertools
import re

import pytest
from rich.console import Console

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from service.cli.progress import LONGEST_SILENCE_S, ProgressDisplay, ProgressLines

Figures = tuple[float, str, float | None]
OUTCOME = Outcome(termination=Termination.TIME_LIMIT, seconds=9.0)


def written(instance: Instance, *records: Figures) -> list[str]:
    """Return the seconds of the rows that are written for times, stages and costs."""
    lines: list[str] = []
    with ProgressLines(instance, lines.append) as progress:
        headings = len(lines)
        for seconds, stage, upper in records:
            progress(
                ProgressRecord(seconds=seconds, stage=stage, upper_bound_usd=upper)
            )
    return [line.split()[0] for line in lines[headings:]]


@pytest.mark.parametrize(
    ("second", "number_of_rows"),
    [
        ((1.1, "cuts", 5e6), 1),
        ((1.1, "cuts", 4e6), 2),
        ((1.1, "integers", 5e6), 2),
        ((1.0 + LONGEST_SILENCE_S, "cuts", 5e6), 2),
    ],
    ids=["nothing new", "a better plan", "another stage", "after a while"],
)
def test_a_row_is_written_if_it_says_something_new(
    instance: Instance, second: Figures, number_of_rows: int
) -> None:
    """A stage, a better plan, or a sign of life after some seconds."""
    rows = written(instance, (1.0, "cuts", 5e6), second)
    assert len(rows) == number_of_rows


def test_a_thousand_rounds_are_a_few_rows(instance: Instance) -> None:
    """10 seconds of rounds: the first, and one for each silence."""
    rounds = [(i / 100, "cuts", 5e6) for i in range(1001)]
    assert written(instance, *rounds) == ["0.0", "5.0", "10.0"]


def test_the_last_row_is_written_at_the_end(instance: Instance) -> None:
    """Whatever was held back, the log ends with the last figures."""
    lines: list[str] = []
    with ProgressLines(instance, lines.append) as progress:
        for seconds in (1.0, 1.5):
            progress(ProgressRecord(seconds=seconds, stage="cuts"))
        progress.finish(OUTCOME)
    assert lines[-2].split()[0] == "1.5"
    assert lines[-1] == "TIME_LIMIT, 9.0 s"


CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def shown(instance: Instance, *records: ProgressRecord, width: int = 100) -> list[str]:
    """Return the lines of a terminal on which records came and the solve ended."""
    terminal = io.StringIO()
    console = Console(
        file=terminal, force_terminal=True, highlight=False, width=width, height=40
    )
    seconds = itertools.count()
    with ProgressDisplay(instance, console, lambda: next(seconds)) as display:
        for record in records:
            display(record)
        display.finish(Outcome(termination=Termination.TIME_LIMIT, seconds=9.0))
    return CONTROL.sub("", terminal.getvalue()).splitlines()


def test_the_last_figures_and_the_end_stay_on_the_screen(instance: Instance) -> None:
    """A figure that a later record leaves out stays as it was."""
    lines = shown(
        instance,
        ProgressRecord(seconds=1.0, stage="bound", lower_bound_usd=1.2e9),
        ProgressRecord(seconds=2.0, stage="tranches", upper_bound_usd=1.5e9, cuts=7),
    )
    assert lines[-1] == "TIME_LIMIT, 9.0 s"
    assert " ".join(lines[-2].split()) == "2.0 tranches $1.50 bn $1.20 bn - 7"


def test_records_of_a_stage_are_one_row(instance: Instance) -> None:
    """What stays of a stage that is over is its last record."""
    rounds = [ProgressRecord(seconds=i, stage="cuts", cuts=i) for i in range(100)]
    lines = shown(instance, *rounds, ProgressRecord(seconds=100.0, stage="integers"))
    (row,) = (line for line in lines if "99.0  cuts" in line)
    assert row.split() == ["99.0", "cuts", "-", "-", "-", "99"]
    assert sum("cuts" in line and line.split()[0] != "seconds" for line in lines) < 10


def test_a_narrow_terminal_cuts_rows_off(instance: Instance) -> None:
    """A folded row would leave its second half behind when it is renewed."""
    stages = [ProgressRecord(seconds=1.0, stage=x, message="y" * 80) for x in "ab"]
    lines = shown(instance, *stages, width=60)
    assert max(map(len, lines)) <= 60
    assert not any(line.startswith("y") for line in lines)
