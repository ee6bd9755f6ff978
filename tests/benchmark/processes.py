"""Each request in a process of its own, with its peak memory and a limit of time.

Peak memory is the largest sum of the resident sets of the process and all below it,
sampled 20 times a second: pages that processes share count once for each of them.
"""

import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

import psutil

ROOT = Path(__file__).parents[2]
SECONDS_BETWEEN_SAMPLES = 0.05
SHOWN_OF_ERRORS = 2_000
MOST_OF_MEMORY = 0.9  # more, and the machine swaps or ends something itself
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class RequestError(RuntimeError):
    """A request failed, or was ended at its limit; the message has the reason."""


class Request(Protocol[T_co]):
    """What can be asked for; equal requests have equal answers."""

    def perform(self) -> T_co:
        """Return the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came of a request, seconds from start to end of its process, peak memory."""

    value: T
    seconds: float
    peak_bytes: int


class Processes:
    """Performs requests one after the other, and each of them once.

    tell gets what is going on in words, keep each answer with its request.
    """

    def __init__(
        self,
        tell: Callable[[str], None],
        keep: Callable[[object, "Answer[Any]"], None] | None = None,
    ) -> None:
        self._tell = tell
        self._keep = keep
        self._known: dict[object, object] = {}

    def perform(self, request: Request[T], time_limit_s: float) -> Answer[T]:
        """Return the answer. Raises RequestError if there is none in time."""
        known = self._known.get(request)
        if known is None:
            known = self._try(request, time_limit_s)
            self._known[request] = known
        if isinstance(known, RequestError):
            raise known
        return cast("Answer[T]", known)

    def _try(
        self, request: Request[T], time_limit_s: float
    ) -> Answer[T] | RequestError:
        self._tell(f"{_shown(request)} ...")
        try:
            answer = in_a_process(request, time_limit_s)
        except RequestError as error:
            self._tell(f"  failed: {error}")
            return error
        self._tell(
            f"  {answer.seconds:.1f} s, {answer.peak_bytes / 2**20:.0f} MiB: "
            f"{_shown(answer.value)}"
        )
        if self._keep is not None:
            self._keep(request, answer)
        return answer


def in_a_process(request: Request[T], time_limit_s: float) -> Answer[T]:
    """Perform a request in a process, ended with all below it at the limit."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answer, errors = (Path(folder, x) for x in ("asked", "answer", "errors"))
        asked.write_bytes(pickle.dumps(request))
        command = [sys.executable, "-m", "tests.benchmark.perform", asked, answer]
        start = time.monotonic()
        with errors.open("wb") as stream:
            process: Any = psutil.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stream
            )
            peak = _follow(process, start + time_limit_s)
        seconds = time.monotonic() - start
        if not answer.exists():
            raise RequestError(_reason(process.returncode, seconds, peak, errors))
        value = pickle.loads(answer.read_bytes())  # noqa: S301 - written by perform.py
    return Answer(value, seconds, peak)


def _follow(process: Any, deadline: float) -> int:  # noqa: ANN401 - untyped
    """Wait for the end of a process or the deadline; return its peak memory.

    Whatever is left of it then is killed.
    """
    peak = 0
    seen: set[psutil.Process] = set()
    try:
        while (
            process.poll() is None
            and time.monotonic() < deadline
            and peak < MOST_OF_MEMORY * psutil.virtual_memory().total
        ):
            tree = _tree(process)
            seen.update(tree)
            peak = max(peak, sum(map(_resident, tree)))
            time.sleep(SECONDS_BETWEEN_SAMPLES)
    finally:
        for one in seen:
            with suppress(psutil.Error):
                one.kill()
        process.wait()
    return peak


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def _tree(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return [process, *process.children(recursive=True)]
    return []


def _reason(status: int, seconds: float, peak: int, errors: Path) -> str:
    told = errors.read_text(encoding="utf-8", errors="replace").strip()
    last = told[-SHOWN_OF_ERRORS:].splitlines()[-1:] or ["no message"]
    return (
        f"ended with status {status} after {seconds:.0f} s "
        f"at {peak / 2**30:.1f} GiB: {last[0]}"
    )


def _shown(thing: object) -> str:
    """Return what a request or an answer is, without plans and logs."""
    text = repr(thing)
    return text if len(text) < 300 else f"{text[:300]}..."


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
