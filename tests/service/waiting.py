"""Wait for a condition that another process or thread brings about."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

DEADLINE_S = 30.0
INTERVAL_S = 0.02


def wait_until(condition: Callable[[], Value], deadline_s: float = DEADLINE_S) -> Value:
    """Return the first value of the condition that is true; fail at the deadline."""
    end_s = time.monotonic() + deadline_s
    pause = threading.Event()
    while not (value := condition()):
        assert time.monotonic() < end_s, f"not within {deadline_s} s"
        pause.wait(INTERVAL_S)
    return value
