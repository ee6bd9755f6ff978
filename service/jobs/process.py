"""The process of one attempt, seen from the server."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from service.jobs.queue import Claim

# -P: a folder of the working directory must not stand in for a package of ours.
DEFAULT_COMMAND = (sys.executable, "-P", "-m", "service.worker")


class AttemptProcess:
    """A started process. It gets the id of the job and the number of the attempt."""

    def __init__(self, claim: Claim, process: subprocess.Popen[bytes]) -> None:
        self.claim = claim
        self._process = process

    @classmethod
    def start(
        cls,
        claim: Claim,
        command: Sequence[str],
        environment: Mapping[str, str],
        on_end: Callable[[], None],
    ) -> Self:
        """Start `command` for the claim; `on_end` is called when it has ended."""
        process = subprocess.Popen(  # noqa: S603 - the operator's own command
            [*command, claim.job_id, str(claim.attempt)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **environment},
            # A Ctrl-C is for the server, which then ends its processes in order.
            start_new_session=True,
        )
        started = cls(claim, process)
        threading.Thread(target=started._watch, args=(on_end,), daemon=True).start()
        return started

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def end(self) -> None:
        """End the process and all that it started, now, and wait until it is gone.

        Its transactions are whole or not there; nothing else needs cleaning up.
        """
        if not self.has_ended:
            if sys.platform == "win32":
                self._process.kill()
            else:
                # It may end by itself at this very moment.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def describe_end(self) -> str:
        """Say how the process ended, in words."""
        status = self._process.returncode
        if status >= 0:
            return f"exit status {status}"
        try:
            return f"signal {-status} ({signal.Signals(-status).name})"
        except ValueError:
            return f"signal {-status}"

    def _watch(self, on_end: Callable[[], None]) -> None:
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        on_end()
