"""Queries that go past the filters of the store find nothing of others either."""

from collections.abc import Generator

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.exc import ProgrammingError

from models.tables import JobState, Row
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.opening import Store
from service.store.part import Part
from service.store.row_security import (
    POLICY,
    PROTECTED,
    bypassing_role,
    conditions,
    warn_of_bypass,
)
from tests.postgres import Postgres
from tests.service.conftest import StoreKit
from tests.service.store.conftest import (
    Ended,
    store_batch,
    store_publication,
    store_rehearsal,
    store_reserve,
    store_round,
    store_webhook,
)

OF_THE_STORE = {"worker"}
REFUSED = "42501"
pytestmark = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)


def numbers(database: Database) -> dict[str, int]:
    """Return how many rows of each table a query without a condition finds."""
    with database.reading() as session:
        return {name: _number(session.connection(), name) for name in conditions()}


def _number(connection: sa.Connection, table: str) -> int:
    query = sa.text(f"SELECT count(*) FROM {table}")  # noqa: S608 - our names
    return int(connection.execute(query).scalar_one())


@pytest.fixture
def whole(store: Store, one_of_each: StoreKit) -> Database:
    """Return a store in which the default organisation has a row of each table."""
    store_batch(one_of_each)
    store_rehearsal(one_of_each)
    store_round(one_of_each)
    store_reserve(one_of_each)
    store_publication(one_of_each)
    store_webhook(one_of_each, is_pinged=True)
    return store.database


def test_every_table_has_its_policy(store: Store) -> None:
    """Those with a column for the organisation, documents, parts; others are named."""
    with store.database.reading() as session:
        found = session.connection().execute(sa.text(PROTECTED), {"policy": POLICY})
        protected = set(found.scalars())
    assert protected == {*conditions()}
    assert protected | OF_THE_STORE == {*Row.metadata.tables}


def test_a_query_without_a_filter_finds_nothing_of_others(whole: Database) -> None:
    """Nor does one of a connection that was told of no organisation."""
    there = numbers(whole)
    assert all(there.values())
    # The only row that names an organisation is that of another.
    assert numbers(whole.within("default")) == {**there, "organisation": 0}
    nothing = dict.fromkeys(there, 0)
    assert numbers(whole.within("others")) == {**nothing, "organisation": 1}
    assert numbers(whole.within("strangers")) == nothing
    with whole.engine.connect() as connection:
        assert {x: _number(connection, x) for x in there} == nothing


def test_nothing_is_stored_for_another(whole: Database) -> None:
    """Each row of one organisation is refused from another, before its keys are."""
    with whole.reading() as session:
        connection = session.connection()
        rows = {
            table: connection.execute(sa.select(table).limit(1)).mappings().one()
            for table in Row.metadata.sorted_tables
            if table.name in conditions()
        }
    for table, row in rows.items():
        insert = sa.insert(table).values(**row)
        assert _error_of(whole.within("strangers"), insert) == REFUSED, table.name


def test_what_others_have_is_not_changed(whole: Database) -> None:
    """An update and a deletion without a condition meet none of their rows."""
    there = numbers(whole)
    for table in Row.metadata.tables.values():
        if table.name in there and table.name != "auditentry":
            with whole.within("strangers").transaction() as session:
                assert session.connection().execute(sa.delete(table)).rowcount == 0
    assert numbers(whole) == there


def test_a_row_is_not_given_away(whole: Database) -> None:
    """It stays with its organisation."""
    change = sa.text("UPDATE job SET organisation = 'others'")
    assert _error_of(whole.within("default"), change) == REFUSED


def _error_of(database: Database, statement: sa.Executable) -> str:
    with pytest.raises(ProgrammingError) as raised, database.transaction() as session:
        session.connection().execute(statement)
    return str(getattr(raised.value.orig, "sqlstate", None))


@pytest.fixture
def unbound(postgres: Postgres, store_url: SecretStr) -> Generator[Database]:
    """Yield the store as the superuser of the server sees it."""
    name = sa.make_url(store_url.get_secret_value()).database
    database = Database.open(postgres.url.set(database=name))
    yield database
    database.close()


def test_a_superuser_is_warned_of(
    store: Store, unbound: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """An ordinary role is not."""
    if store.database.engine.url.username == unbound.engine.url.username:
        pytest.skip("the user of the given server is no superuser")
    assert bypassing_role(store.database) is None
    warn_of_bypass(store.database)
    assert not caplog.records
    assert bypassing_role(unbound) == unbound.engine.url.username
    warn_of_bypass(unbound)
    (record,) = caplog.records
    assert f"the role {unbound.engine.url.username} of" in record.message


ROWS_READ = """
SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'job'
"""


def test_a_list_is_read_without_rows_of_others(store: Store, end_job: Ended) -> None:
    """However many they have stored since: its time would tell."""
    job_id = end_job(11, JobState.QUEUED)
    with store.database.transaction() as session:
        _copy_job(session.connection(), job_id, "default", 2_000)
        _copy_job(session.connection(), job_id, "others", 8_000)
        session.connection().execute(sa.text("ANALYZE job"))
    with store.database.within("default").reading() as session:
        assert len(JobRepository(session).page(Part(50))) == 50
        number = session.connection().execute(sa.text(ROWS_READ)).scalar_one()
    assert number <= 2_001


def _copy_job(
    connection: sa.Connection, job_id: str, organisation: str, number: int
) -> None:
    own = {"organisation", "sequence", "id", "idempotency_key"}
    columns = Row.metadata.tables["job"].columns
    names = ", ".join(x.name for x in columns if x.name not in own)
    copies = (
        f"INSERT INTO job (organisation, id, {names}) "  # noqa: S608 - our names
        f"SELECT :organisation, gen_random_uuid()::text, {names} "
        "FROM job CROSS JOIN generate_series(1, :number) WHERE id = :id"
    )
    values = {"organisation": organisation, "number": number, "id": job_id}
    connection.execute(sa.text(copies), values)
