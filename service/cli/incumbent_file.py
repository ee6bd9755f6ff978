"""The file of --output: always the best plan so far, whole."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from models.plan import Plan
from service.files.plans import write_plan


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
