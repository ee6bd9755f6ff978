"""The current time in UTC. Code that writes timestamps gets a clock as argument."""

import datetime as dt
from collections.abc import Callable

Clock = Callable[[], dt.datetime]


def system_clock() -> dt.datetime:
    """Return the time of day of this machine, aware and in UTC."""
    return dt.datetime.now(dt.UTC)
