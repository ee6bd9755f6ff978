"""Progress on a terminal: a row for each stage, the last one renewed in place."""

import io
import itertools
import re

from rich.console import Console

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from service.cli.progress_display import ProgressDisplay

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
