"""Progress off a terminal: enough lines to follow it, and no flood."""

import pytest

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from service.cli.progress_lines import LONGEST_SILENCE_S, ProgressLines

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
