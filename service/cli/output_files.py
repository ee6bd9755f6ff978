"""Files that commands write besides their output: plans, a log, a picture."""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from models.frontier import FrontierPoint
from models.outcome import ProgressRecord
from models.plan import Plan
from service.analyses.budgets import plan_file_name
from service.analyses.run import AnalysisFile
from service.files.plans import write_plan
from service.files.progress_logs import write_log
from service.files.text import fault
from service.files.writing import check_writable, make_folder, write_whole

PICTURE_ENDINGS = (".svg", ".png")


class IncumbentFile:
    """The file of --output: each better plan is written at once, as a whole."""

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        self._path = path
        self._warn = warn
        self._has_warned = False

    def offer(self, plan: Plan) -> None:
        """Write a plan; a full disk is reported once and does not end the solve."""
        try:
            write_plan(plan, self._path)
        except OSError as error:
            if not self._has_warned:
                self._warn(
                    f"warning: {self._path}: {error.strerror}; the solve continues"
                )
            self._has_warned = True

    def finish(self, plan: Plan) -> str | None:
        """Write the final plan; if that fails, keep it elsewhere and return where.

        Raises OSError if it cannot be written anywhere.
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
    """The folder of --plans: a file for each budget that has a plan."""

    def __init__(self, folder: Path, warn: Callable[[str], None]) -> None:
        """Make the folder; raise InvalidCaseError if no plan can be written there."""
        self._folder, self._warn = folder, warn
        make_folder(folder)
        check_writable(folder / "plan.json")

    def keep(self, file: AnalysisFile) -> None:
        """Write the file of a plan; a full disk is reported and ends no solve."""
        path = self._folder / file.name
        try:
            write_whole(file.content, path)
        except OSError as error:
            self._warn(f"warning: {path}: {error.strerror}; the solve continues")

    def files(self, points: Iterable[FrontierPoint]) -> list[str | None]:
        """Return the file of each point; None for a point without a plan."""
        return [
            None
            if point.plan_hash is None
            else str(self._folder / plan_file_name(number, point.budget_usd))
            for number, point in enumerate(points, start=1)
        ]


class LogFile:
    """The file of --log, written at the end of a `with`, even after an error."""

    def __init__(self, path: Path | None) -> None:
        self.failure: str | None = None
        self._path = path
        self._records: list[ProgressRecord] = []

    def __enter__(self) -> Self:
        return self

    def keep(self, record: ProgressRecord) -> None:
        """Keep a record."""
        self._records.append(record)

    def __exit__(self, *_: object) -> None:
        """Write the records; a failure is kept, so that the plan is still reported."""
        if self._path is None or not self._records:
            return
        try:
            write_log(self._records, self._path)
        except OSError as failure:
            reason = failure.strerror or type(failure).__name__
            self.failure = f"{self._path}: {reason}; the log is lost"


def check_picture(path: Path | None) -> None:
    """Raise InvalidCaseError if a picture has another ending or cannot be written."""
    if path is None:
        return
    if path.suffix not in PICTURE_ENDINGS:
        expected = f"a name that ends in {' or '.join(PICTURE_ENDINGS)}"
        raise fault(str(path), path.name, expected)
    check_writable(path)
