"""The process of one job, seen from the worker: start it, receive from it, end it."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Self

from models.failure import Failure
from service.jobs import child
from service.jobs.failures import out_of_memory, without_answer
from service.jobs.fork_server import (
    CONTEXT,
    main_module_hidden,
    one_at_a_time,
    start_fork_server,
)
from service.jobs.memory import Usage, usage_of_session
from service.jobs.messages import Message, receive

# First to end with the best plan so far, then to end at once.
SIGNALS = (signal.SIGTERM, signal.SIGQUIT)
PATIENCE_S = (15.0, 2.0)
# Without a plan yet there is none to wait for.
PATIENCE_WITHOUT_PLAN_S = (2.0, 2.0)
MEMORY_INTERVAL_S = 1.0


class SolvingProcess:
    """The process of a job, and all processes that it starts."""

    def __init__(
        self, process: BaseProcess, connection: Connection, limit_bytes: int
    ) -> None:
        self._process = process
        self._connection = connection
        self._limit_bytes = limit_bytes
        self._usage = Usage()
        self._is_over_limit = False
        self.pid = process.pid or 0

    @classmethod
    def start(cls, task: child.Task) -> Self:
        """Start a process for a task, or raise OSError."""
        receiving, sending = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=child.main, args=(task, sending), daemon=False)
        with sending, one_at_a_time, main_module_hidden():
            start_fork_server()
            process.start()
        return cls(process, receiving, task.memory_limit_bytes)

    def messages(self) -> Iterator[Message]:
        """Yield the messages of the process until it and all that it started ends."""
        looked_at_s = time.monotonic()
        with self._connection:
            while True:
                ready = wait(
                    [self._connection, self._process.sentinel], MEMORY_INTERVAL_S
                )
                if time.monotonic() - looked_at_s >= MEMORY_INTERVAL_S:
                    looked_at_s = time.monotonic()
                    self._look_at_memory()
                if self._connection in ready:
                    try:
                        message = receive(self._connection)
                    except (EOFError, OSError):
                        # It ended, perhaps within a message.
                        break
                    yield message
                elif ready:
                    break
        if not self._ends_within(PATIENCE_S[-1]):
            self.kill()
        # Processes that it started may be left.
        self._signal_all(signal.SIGKILL)

    def end_in_stages(self, patience_s: Sequence[float] = PATIENCE_S) -> None:
        """Ask for the best plan so far, then for the end, then kill the process.

        patience_s are the seconds to wait after each signal.
        """
        for number, seconds in zip(SIGNALS, patience_s, strict=True):
            if self._ends_within(0):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            if self._ends_within(seconds):
                return
        self.kill()

    def kill(self) -> None:
        """Kill the process and all that it started."""
        if not self._ends_within(0):
            self._signal_all(signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                # It may not lead a process group yet.
                os.kill(self.pid, signal.SIGKILL)

    def failure(self) -> Failure:
        """Return why there is no answer, once there are no more messages."""
        if self._is_over_limit:
            return out_of_memory(self._limit_bytes)
        with one_at_a_time:
            self._process.join()
            status = self._process.exitcode
        return without_answer(status or 0, self._usage, self._limit_bytes)

    def _look_at_memory(self) -> None:
        usage = usage_of_session(self.pid)
        self._usage = self._usage.most(usage)
        if usage.together > self._limit_bytes:
            self._is_over_limit = True
            self.kill()

    def _ends_within(self, seconds: float) -> bool:
        return bool(wait([self._process.sentinel], seconds))

    def _signal_all(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)
