"""The end of all that tests start, also when the tests are killed.

What a process of the tests starts, at any remove, inherits its mark in the environment.
A reaper waits for the end of that process and kills whatever still has the mark then.
It has a session of its own, so no signal to the tests reaches it.

As a program: `reaper.py MARK` waits for the end of its standard input.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

VARIABLE = "STRONGROOM_TEST_MARK"
# What ends by itself gets so long; PostgreSQL and multiprocessing delete their files.
PATIENCE_S = 3.0
PAUSE_S = 0.05


def start_reaper() -> subprocess.Popen[bytes]:
    """Mark all that this process starts from now on, and start its reaper.

    It ends when its standard input is closed, however that comes about.
    """
    unmarked = {name: os.environ[name] for name in os.environ if name != VARIABLE}
    mark = f"{os.getpid()}-{secrets.token_hex(8)}"
    reaper = subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-I", "-S", __file__, mark],
        stdin=subprocess.PIPE,
        env=unmarked,
        cwd="/",
        start_new_session=True,
    )
    os.environ[VARIABLE] = mark
    return reaper


def marked(mark: str) -> list[int]:
    """Return the processes with a mark; what has ended has none."""
    words = f"{VARIABLE}={mark}".encode()
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if words in _environment(entry)
    ]


def reap(mark: str) -> None:
    """Kill the processes with a mark that do not end by themselves."""
    end_s = time.monotonic() + PATIENCE_S
    while left := marked(mark):
        if time.monotonic() > end_s:
            for process in left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
        time.sleep(PAUSE_S)


def _environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def main() -> None:
    """Wait for the end of the tests, then reap."""
    sys.stdin.buffer.read()
    reap(sys.argv[1])


if __name__ == "__main__":
    main()
