"""Ctrl-C: the first asks the solve to stop, the second ends the program."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.interruption import Interruption
from service.files.plans import read_plan
from service.files.progress_logs import read_log
from tests.service.cli import endless_solve
from tests.service.waiting import CEILING_S, wait_until

ROOT = Path(__file__).parents[3]


def ignore() -> None:
    """Listen to no one."""


def test_the_first_one_asks_the_solve_to_end() -> None:
    """What the solve then returns is the answer."""

    def solve() -> str:
        os.kill(os.getpid(), signal.SIGINT)
        wait_until(interruption.is_asked)
        return "the best so far"

    with Interruption() as interruption:
        assert interruption.run(solve, ignore) == "the best so far"


def test_without_one_nothing_is_asked() -> None:
    """The answer is that of the solve."""
    with Interruption() as interruption:
        assert not interruption.run(interruption.is_asked, ignore)


def test_an_error_of_the_solve_is_raised() -> None:
    """It is the caller's, as without a thread."""

    def fail() -> None:
        msg = "the solver lost its way"
        raise RuntimeError(msg)

    with Interruption() as interruption, pytest.raises(RuntimeError, match="lost"):
        interruption.run(fail, ignore)


def test_afterwards_a_signal_means_what_it_meant() -> None:
    """The earlier handler of the signal is back."""
    before = signal.getsignal(signal.SIGINT)
    with Interruption():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_a_second_signal_ends_the_program(tmp_path: Path, case_file: Path) -> None:
    """A solver that does not listen is left alone; best plan and log are in files."""
    output, log = tmp_path / "plan.json", tmp_path / "log.jsonl"
    with subprocess.Popen(  # noqa: S603 - the program beside this module
        [sys.executable, endless_solve.__file__, case_file, output, log],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        try:
            for awaited in ("for ever", "Ctrl-C again to exit at once"):
                assert any(awaited in line for line in process.stderr)
                process.send_signal(signal.SIGINT)
            assert process.wait(CEILING_S) == -signal.SIGINT
        finally:
            process.kill()
    assert read_plan(output).provenance.method == "nothing is held"
    assert [record.stage for record in read_log(log)] == ["for ever"]
