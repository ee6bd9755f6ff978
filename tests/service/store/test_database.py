import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select, text

from models.instance import Instance
from models.tables import CaseDocument, Job, JobState
from service.clock import Clock
from service.store.cases import CaseRepository
from service.store.database import Database


def test_the_file_is_in_wal_mode(database: Database) -> None:
    """Readers do not wait for the writer."""
    with database.reading() as session:
        mode = session.connection().execute(text("PRAGMA journal_mode")).scalar_one()
    assert mode == "wal"


def test_an_error_takes_the_transaction_back(
    database: Database, instance: Instance, clock: Clock
) -> None:
    """Either all of a transaction is stored or nothing."""

    def put_and_fail() -> None:
        with database.transaction() as session:
            CaseRepository(session).put(instance, is_listed=True, at=clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    with database.reading() as session:
        assert session.exec(select(func.count(col(CaseDocument.sequence)))).one() == 0


def test_a_reference_to_nothing_is_refused(database: Database, clock: Clock) -> None:
    """Foreign keys are enforced."""
    job = Job(
        id="a",
        state=JobState.QUEUED,
        case_hash="none",
        solved_case_hash="none",
        options={},
        created_at=clock(),
    )
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(job)


def test_writers_wait_for_each_other(
    database: Database, instance: Instance, clock: Clock
) -> None:
    """Transactions that read and then write come one after the other."""
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
    together = threading.Barrier(4)

    def count_up() -> None:
        together.wait()
        for _ in range(10):
            with database.transaction() as session:
                stored = session.exec(select(CaseDocument)).one()
                stored.number_of_bytes += 1

    with database.reading() as session:
        before = session.exec(select(CaseDocument.number_of_bytes)).one()
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(count_up) for _ in range(4)]:
            done.result()
    with database.reading() as session:
        after = session.exec(select(CaseDocument.number_of_bytes)).one()
    assert after == before + 40
