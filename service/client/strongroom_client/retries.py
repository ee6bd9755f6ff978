"""How often a request is sent again, and after which pauses."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Retries:
    """Attempts after pauses that double, each shortened at random by up to a half.

    The server may ask for a longer pause (Retry-After). If that is longer than the
    longest one, its answer is the result: nothing is sent sooner than it asked.
    """

    most_attempts: int = 5
    first_pause_s: float = 0.5
    longest_pause_s: float = 60

    def __post_init__(self) -> None:
        if self.most_attempts < 1:
            msg = f"most_attempts is {self.most_attempts}, expected at least 1"
            raise ValueError(msg)
        if not 0 <= self.first_pause_s <= self.longest_pause_s:
            msg = "expected 0 <= first_pause_s <= longest_pause_s"
            raise ValueError(msg)

    def pauses(self) -> Iterator[float]:
        """Yield the pause in seconds after each attempt but the last."""
        for attempt in range(self.most_attempts - 1):
            pause_s = min(self.first_pause_s * 2**attempt, self.longest_pause_s)
            # So that many clients do not come back at the same moment.
            yield pause_s * random.uniform(0.5, 1)  # noqa: S311 - no secret


def seconds_asked_for(retry_after: str | None, now: dt.datetime) -> float | None:
    """Return the seconds of a header Retry-After, which may be a date; None without."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())
