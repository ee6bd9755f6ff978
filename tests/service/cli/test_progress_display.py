"""Progress on a terminal: a display that is renewed in place."""

import io
import itertools

from rich.console import Console

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from service.cli.progress_display import ProgressDisplay


def test_the_last_figures_and_the_end_stay_on_the_screen(instance: Instance) -> None:
    """A figure that a later record leaves out stays as it was."""
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, highlight=False)
    seconds = itertools.count()
    with ProgressDisplay(instance, console, lambda: next(seconds)) as display:
        display(ProgressRecord(seconds=1.0, stage="bound", lower_bound_usd=1.2e9))
        display(ProgressRecord(seconds=2.0, stage="tranches", upper_bound_usd=1.5e9))
        display.finish(Outcome(termination=Termination.TIME_LIMIT, seconds=9.0))
    text = terminal.getvalue()
    last = text[text.rindex("tranches") :]
    assert "$1.50 bn" in last
    assert "$1.20 bn" in last
    assert "TIME_LIMIT, 9.0 s" in last
