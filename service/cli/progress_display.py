"""Progress on a terminal: a row for each stage, the last one renewed in place."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from service.cli.progress_columns import footer, header, headings, row

REFRESHES_PER_SECOND = 4


class ProgressDisplay:
    """Shows stages as rows; that of the present one has the running seconds."""

    def __init__(
        self, instance: Instance, console: Console, clock: Callable[[], float]
    ) -> None:
        self._header = header(instance)
        self._clock = clock
        self._begin = clock()
        self._record: ProgressRecord | None = None
        self._end: str | None = None
        self._live = Live(
            get_renderable=self._render,
            console=console,
            refresh_per_second=REFRESHES_PER_SECOND,
        )

    def __enter__(self) -> Self:
        self._live.start()
        for line in (*self._header, headings()):
            self.note(line)
        return self

    def __call__(self, record: ProgressRecord) -> None:
        """Take a record; a figure that it leaves out stays as it was."""
        last, current = self._record, record
        if last is not None:
            known = last.model_dump(include={"lower_bound_usd", "upper_bound_usd"})
            told = record.model_dump(exclude_none=True)
            current = ProgressRecord.model_validate({**known, "gap": last.gap, **told})
        self._record = current
        if last is not None and last.stage != record.stage:
            self.note(row(last))

    def note(self, text: str) -> None:
        """Print a line of text above the present row."""
        self._live.console.print(text, no_wrap=True, overflow="crop")

    def finish(self, outcome: Outcome) -> None:
        """Show how it ended."""
        self._end = footer(outcome)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the last state on the screen."""
        self._live.stop()

    def _render(self) -> Group:
        lines = () if self._end is None else (self._end,)
        if self._record is not None:
            lines = (row(self._present(self._record)), *lines)
        return Group(*map(_line, lines))

    def _present(self, record: ProgressRecord) -> ProgressRecord:
        if self._end is not None:
            return record
        return record.model_copy(update={"seconds": self._clock() - self._begin})


def _line(text: str) -> Text:
    """Return a line that a narrow terminal cuts off rather than folds."""
    return Text(text, no_wrap=True, overflow="crop")
