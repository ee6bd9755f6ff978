"""When a delivery is tried again, and when a receiver is given up."""

import datetime as dt
import random

# As in the recommendation of Standard Webhooks: seconds at first, then hours; two days.
PAUSES_S = (5, 60, 300, 1800, 7200, 21_600, 43_200, 86_400)
MOST_ATTEMPTS = len(PAUSES_S) + 1
# Of a pause, either way: receivers that fail together are not asked together.
JITTER = 0.2
LONGEST_ASKED_S = 86_400
# How long a worker that does not say how a request ended may have been about it.
CLAIM = dt.timedelta(seconds=60)
KEPT = dt.timedelta(days=30)


def next_attempt(
    number_of_attempts: int, at: dt.datetime, asked_s: int = 0
) -> dt.datetime | None:
    """Return when to try again after so many attempts; None if that was the last.

    asked_s: the pause that the receiver asks for.
    """
    if number_of_attempts >= MOST_ATTEMPTS:
        return None
    pause_s = PAUSES_S[number_of_attempts - 1]
    pause_s *= random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    return at + dt.timedelta(seconds=max(pause_s, min(asked_s, LONGEST_ASKED_S)))
