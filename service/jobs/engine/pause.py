"""How long a worker waits before it looks into a queue again."""

import threading
from collections.abc import Collection


class Pause:
    """A wait of its own for each queue, over as soon as a slot of the worker frees."""

    def __init__(self, interval_s: float, queues: Collection[str]) -> None:
        self._interval_s = interval_s
        # Set: the first look is at once.
        self._is_over = {name: threading.Event() for name in queues}
        self._has_ended = False
        self.cut_short()

    def wait(self, queue: str) -> None:
        """Wait for the interval, or until it is cut short: now, or since the last."""
        self._is_over[queue].wait(self._interval_s)
        if not self._has_ended:
            self._is_over[queue].clear()

    def cut_short(self) -> None:
        """Have each queue looked into now."""
        for is_over in self._is_over.values():
            is_over.set()

    def end(self) -> None:
        """Let nobody wait any more."""
        self._has_ended = True
        self.cut_short()
