"""The planning horizon: periods of equal length from a start date."""

import datetime as dt

from pydantic import Field

from models.record import Record
from models.units import RatePerYear

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


class Horizon(Record):
    """Periods t = 0 .. number_of_periods - 1 of equal length."""

    start: dt.date = Field(description="First day of period 0.")
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
        """First day of period t."""
        return self.start + dt.timedelta(days=t * self.period_days)
