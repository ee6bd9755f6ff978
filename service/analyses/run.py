"""A run of an analysis: what it is given, and what it returns."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from models.record import Record
from models.scenario_table import ScenarioTable

# What an answer has besides the document of what was found.
ADDED = {"outputs", "warnings"}


@dataclass(frozen=True, slots=True)
class AnalysisFile:
    """A file that belongs to the answer of an analysis."""

    name: str
    media_type: str
    content: bytes

    @property
    def described(self) -> Mapping[str, object]:
        """Name, kind, size and hash, as the document of the analysis lists them."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "bytes": len(self.content),
        }


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """What an analysis found, its answer as JSON, and the files that go with it.

    document is without the list of the files.
    """

    found: Record
    document: Mapping[str, Any]
    files: tuple[AnalysisFile, ...] = ()

    @property
    def answer(self) -> dict[str, Any]:
        """The document with the list of its files: the same from everywhere."""
        outputs = [file.described for file in self.files]
        return {**self.document, "outputs": outputs}


@dataclass(frozen=True, slots=True)
class AnalysisPart:
    """A finished part of an answer: its number from 0, JSON, and what it came to."""

    number: int
    content: str
    line: str


@dataclass(frozen=True, slots=True)
class AnalysisRun:
    """How an analysis is run: where it reports, and whether it is to stop.

    on_file gets each file as soon as it is made, before the answer; on_part each part
    of the answer that is finished. parts are the contents of those of an earlier run
    with the same parameters: an analysis that has parts goes on from them. only has the
    numbers of the parts to find, if the others are found elsewhere; the answer is then
    of these alone. scenarios are those of a file, to take instead of drawn ones.
    """

    executor: str
    on_progress: Callable[[str], None]
    is_interrupted: Callable[[], bool]
    on_file: Callable[[AnalysisFile], None]
    parts: tuple[str, ...] = ()
    on_part: Callable[[AnalysisPart], None] = lambda _: None
    only: tuple[int, ...] | None = None
    scenarios: ScenarioTable | None = None


def without_additions(answer: object) -> object:
    """Return the document of what was found, of an answer that may have more."""
    if not isinstance(answer, Mapping):
        return answer
    fields = cast("Mapping[str, object]", answer)
    return {name: x for name, x in fields.items() if name not in ADDED}


def dumped(found: Record, **further: object) -> Mapping[str, Any]:
    """Return a document and further fields as JSON has them."""
    return {**found.model_dump(mode="json"), **further}
