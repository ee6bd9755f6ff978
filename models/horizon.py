"""The planning horizon: periods from a start date, by the calendar or of equal length.

Time is counted in days, and a year is 365.25 days wherever a rate is a year's.
"""

import calendar
import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, cast

from pydantic import Field, model_validator

from models.record import Record, is_absent
from models.units import Day, RatePerYear

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
DAYS_PER_WEEK = 7.0
MONTHS = {"month": 1, "quarter": 3, "year": 12}
TOLERANCE = 1e-9

Period = Literal["week", "month", "quarter", "year"]


class Horizon(Record):
    """Periods t = 0 .. number_of_periods - 1, one after the other.

    Months, quarters and years are those of the calendar, counted from the day of the
    month of the start, or from a later day that its month lacks; in a shorter month a
    period starts on its last day. Periods of period_days have equal lengths.
    """

    start: Day = Field(description="First day of period 0.")
    number_of_periods: int = Field(ge=1, le=600, description="Number of periods.")
    period: Period | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Length of a period: a week of 7 days, or a month, quarter or year of the "
            "calendar. Excludes period_days."
        ),
    )
    period_days: float | None = Field(
        default=None,
        gt=0,
        le=3660,
        exclude_if=is_absent,
        description=(
            "Length of a period in days, the same for all; 30.4375 if neither this nor "
            "period is given."
        ),
    )
    day_of_month: int | None = Field(
        default=None,
        ge=1,
        le=31,
        exclude_if=is_absent,
        description=(
            "Day of the month that months are counted from, if the start is earlier: "
            "the last day of a month without that day. The day of the start if absent."
        ),
    )
    discount_rate_per_year: RatePerYear = Field(
        default=0.0, description="Rate at which shortage costs are discounted."
    )

    @model_validator(mode="before")
    @classmethod
    def _with_a_length(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        fields = cast("Mapping[str, object]", value)
        if fields.get("period") is None and fields.get("period_days") is None:
            return {**fields, "period_days": DAYS_PER_MONTH}
        return fields

    @model_validator(mode="after")
    def _of_one_length(self) -> "Horizon":
        if self.period is not None and self.period_days is not None:
            msg = (
                f"period = {self.period} and period_days = {self.period_days:g}, "
                "expected one of the two"
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _of_a_later_day(self) -> "Horizon":
        if self.day_of_month is None:
            return self
        if not self._has_whole_months:
            msg = "no day_of_month: only periods of whole months are counted from it"
            raise ValueError(msg)
        is_last = self.start.day == _last_day(self.start.year, self.start.month)
        if not is_last or self.day_of_month <= self.start.day:
            msg = (
                f"no day_of_month, or one after the day of the start, {self.start}, "
                "which is then the last one of its month"
            )
            raise ValueError(msg)
        return self

    @property
    def _has_whole_months(self) -> bool:
        months = self.average_period_months
        return abs(months - round(months)) <= TOLERANCE

    @property
    def average_period_days(self) -> float:
        """Length of a period in days, of calendar periods in the long run."""
        if self.period_days is not None:
            return self.period_days
        if self.period == "week":
            return DAYS_PER_WEEK
        return MONTHS[self.period or "month"] * DAYS_PER_MONTH

    @property
    def average_period_years(self) -> float:
        """Length of a period in years: a month of the calendar is a twelfth."""
        return self.average_period_days / DAYS_PER_YEAR

    @property
    def average_period_months(self) -> float:
        """Length of a period in months: a month of the calendar is one."""
        return self.average_period_days / DAYS_PER_MONTH

    @property
    def has_equal_periods(self) -> bool:
        """Say whether all periods have the same number of days."""
        return self.period not in MONTHS

    @property
    def shortest_period_share(self) -> float:
        """Days of the shortest period over those of an average one."""
        return min(self.period_lengths_days) / self.average_period_days

    def days_between(self, first: int, end: int) -> float:
        """Return the days of the periods first .. end - 1."""
        if self.has_equal_periods:
            return (end - first) * self.average_period_days
        return float((self.start_of(end) - self.start_of(first)).days)

    def years_between(self, first: int, end: int) -> float:
        """Return the years of the periods first .. end - 1."""
        if self.has_equal_periods:
            return (end - first) * self.average_period_years
        return self.days_between(first, end) / DAYS_PER_YEAR

    @property
    def days(self) -> float:
        """Length of the horizon in days."""
        return self.days_between(0, self.number_of_periods)

    @property
    def years(self) -> float:
        """Length of the horizon in years."""
        return self.years_between(0, self.number_of_periods)

    @property
    def period_offsets_days(self) -> tuple[float, ...]:
        """Days from the start to each period, and to the end of the last one."""
        return tuple(self.days_between(0, t) for t in range(self.number_of_periods + 1))

    @property
    def period_lengths_days(self) -> tuple[float, ...]:
        """Length of each period in days."""
        return tuple(self.days_between(t, t + 1) for t in range(self.number_of_periods))

    @property
    def period_lengths_years(self) -> tuple[float, ...]:
        """Length of each period in years."""
        return tuple(
            self.years_between(t, t + 1) for t in range(self.number_of_periods)
        )

    @property
    def period_offsets_years(self) -> tuple[float, ...]:
        """Years from the start to each period."""
        return tuple(self.years_between(0, t) for t in range(self.number_of_periods))

    def period_at(self, day: float) -> int:
        """Return the period of a day counted from the start; 0 for one before it."""
        return max(bisect_right(self.period_offsets_days, day) - 1, 0)

    def discount_factor(self, t: int) -> float:
        """Value at the start of the horizon of a dollar lost at the start of t."""
        return (1 + self.discount_rate_per_year) ** -self.years_between(0, t)

    def start_of(self, t: int) -> dt.date:
        """First day of period t; periods of whole months follow the calendar.

        Counted in days of 365.25 / 12 a month, the first period of a year could start
        on the last day of the year before.
        """
        if not self._has_whole_months:
            return self.start + dt.timedelta(days=t * self.average_period_days)
        months = t * round(self.average_period_months)
        return _months_after(self.start, months, self.day_of_month or self.start.day)

    def from_period(self, t: int) -> "Horizon":
        """Return the periods from t on, of the same lengths and on the same days.

        The first day of a period whose length is no whole number of days is rounded
        down, so later ones can begin a day earlier. Raises ValueError if none is left.
        """
        if not 0 <= t < self.number_of_periods:
            msg = f"period {t}, expected one of the {self.number_of_periods} from 0"
            raise ValueError(msg)
        start = self.start_of(t)
        day = self.day_of_month or self.start.day
        update = {
            "start": start,
            "number_of_periods": self.number_of_periods - t,
            "day_of_month": day if self._has_whole_months and day > start.day else None,
        }
        return self.model_copy(update=update)


# Sampling asks for the same few hundred days again and again.
@lru_cache(maxsize=4096)
def _months_after(start: dt.date, number: int, day: int) -> dt.date:
    """Return a day of a later month, or the last one if that month is shorter."""
    years, month = divmod(start.month - 1 + number, 12)
    year = start.year + years
    return dt.date(year, month + 1, min(day, _last_day(year, month + 1)))


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
