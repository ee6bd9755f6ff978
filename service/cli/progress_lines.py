"""Progress as aligned lines, for a log file or a pipe."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from service.cli.progress_columns import footer, header, headings, row

LONGEST_SILENCE_S = 5.0


class ProgressLines:
    """Writes a line for a new stage or a better plan, and else every few seconds."""

    def __init__(self, instance: Instance, write: Callable[[str], None]) -> None:
        self._instance = instance
        self._write = write
        self._written: ProgressRecord | None = None
        self._waiting: ProgressRecord | None = None

    def __enter__(self) -> Self:
        for line in (*header(self._instance), headings()):
            self._write(line)
        return self

    def __call__(self, record: ProgressRecord) -> None:
        """Write a record if it says something new."""
        self._waiting = record
        if self._is_news(record):
            self._flush()

    def note(self, text: str) -> None:
        """Write a line of text."""
        self._write(text)

    def finish(self, outcome: Outcome) -> None:
        """Write how it ended."""
        self._flush()
        self._write(footer(outcome))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Do nothing: what matters was written when it came."""

    def _is_news(self, record: ProgressRecord) -> bool:
        last = self._written
        if last is None or record.stage != last.stage:
            return True
        is_better = record.upper_bound_usd != last.upper_bound_usd
        return is_better or record.seconds - last.seconds >= LONGEST_SILENCE_S

    def _flush(self) -> None:
        if self._waiting is not None:
            self._write(row(self._waiting))
            self._written, self._waiting = self._waiting, None
