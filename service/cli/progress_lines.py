"""Progress as aligned lines, for a log file or a pipe."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from service.cli.progress_columns import HEADINGS, footer, header, row

FORMAT = "{:>9}  {:<18}  {:>10}  {:>11}  {:>7}  {}"


class ProgressLines:
    """Writes a line when something is reported."""

    def __init__(self, instance: Instance, write: Callable[[str], None]) -> None:
        self._instance = instance
        self._write = write

    def __enter__(self) -> Self:
        for line in header(self._instance):
            self._write(line)
        self._write(FORMAT.format(*HEADINGS).rstrip())
        return self

    def __call__(self, record: ProgressRecord) -> None:
        """Write a record."""
        self._write(FORMAT.format(*row(record)).rstrip())

    def finish(self, outcome: Outcome) -> None:
        """Write how it ended."""
        self._write(footer(outcome))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Do nothing: each line is written when it comes."""
