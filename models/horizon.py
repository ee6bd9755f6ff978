"""The planning horizon: periods of equal length from a start date."""

import calendar
import datetime as dt

from pydantic import Field

from models.record import Record
from models.units import Day, RatePerYear

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
TOLERANCE = 1e-9


class Horizon(Record):
    """Periods t = 0 .. number_of_periods - 1 of equal length."""

    start: Day = Field(description="First day of period 0.")
    number_of_periods: int = Field(ge=1, le=600, description="Number of periods.")
    period_days: float = Field(
        default=DAYS_PER_MONTH, gt=0, le=3660, description="Length of a period in days."
    )
    discount_rate_per_year: RatePerYear = Field(
        default=0.0, description="Rate at which shortage costs are discounted."
    )

    @property
    def years_per_period(self) -> float:
        """Length of a period in years."""
        return self.period_days / DAYS_PER_YEAR

    @property
    def months_per_period(self) -> float:
        """Length of a period in months."""
        return self.period_days / DAYS_PER_MONTH

    def discount_factor(self, t: int) -> float:
        """Value today of a dollar lost in period t."""
        return (1 + self.discount_rate_per_year) ** (-t * self.years_per_period)

    def start_of(self, t: int) -> dt.date:
        """First day of period t; periods of whole months follow the calendar.

        Counted in days of 365.25 / 12 a month, the first period of a year could start
        on the last day of the year before.
        """
        months = self.months_per_period
        if abs(months - round(months)) > TOLERANCE:
            return self.start + dt.timedelta(days=t * self.period_days)
        years, month = divmod(self.start.month - 1 + t * round(months), 12)
        year = self.start.year + years
        last_day = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(self.start.day, last_day))
