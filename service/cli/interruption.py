"""Ctrl-C during a solve: once asks for the best plan so far, twice ends the program.

The solve has a thread of its own. In the main thread, where Python answers signals, it
would hold an answer back for as long as the solver computes.
"""

import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType, TracebackType
from typing import Self, TypeVar

Answer = TypeVar("Answer")


class Interruption:
    """Listens to Ctrl-C until the end of a `with`."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._on_asked: Callable[[], None] = lambda: None
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Self:
        signal.signal(signal.SIGINT, self._listen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program by the signal if it came twice; else all is as before."""
        if isinstance(error, KeyboardInterrupt):
            sys.stdout.flush()
            sys.stderr.flush()
            # Not sys.exit: it would wait for the solve and its processes.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.raise_signal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._before)

    def is_asked(self) -> bool:
        """Say whether the solve is to end with what it has."""
        return self._asked.is_set()

    def run(self, solve: Callable[[], Answer], on_asked: Callable[[], None]) -> Answer:
        """Return or raise what the solve does; KeyboardInterrupt if asked twice."""
        self._on_asked = on_asked
        future: Future[Answer] = Future()

        def work() -> None:
            try:
                future.set_result(solve())
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=work, name="solve", daemon=True).start()
        return future.result()

    def _listen(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._asked.is_set():
            raise KeyboardInterrupt
        self._asked.set()
        self._on_asked()
