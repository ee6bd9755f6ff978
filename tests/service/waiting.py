"""Wait for a condition that another process or thread brings about."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

DEADLINE_S = 60.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.01, 0.2


def wait_until(condition: Callable[[], Value], deadline_s: float = DEADLINE_S) -> Value:
    """Return the first value of the condition that is true; fail at the deadline."""
    end_s = time.monotonic() + deadline_s
    pause, pause_s = threading.Event(), SHORTEST_PAUSE_S
    while not (value := condition()):
        assert time.monotonic() < end_s, f"not within {deadline_s} s"
        pause.wait(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
    return value
