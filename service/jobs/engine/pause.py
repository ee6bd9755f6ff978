"""The wait before each read of a queue: short while a ticket waits, else long."""

import threading
from collections.abc import Callable, Collection

# Where arrivals are told at once this is for what nobody told.
LONG_PAUSE_S = 10.0


class Pause:
    """The waits of the threads that read the queues, which others may cut short."""

    def __init__(
        self,
        short_s: float,
        queues: Collection[str],
        may_be_long: Callable[[], bool],
    ) -> None:
        self._short_s = short_s
        self._may_be_long = may_be_long
        # Set: the first read is at once.
        self._is_over = {name: threading.Event() for name in queues}
        self._is_long = dict.fromkeys(queues, False)
        self._has_ended = False
        self.cut_short()

    def wait(self, queue: str) -> None:
        """Wait, unless cut short now or since the last wait."""
        # Before it is asked: what arrives from here on ends the wait.
        self._is_long[queue] = True
        if not self._is_over[queue].is_set():
            self._is_long[queue] = self._may_be_long()
        pause_s = LONG_PAUSE_S if self._is_long[queue] else self._short_s
        self._is_over[queue].wait(max(pause_s, self._short_s))
        self._is_over[queue].clear()
        if self._has_ended:
            # Set again: the end may have come between the wait and the line above.
            self._is_over[queue].set()

    def cut_short(self) -> None:
        """End the waits of all queues."""
        for is_over in self._is_over.values():
            is_over.set()

    def cut_long(self) -> None:
        """End the long waits; short ones are short enough, however much arrives."""
        for queue, is_over in self._is_over.items():
            if self._is_long[queue]:
                is_over.set()

    def end(self) -> None:
        """End all waits, now and later."""
        self._has_ended = True
        self.cut_short()
