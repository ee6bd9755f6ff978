"""A real worker process, for journeys."""

import os
import signal
from pathlib import Path

from pydantic import SecretStr

from tests.journeys.forking import Forked
from tests.journeys.server import environment_of
from tests.service.processes import end
from tests.service.waiting import CEILING_S


class WorkerProcess:
    """A worker that a test starts, stops, freezes and kills."""

    def __init__(
        self,
        data_directory: Path,
        solver: str,
        *,
        url: SecretStr | None = None,
        **settings: object,
    ) -> None:
        environment = environment_of(data_directory, url, settings)
        self._process = Forked("worker", environment, solver=solver)
        self.pid = self._process.pid

    def has(self, worker_id: str | None) -> bool:
        """Whether this is the worker of that name."""
        return f"-{self.pid}-" in (worker_id or "")

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def end(self, number: signal.Signals) -> int:
        """End it by a signal; return its exit status."""
        self.send(number)
        return self._process.wait(CEILING_S)

    def wait(self) -> None:
        """Wait until it has ended."""
        self._process.wait(CEILING_S)

    def clean_up(self) -> None:
        """End it if it still runs."""
        if self.is_running:
            # It may have been stopped.
            os.kill(self.pid, signal.SIGCONT)
            end(self._process)
