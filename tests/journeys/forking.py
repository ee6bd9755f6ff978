"""Servers and workers as processes, forked from one that has loaded what they need.

To load it takes seconds of a processor, more than most journeys. The first that is
wanted starts that process, which has no thread, connection or open file of the store.

As a program it reads a line of JSON for each thing to do, and answers by one: fork a
`server` or a `worker`, or say the `status` of one.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from service.app import run as serve
from service.settings import Settings
from service.worker import run as work

ROOT = Path(__file__).parents[2]
PAUSE_S = 0.01
DEVNULL, INPUT, OUTPUT, ERRORS = os.devnull, 0, 1, 2

Program = Callable[[], None]


class Forked:
    """A process that was forked; it is used as a subprocess.Popen is."""

    def __init__(
        self, program: str, environment: Mapping[str, str], **with_: object
    ) -> None:
        asked = {"program": program, "environment": dict(environment), "with": with_}
        self.args = [program]
        self.pid: int = _answer(asked)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, the number of a signal negated; None if it runs."""
        if self._status is None:
            self._status = _answer({"status": self.pid})
        return self._status

    def wait(self, timeout: float) -> int:
        """Return the exit status; raise TimeoutExpired if it runs on for so long."""
        end_s = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > end_s:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(PAUSE_S)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


@cache
def _loaded() -> subprocess.Popen[str]:
    """Start the process that all are forked from; it ends with this one."""
    process = subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    def end() -> None:
        process.communicate()

    atexit.register(end)
    return process


def _answer(asked: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
    process = _loaded()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def main() -> None:
    """Fork what is asked for until the input ends; run it in the forked process."""
    program = _forked_program()
    if program is not None:
        program()


def _forked_program() -> Program | None:
    """Return what a forked process is to do; None in the first when the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        if "status" in asked:
            pid, status = os.waitpid(asked["status"], os.WNOHANG)
            _say(os.waitstatus_to_exitcode(status) if pid else None)
            continue
        pid = os.fork()
        if not pid:
            return _program(asked)
        _say(pid)
    return None


def _say(answer: int | None) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _program(asked: Mapping[str, Any]) -> Program:
    """Give a forked process its environment and ends, and return what it is to do."""
    with Path(DEVNULL).open() as nothing:
        os.dup2(nothing.fileno(), INPUT)
    os.dup2(ERRORS, OUTPUT)
    os.environ.clear()
    os.environ.update(asked["environment"])
    with_ = asked["with"]
    if asked["program"] == "worker":
        return lambda: work(**with_)
    return lambda: serve(Settings(port=with_["port"]), solver=with_["solver"])


if __name__ == "__main__":
    main()
