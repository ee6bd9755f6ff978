"""Requests are performed in processes of their own, once, and ended in time."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmark.case import Case
from tests.benchmark.processes import Answer, Processes, Records, RequestError
from tests.benchmark.solving import Solve, Solved, Step

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Ask:
    """Hold memory in a process below for a moment, return the own process's id."""

    mebibytes: int = 0
    seconds: float = 0.0
    is_wrong: bool = False

    def perform(self) -> int:
        """Return the id of the process."""
        if self.is_wrong:
            msg = "wrong on purpose"
            raise ValueError(msg)
        code = f"import time; x = b'1' * {self.mebibytes << 20}; time.sleep(0.3)"
        if self.mebibytes:
            subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
        time.sleep(self.seconds)
        return os.getpid()


def silent(_text: str) -> None:
    """Say nothing."""


def test_a_request_has_a_process_and_is_performed_once() -> None:
    """Asked again, the answer is the one that is known."""
    processes = Processes(silent)
    first = processes.perform(Ask(), 60.0)
    assert first.value != os.getpid()
    assert processes.perform(Ask(), 60.0) is first


def test_memory_of_processes_below_counts() -> None:
    """The child of the process holds 200 MiB."""
    answer = Processes(silent).perform(Ask(mebibytes=200), 60.0)
    assert 200 * MEBIBYTE < answer.peak_bytes < 600 * MEBIBYTE


def test_who_takes_too_long_is_ended() -> None:
    """There is no answer, and the reason has the time limit."""
    start = time.monotonic()
    with pytest.raises(RequestError, match="ended with status -9 after 1 s"):
        Processes(silent).perform(Ask(seconds=60.0), 1.0)
    assert time.monotonic() - start < 10


def test_who_fails_says_why() -> None:
    """The last line of its errors is the message."""
    with pytest.raises(RequestError, match="ValueError: wrong on purpose"):
        Processes(silent).perform(Ask(is_wrong=True), 60.0)


def test_a_line_has_the_request_and_the_log(tmp_path: Path) -> None:
    """The plan is left out: it is long, and another run finds it again."""
    path = tmp_path / "records.jsonl"
    found = Solved(
        seconds=1.0,
        termination="OPTIMAL",
        is_done=True,
        gap=0.0,
        cost_usd=9.0,
        plan="{}",
        log=(Step(0.5, "any", 8.0, 9.0),),
    )
    Records(path).keep(Solve(Case("magnets", 20)), Answer(found, 2.0, 1_000))
    line = json.loads(path.read_text(encoding="utf-8"))
    assert line["request"] == "Solve"
    assert line["asked"]["case"]["scenarios"] == 20
    assert line["answered"]["value"]["log"][0]["upper_bound_usd"] == 9.0
    assert "plan" not in line["answered"]["value"]
