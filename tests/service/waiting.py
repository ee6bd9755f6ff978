"""Wait for what another process or thread brings about.

A wait ends with what it waits for. Its ceiling is for what never happens: no machine is
so busy that it takes as long.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

CEILING_S = 300.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.01, 0.2


def wait_until(condition: Callable[[], Value], ceiling_s: float = CEILING_S) -> Value:
    """Return the first value of the condition that is true; fail at the ceiling."""
    end_s = time.monotonic() + ceiling_s
    pause, pause_s = threading.Event(), SHORTEST_PAUSE_S
    while not (value := condition()):
        assert time.monotonic() < end_s, f"not within {ceiling_s} s"
        pause.wait(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
    return value
