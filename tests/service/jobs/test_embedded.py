import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from unittest.mock import Mock

import psutil
import pytest

from service.jobs import embedded
from service.jobs.embedded import EmbeddedWorker
from service.jobs.worker_config import OPTIMIZER
from service.settings import Settings
from tests.service.waiting import wait_until


@contextmanager
def worker_of(settings: Settings) -> Generator[None]:
    """Have a worker as a server has one."""
    worker = EmbeddedWorker(settings, OPTIMIZER)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def workers_here() -> list[int]:
    """Return the processes of workers that this process has started."""
    children = psutil.Process().children()
    return [x.pid for x in children if "service.worker" in x.cmdline()]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_worker_never_hears_what_is_said_to_the_terminal(settings: Settings) -> None:
    """A Ctrl-C is for the server, also while the worker is still being loaded."""
    with worker_of(settings):
        (worker,) = wait_until(workers_here)
        group = os.getpgid(worker)
        # It need not be loaded to the end.
        os.kill(worker, signal.SIGKILL)
    assert group == worker


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_worker_that_ends_before_it_is_told_anything(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one is started, and the server goes on."""
    started: list[subprocess.Popen[str]] = []
    popen = subprocess.Popen

    def at_once(_: object, **terms: Any) -> subprocess.Popen[str]:  # noqa: ANN401
        process = popen([sys.executable, "-c", ""], **terms)
        process.wait()
        started.append(process)
        return process

    monkeypatch.setattr(embedded, "PAUSE_S", 0.01)
    monkeypatch.setattr(subprocess, "Popen", at_once)
    with worker_of(settings):
        wait_until(lambda: len(started) > 1)
    assert all(process.stdin is None or process.stdin.closed for process in started)


class SlowInput(io.StringIO):
    """The input of a process that takes long to close, and notes if two close it."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = threading.Lock()
        self.was_closed_by_two = False

    def close(self) -> None:
        """Close as if something was still to be written."""
        if not self.closing.acquire(blocking=False):
            self.was_closed_by_two = True
            return
        time.sleep(0.05)
        self.closing.release()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_an_input_is_closed_by_one_thread_at_a_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the server ends just when a worker was found to be gone."""
    slow = SlowInput()
    gone = Mock(stdin=slow)
    gone.wait.return_value = 1
    monkeypatch.setattr(subprocess, "Popen", Mock(return_value=gone))
    with worker_of(settings):
        wait_until(slow.closing.locked)
    assert not slow.was_closed_by_two
