"""Files that a command writes besides its output: plans, the log, a picture."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from models.frontier import SolvedPoint
from models.outcome import ProgressRecord
from models.plan import Plan
from models.record import Record
from service.files.plans import write_plan
from service.files.progress_logs import write_log
from service.files.text import fault
from service.files.writing import check_writable, make_folder


class IncumbentFile:
    """Writes each better plan at once, so that a kill loses none."""

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        self._path = path
        self._warn = warn
        self._has_warned = False

    def offer(self, plan: Plan) -> None:
        """Write a plan; a solve does not end because the disk is full."""
        try:
            write_plan(plan, self._path)
        except OSError as error:
            if not self._has_warned:
                self._warn(f"warning: {self._path}: {error.strerror}; solving goes on")
            self._has_warned = True

    def finish(self, plan: Plan) -> str | None:
        """Write the final plan; rescue it if that fails, and say where it is.

        Raises OSError if there is no room for it anywhere.
        """
        try:
            write_plan(plan, self._path)
        except OSError as error:
            try:
                rescued = Path(tempfile.mkdtemp(prefix="strongroom-")) / "plan.json"
                write_plan(plan, rescued)
            except OSError:
                raise error from None
            return f"{self._path}: {error.strerror}; the plan is kept in {rescued}"
        return None


class PlanFolder:
    """Writes each plan as soon as it is found, so that a kill loses none."""

    def __init__(self, folder: Path, warn: Callable[[str], None]) -> None:
        """Make the folder; raises InvalidCaseError if no plan can be written there."""
        self._folder, self._warn = folder, warn
        self._files: list[Path | None] = []
        make_folder(folder)
        check_writable(folder / "plan.json")

    def keep(self, point: SolvedPoint) -> None:
        """Write the plan of a point under its number and budget, if it has one."""
        number = len(self._files) + 1
        if point.plan is None:
            self._files.append(None)
            return
        path = self._folder / f"{number:02d}_{point.budget_usd:.0f}_usd.json"
        IncumbentFile(path, self._warn).offer(point.plan)
        self._files.append(path)

    @property
    def files(self) -> list[str | None]:
        """The file of each point so far, None for one without a plan."""
        return [None if path is None else str(path) for path in self._files]


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


ENDINGS = (".svg", ".png")


def check_picture(path: Path | None) -> None:
    """Raise InvalidCaseError if the name says no format or cannot be written."""
    if path is None:
        return
    if path.suffix not in ENDINGS:
        expected = f"a name that ends in {' or '.join(ENDINGS)}"
        raise fault(str(path), path.name, expected)
    check_writable(path)


def with_picture(
    found: Record, picture: Path | None, **more: object
) -> dict[str, object]:
    """Return a document for --json: its fields, what else is told, the picture."""
    drawn = None if picture is None else str(picture)
    return {**found.model_dump(mode="json"), **more, "picture": drawn}
