"""From values to places on an axis, and the round values that are marked there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
MONTHS_BETWEEN = (1, 2, 3, 6)
MONTHS_OF_A_YEAR = 12
SLIGHTLY = 1e-9
TINY = 1e-200  # of what is smaller the logarithm of a part may not exist


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: values from low to high lie from start to end, in px."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value."""
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Return round values on the axis, at most so many after the first."""
        if self.high - self.low <= TINY:
            return [self.low]
        step = _round_step(self.high - self.low, most)
        first = ceil(self.low / step - SLIGHTLY)
        last = floor(self.high / step + SLIGHTLY)
        return [i * step for i in range(first, last + 1)]


def _round_step(span: float, most: int) -> float:
    least = span / max(most, 1)
    power = 10.0 ** floor(log10(least))
    return next(x for x in (r * power for r in ROUND) if x >= least * (1 - SLIGHTLY))


def number(value: float) -> str:
    """Return a tick as text, without digits that come from rounding."""
    return f"{value:,.10g}"


def marked_dates(starts: Sequence[dt.date], most: int) -> list[int]:
    """Return the positions of dates to mark: round months or years, or all of few."""
    months = [x.year * MONTHS_OF_A_YEAR + x.month - 1 for x in starts]
    firsts = [i for i, x in enumerate(months) if i == 0 or x != months[i - 1]]
    if len(firsts) < len(starts):  # periods shorter than months
        return list(range(0, len(starts), ceil(len(starts) / most)))
    between = ceil((months[-1] - months[0] + 1) / most)
    step = next((x for x in MONTHS_BETWEEN if x >= between), None)
    if step is not None:
        return [i for i in firsts if months[i] % step == 0] or firsts[:1]
    years = [i for i in firsts if starts[i].month == 1] or firsts[:1]
    return years[:: ceil(between / MONTHS_OF_A_YEAR)]
