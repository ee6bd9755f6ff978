import datetime as dt

import pytest
from sqlalchemy.dialects import sqlite

from models.tables.row import UtcDateTime

DIALECT = sqlite.dialect()


def test_an_instant_is_stored_in_utc() -> None:
    """Noon at +05:00 is 07:00 in UTC."""
    east = dt.timezone(dt.timedelta(hours=5))
    stored = UtcDateTime().process_bind_param(
        dt.datetime(2026, 1, 1, 12, tzinfo=east), DIALECT
    )
    assert stored == dt.datetime(2026, 1, 1, 7, tzinfo=dt.UTC)


def test_a_naive_time_is_refused() -> None:
    """A time without zone is no instant."""
    with pytest.raises(ValueError, match="no time zone"):
        UtcDateTime().process_bind_param(
            dt.datetime(2026, 1, 1, 12),  # noqa: DTZ001 - what is tested
            DIALECT,
        )


def test_a_stored_instant_comes_back_aware() -> None:
    """SQLite gives the time without zone; it was UTC."""
    naive = dt.datetime(2026, 1, 1, 7)  # noqa: DTZ001 - as SQLite gives it
    read = UtcDateTime().process_result_value(naive, DIALECT)
    assert read == dt.datetime(2026, 1, 1, 7, tzinfo=dt.UTC)
