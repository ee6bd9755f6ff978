"""A stored case, and jobs of it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import text

from models.instance import Instance
from models.tables import Job, Priority
from service.clock import Clock
from service.jobs.submission import SolveOrder, case_of, submit
from service.jobs.transitions import Claim, claim
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository

WORKER = "a worker"
Queue = Callable[..., Job]
Read = Callable[[Job], Job]
Started = Callable[..., tuple[Job, Claim]]


@pytest.fixture
def case_hash(database: Database, instance: Instance, clock: Clock) -> str:
    """Return the hash of the tiny case, which is stored."""
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
    return instance.content_hash


@pytest.fixture
def queue_job(database: Database, case_hash: str, clock: Clock) -> Queue:
    """Return what queues a job of the tiny case with other options."""

    def queue(
        *,
        key: str | None = None,
        priority: int = Priority.INTERACTIVE,
        **options: object,
    ) -> Job:
        order = SolveOrder(case_hash, options, idempotency_key=key, priority=priority)
        with database.transaction() as session:
            job, _ = submit(session, order, case_of(session, order), clock)
            return job

    return queue


@pytest.fixture
def read_job(database: Database) -> Read:
    """Return what reads a job as it is now."""

    def read(job: Job) -> Job:
        with database.reading() as session:
            return JobRepository(session).get(job.id)

    return read


@pytest.fixture
def start_job(database: Database, queue_job: Queue, clock: Clock) -> Started:
    """Return what queues a job and claims it."""

    def start(**options: object) -> tuple[Job, Claim]:
        job = queue_job(**options)
        with database.transaction() as session:
            started = claim(session, job.id, job.ticket, WORKER, clock)
        assert started is not None
        return job, started

    return start


def engine_rows(database: Database, columns: str) -> list[Any]:
    """Return these columns of all tickets, by the order in which workers take them."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    table = "workflow_status" if is_sqlite else "dbos.workflow_status"
    query = f"SELECT {columns} FROM {table} ORDER BY priority, created_at"  # noqa: S608
    with database.reading() as session:
        return list(session.connection().execute(text(query)).all())


def change_engine(database: Database, change: str, **values: object) -> None:
    """Change all tickets: what comes after SET."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    table = "workflow_status" if is_sqlite else "dbos.workflow_status"
    with database.transaction() as session:
        statement = text(f"UPDATE {table} SET {change}")  # noqa: S608
        session.connection().execute(statement, values)
