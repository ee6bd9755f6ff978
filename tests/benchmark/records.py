"""Every request with its answer as a line of JSON: the logs of all solves."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmark.processes import Answer

LEFT_OUT = frozenset({"plan"})


class Records:
    """Adds a line to a file for each answer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.write_text("", encoding="utf-8")

    def keep(self, request: Any, answer: Answer[Any]) -> None:  # noqa: ANN401 - any
        """Write what was asked for and what came of it, without plans."""
        line = {
            "request": type(request).__name__,
            "asked": asdict(request, dict_factory=_without_plans),
            "answered": asdict(answer, dict_factory=_without_plans),
        }
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def _without_plans(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in fields if name not in LEFT_OUT}
