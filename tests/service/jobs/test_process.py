import subprocess
import sys
import threading
from pathlib import Path

import pytest

from service.jobs.parent import EXIT_STATUS
from service.jobs.process import AttemptProcess
from service.jobs.queue import Claim
from tests.service.waiting import DEADLINE_S

CLAIM = Claim("job", 1)


def _ended(script: str) -> AttemptProcess:
    end = threading.Event()
    process = AttemptProcess.start(CLAIM, ("sh", "-c", script), {}, end.set)
    assert end.wait(DEADLINE_S)
    return process


@pytest.mark.parametrize(
    ("script", "description"),
    [
        ("exit 0", "exit status 0"),
        ("exit 3", "exit status 3"),
        ("kill -9 $$", "signal 9 (SIGKILL)"),
        ("kill -11 $$", "signal 11 (SIGSEGV)"),
    ],
)
def test_the_end_is_told_in_words(script: str, description: str) -> None:
    """A status is told as such, a signal by its name."""
    assert _ended(script).describe_end() == description


def test_the_process_gets_job_and_attempt(tmp_path: Path) -> None:
    """They come as the last two arguments."""
    told = tmp_path / "told"
    _ended(f'echo "$0 $1" > {told}')
    assert told.read_text() == "job 1\n"


def test_ending_takes_what_the_process_started_as_well(tmp_path: Path) -> None:
    """A solver that started others leaves none of them behind."""
    fifo = tmp_path / "fifo"
    subprocess.run(["mkfifo", fifo], check=True)  # noqa: S603, S607
    script = f"sh -c 'exec 3>{fifo}; cat <&3 >/dev/null & wait' & wait"
    process = AttemptProcess.start(CLAIM, ("sh", "-c", script), {}, lambda: None)
    with fifo.open() as reader:
        process.end()
        # Reads to the end only when nobody holds the other end any more.
        assert reader.read() == ""


def test_a_process_ends_with_its_parent() -> None:
    """When the standard input is closed, nobody waits for the answer."""
    program = (
        "import threading; from service.jobs.parent import end_with_parent;"
        "end_with_parent(); threading.Event().wait()"
    )
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", "-c", program], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(DEADLINE_S) == EXIT_STATUS
