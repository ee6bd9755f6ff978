"""Ctrl-C during a solve: the first asks it to stop, the second ends the program.

The solve runs in a thread of its own: in the main thread, Python would handle the
signal only after the solver returns.
"""

import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType, TracebackType
from typing import Self, TypeVar

Answer = TypeVar("Answer")


def end_by_interrupt() -> None:
    """End the program as Ctrl-C ends one that does not handle it."""
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: it would wait for a solve and its processes.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.raise_signal(signal.SIGINT)


class Interruption:
    """Handles Ctrl-C until the end of a `with`."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._on_asked: Callable[[], None] = lambda: None
        self._previous = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Self:
        signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Restore the previous handler, or end the program after a second Ctrl-C."""
        if isinstance(error, KeyboardInterrupt):
            end_by_interrupt()
        signal.signal(signal.SIGINT, self._previous)

    def is_asked(self) -> bool:
        """Return whether Ctrl-C asked the solve to stop."""
        return self._asked.is_set()

    def run(self, solve: Callable[[], Answer], on_asked: Callable[[], None]) -> Answer:
        """Return the result of the solve or raise its error.

        Raises KeyboardInterrupt on a second Ctrl-C.
        """
        self._on_asked = on_asked
        future: Future[Answer] = Future()

        def work() -> None:
            try:
                future.set_result(solve())
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=work, name="solve", daemon=True).start()
        return future.result()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._asked.is_set():
            raise KeyboardInterrupt
        self._asked.set()
        self._on_asked()
