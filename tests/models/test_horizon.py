"""When the periods of a horizon start, and how long they are."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.horizon import DAYS_PER_YEAR, Horizon, Period
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case


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


@pytest.mark.parametrize(
    ("start", "period", "days"),
    [
        ("2027-01-01", "month", [31, 28, 31, 30]),
        ("2028-01-01", "month", [31, 29, 31, 30]),
        # Day 31 of the month, or the last one: 31.1., 28.2., 31.3., 30.4., 31.5.
        ("2027-01-31", "month", [28, 31, 30, 31]),
        ("2027-03-15", "month", [31, 30, 31, 30]),
        ("2027-01-01", "quarter", [90, 91, 92, 92]),
        ("2027-01-01", "year", [365, 366, 365, 365]),
        # 29.2.2028, then 28.2. of each year up to 29.2.2032.
        ("2028-02-29", "year", [365, 365, 365, 366]),
        ("2027-01-01", "week", [7, 7, 7, 7]),
    ],
)
def test_periods_of_the_calendar(start: str, period: str, days: list[float]) -> None:
    """Each has the days of its month, quarter or year."""
    horizon = Horizon.model_validate(
        {"start": start, "number_of_periods": 4, "period": period}
    )
    assert list(horizon.period_lengths_days) == days
    assert horizon.days == sum(days)
    for t in range(5):
        offset = dt.timedelta(days=horizon.days_between(0, t))
        assert horizon.start_of(t) == horizon.start + offset


@settings(deadline=None)
@given(
    start=st.dates(dt.date(1999, 1, 1), dt.date(2101, 1, 1)),
    period=st.sampled_from(["month", "quarter", "year", "week"]),
    number=st.integers(1, 50),
)
def test_periods_follow_one_another(start: dt.date, period: str, number: int) -> None:
    """Every day of the horizon is in one period, from its first to its last day."""
    horizon = Horizon.model_validate(
        {"start": start, "number_of_periods": number, "period": period}
    )
    offsets = horizon.period_offsets_days
    assert offsets[0] == 0
    assert horizon.start + dt.timedelta(days=offsets[-1]) == horizon.start_of(number)
    for t, length in enumerate(horizon.period_lengths_days):
        assert offsets[t + 1] == offsets[t] + length
        assert horizon.period_at(offsets[t]) == t
        assert horizon.period_at(offsets[t + 1] - 1) == t
    assert sum(horizon.period_lengths_years) == pytest.approx(horizon.years)


def test_a_year_of_months_discounts_as_the_year() -> None:
    """The thirteenth month and the second year begin on the same day."""
    terms = {"start": "2028-01-01", "discount_rate_per_year": 0.07}
    months = Horizon.model_validate(
        terms | {"number_of_periods": 25, "period": "month"}
    )
    years = Horizon.model_validate(terms | {"number_of_periods": 3, "period": "year"})
    for year in range(3):
        assert months.discount_factor(12 * year) == years.discount_factor(year)
    assert years.discount_factor(1) == 1.07 ** (-366 / 365.25)


def test_a_horizon_has_one_length_of_period() -> None:
    """A case that gives neither has months of 30.4375 days, as it always had."""
    terms = {"start": "2027-01-01", "number_of_periods": 2}
    assert Horizon.model_validate(terms).period_days == 30.4375
    both = terms | {"period": "month", "period_days": 30}
    with pytest.raises(ValidationError, match="period_days = 30, expected one of"):
        Horizon.model_validate(both)


@pytest.mark.parametrize("length", [{}, {"period_days": 7.0}, {"period": "month"}])
def test_a_document_has_the_length_that_was_given(length: Case) -> None:
    """It is read again as what it was, and documents of before keep their hash."""
    terms = {"start": dt.date(2027, 1, 1), "number_of_periods": 2}
    horizon = Horizon.model_validate(terms | length)
    expected = terms | {"discount_rate_per_year": 0.0}
    expected |= length or {"period_days": 30.4375}
    assert horizon.model_dump() == expected
    assert Horizon.model_validate_json(horizon.model_dump_json()) == horizon


def test_two_lengths_of_a_period_in_a_case(tiny_case: Case) -> None:
    """They are a mistake of the case, with its place."""
    tiny_case["horizon"] |= {"period": "week", "period_days": 7}
    with pytest.raises(InvalidCaseError, match=r"horizon: .*expected one of the two"):
        read_instance(tiny_case)


@settings(deadline=None)
@given(
    start=st.dates(dt.date(2027, 1, 1), dt.date(2028, 12, 31)),
    period=st.sampled_from(["week", "month", "quarter", "year"]),
    t=st.integers(0, 23),
    further=st.integers(0, 23),
)
def test_what_is_left_of_a_horizon_has_the_same_periods(
    start: dt.date, period: Period, t: int, further: int
) -> None:
    """Also from 31 January and 29 February on, and taken twice."""
    horizon = Horizon(start=start, number_of_periods=48, period=period)
    rest = horizon.from_period(t).from_period(further)
    assert rest == horizon.from_period(t + further)
    assert Horizon.model_validate(rest.model_dump()) == rest
    assert rest.period_lengths_days == horizon.period_lengths_days[t + further :]
    assert rest.start_of(rest.number_of_periods) == horizon.start_of(48)


def test_a_day_of_the_month_is_kept_only_where_it_is_needed() -> None:
    """From 31 January on: 28 February of the 31st, then 31 March."""
    horizon = Horizon(start=dt.date(2027, 1, 31), number_of_periods=3, period="month")
    days = [horizon.from_period(t).day_of_month for t in range(3)]
    assert days == [None, 31, None]
    assert "day_of_month" not in horizon.model_dump()


@pytest.mark.parametrize(
    ("start", "terms", "mistake"),
    [
        ("2027-02-27", {"day_of_month": 31}, "the last one of its month"),
        ("2027-01-31", {"day_of_month": 30}, "after the day of the start, 2027-01-31"),
        ("2027-02-28", {"day_of_month": 31, "period": "week"}, "of whole months"),
        ("2027-02-28", {"day_of_month": 32}, "less than or equal to 31"),
    ],
)
def test_a_day_of_the_month_fits_the_start(
    start: str, terms: dict[str, object], mistake: str
) -> None:
    """It is later than a start on the last day, and of periods of months."""
    horizon = {"start": start, "number_of_periods": 3, "period": "month"} | terms
    with pytest.raises(ValidationError, match=mistake):
        Horizon.model_validate(horizon)


def test_no_period_is_left_after_the_last() -> None:
    """Of three periods the fourth is none."""
    horizon = Horizon(start=dt.date(2027, 1, 1), number_of_periods=3, period="month")
    with pytest.raises(ValueError, match="period 3, expected one of the 3 from 0"):
        horizon.from_period(3)
