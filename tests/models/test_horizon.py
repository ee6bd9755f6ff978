"""When the periods of a horizon start."""

import datetime as dt

import pytest

from models.horizon import DAYS_PER_YEAR, Horizon


def starts(start: str, period_days: float, *periods: int) -> list[str]:
    """Return the first days of some periods."""
    horizon = Horizon(
        start=dt.date.fromisoformat(start),
        number_of_periods=600,
        period_days=period_days,
    )
    return [horizon.start_of(t).isoformat() for t in periods]


@pytest.mark.parametrize(
    ("start", "months", "periods", "expected"),
    [
        ("2027-01-01", 1, [0, 1, 24], ["2027-01-01", "2027-02-01", "2029-01-01"]),
        ("2026-07-01", 3, [1, 2, 10], ["2026-10-01", "2027-01-01", "2029-01-01"]),
        ("2026-01-01", 12, [1, 3], ["2027-01-01", "2029-01-01"]),
        ("2027-10-31", 1, [1, 4], ["2027-11-30", "2028-02-29"]),
    ],
)
def test_periods_of_months_follow_the_calendar(
    start: str, months: int, periods: list[int], expected: list[str]
) -> None:
    """Months, quarters and years start on the same day of the month."""
    assert starts(start, months * DAYS_PER_YEAR / 12, *periods) == expected


def test_other_periods_are_counted_in_days() -> None:
    """Weeks are seven days each."""
    assert starts("2027-01-01", 7, 1, 52) == ["2027-01-08", "2027-12-31"]
