"""The file of --keep: what a long analysis has finished, so that it can go on later.

Its first line says what the parts are of; each line after it is one part, as JSON.
"""

import json
from pathlib import Path

from service.analyses.parameters import AnalysisParameters
from service.analyses.planned_case import PlannedCase
from service.analyses.run import AnalysisPart
from service.files.text import fault, read_text
from service.files.writing import check_writable, write_whole


class KeptParts:
    """Parts of an analysis of a plan, those of an earlier run first.

    Without a path nothing is kept. Raises InvalidCaseError if the file is of another
    analysis, case or plan, or of other parameters.
    """

    def __init__(
        self,
        path: Path | None,
        analysis: str,
        planned: PlannedCase,
        parameters: AnalysisParameters,
    ) -> None:
        self._path = path
        self._title = json.dumps(
            {
                "analysis": analysis,
                "instance_hash": planned.instance.content_hash,
                "plan_hash": planned.plan.content_hash,
                "parameters": parameters.model_dump(mode="json"),
            }
        )
        self.parts: tuple[str, ...] = ()
        if path is not None:
            check_writable(path)
            if path.exists():
                self.parts = self._read(path)

    def add(self, part: AnalysisPart) -> None:
        """Write a part at once, after the others; raises OSError."""
        self.parts = (*self.parts, part.content)
        if self._path is not None:
            lines = (f"{line}\n" for line in (self._title, *self.parts))
            write_whole("".join(lines).encode(), self._path)

    def _read(self, path: Path) -> tuple[str, ...]:
        # Only \n ends a line: JSON text may contain other line separators.
        text = read_text(path, "what a run with --keep has finished")
        title, *parts = text.removesuffix("\n").split("\n")
        if title != self._title:
            found = "of something else"
            expected = (
                "the file of a run with the same case, plan and options, or of none"
            )
            raise fault(str(path), found, expected)
        return tuple(parts)
