"""A server with its own worker, and further workers; any of them is killed."""

import os
import random
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
from pydantic import SecretStr

from tests.campaign.solver import SOLVER
from tests.journeys.server import Server
from tests.journeys.worker import WorkerProcess
from tests.service.processes import descendants, processes_around
from tests.service.waiting import wait_until

ORPHANED_AFTER_S = 15.0
SETTINGS = {"log_level": "error"}


class Fleet:
    """The processes of a store. What is killed is there again a little later."""

    def __init__(
        self, folder: Path, url: SecretStr | None, number_of_workers: int
    ) -> None:
        self._folder = folder
        self._url = url
        self.server = Server(folder, SOLVER, url=url, **SETTINGS)
        self.server.start()
        self._workers = [self._worker() for _ in range(number_of_workers)]
        # Whatever had a parent that was killed, and when. The number of a process that
        # is gone may be another's: these know the difference.
        self._left: dict[psutil.Process, float] = {}
        self.orphans: dict[psutil.Process, str] = {}

    def kill_one(self, dice: random.Random) -> str:
        """Kill the server, its worker or another one; return which."""
        place = dice.randrange(-2, len(self._workers))
        if place >= 0:
            victim, name = self._workers[place].pid, f"worker {place}"
        elif place == -1:
            victim, name = self.server.pid, "server"
        else:
            victim, name = wait_until(self._own_worker), "worker of the server"
        now_s = time.monotonic()
        left = list(_existing(descendants(victim)))
        os.kill(victim, signal.SIGKILL)
        self._left |= dict.fromkeys(left, now_s)
        if name == "server":
            self.server.forget()
            self.server.start()
        elif place >= 0:
            self._workers[place].wait()
            self._workers[place] = self._worker()
        return name

    def look_for_orphans(self) -> Iterator[str]:
        """Yield what is newly found to be there long after its parent was killed."""
        now_s = time.monotonic()
        for process, killed_at_s in list(self._left.items()):
            if not _is_alive(process):
                del self._left[process]
            elif now_s - killed_at_s > ORPHANED_AFTER_S and process not in self.orphans:
                self.orphans[process] = _described(process)
                yield self.orphans[process]

    def end(self) -> None:
        """Stop all in order; whatever is left then is an orphan."""
        for worker in self._workers:
            worker.clean_up()
        self.server.clean_up()
        try:
            wait_until(
                lambda: not processes_around(self._folder), ceiling_s=ORPHANED_AFTER_S
            )
        except AssertionError:
            for process in _existing(processes_around(self._folder)):
                self.orphans[process] = _described(process)
        for process in self.orphans:
            with suppress(psutil.Error):
                process.kill()

    def _own_worker(self) -> int:
        """Return the worker of the server; 0 while there is none."""
        return next(
            (
                pid
                for pid in descendants(self.server.pid)
                if "service.worker" in _command(pid)
            ),
            0,
        )

    def _worker(self) -> WorkerProcess:
        return WorkerProcess(self._folder, SOLVER, url=self._url, **SETTINGS)


def _existing(pids: Iterable[int]) -> Iterator[psutil.Process]:
    for pid in pids:
        with suppress(psutil.Error):
            yield psutil.Process(pid)


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _described(process: psutil.Process) -> str:
    return f"{process.pid}: {_command(process.pid)}"


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
