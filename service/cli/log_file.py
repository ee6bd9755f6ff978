"""The file of --log: what a solve reported, written when it ends, however it ends."""

from pathlib import Path
from types import TracebackType
from typing import Self

from models.outcome import ProgressRecord
from service.files.progress_logs import write_log


class LogFile:
    """Keeps records until the end of a `with`, also of one that an error ends."""

    def __init__(self, path: Path | None) -> None:
        self.failure: str | None = None
        self._path = path
        self._records: list[ProgressRecord] = []

    def __enter__(self) -> Self:
        return self

    def keep(self, record: ProgressRecord) -> None:
        """Keep a record."""
        self._records.append(record)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what was kept; a plan is not lost because a log cannot be written."""
        if self._path is None or not self._records:
            return
        try:
            write_log(self._records, self._path)
        except OSError as failure:
            reason = failure.strerror or type(failure).__name__
            self.failure = f"{self._path}: {reason}; the log is lost"
