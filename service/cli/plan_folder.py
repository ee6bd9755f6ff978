"""The folder of --plans: a file for each budget whose plan is found."""

from collections.abc import Callable
from pathlib import Path

from models.frontier import SolvedPoint
from service.cli.incumbent_file import IncumbentFile
from service.files.writing import check_writable, make_folder


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
