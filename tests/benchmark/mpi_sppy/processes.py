"""An MPI job with a limit of time, of which nothing is left alive at the end."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[3]
GRACE_S = 5.0


class JobError(RuntimeError):
    """The job ended by itself with an error; the message is the end of its log."""


def lines_of(command: list[str], time_limit_s: float, folder: Path) -> Iterator[str]:
    """Yield what the job prints until it ends, or is ended at the time limit.

    It works in the folder, for logs of its own. Raises JobError if it fails before.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        # If the reader of the lines is killed, mpiexec still ends the job.
        "MPIEXEC_TIMEOUT": str(round(time_limit_s + GRACE_S)),
    }
    log: list[str] = []
    deadline = time.monotonic() + time_limit_s
    with subprocess.Popen(  # noqa: S603 (a command of the benchmark)
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        timer = threading.Timer(time_limit_s, _end, [process])
        timer.start()
        try:
            for line in process.stdout or ():
                log.append(line)
                yield line
            process.wait()
        finally:
            timer.cancel()
            _end(process)
    if process.returncode != 0 and time.monotonic() < deadline:
        raise JobError("".join(log[-40:]))


def _end(process: "subprocess.Popen[str]") -> None:
    """End the job: mpiexec ends its ranks; whatever is left of them is killed.

    Each rank is in a session of its own, so no signal to a group reaches all.
    """
    ranks = _descendants(process.pid)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)
    process.kill()
    for rank in ranks:
        with suppress(ProcessLookupError):
            os.kill(rank, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    """Return the processes below one, as Linux lists them."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        for child in map(int, listed.split()):
            found += [child, *_descendants(child)]
    return found
