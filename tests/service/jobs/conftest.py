"""A stored case, and jobs of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, text

from models.instance import Instance
from models.tables import Job, Priority
from service.clock import Clock
from service.jobs.submission import SolveOrder, case_of, submit
from service.jobs.transitions import Claim, claim
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository

WORKER = "a worker"

T = TypeVar("T")


@dataclass(frozen=True)
class StoredJobs:
    """A store that has the tiny case, and jobs of it."""

    database: Database
    instance: Instance
    clock: Clock

    @property
    def case_hash(self) -> str:
        """The hash of the case."""
        return self.instance.content_hash

    def transaction(self) -> AbstractContextManager[Session]:
        """Return a transaction on the store."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Session]:
        """Return a session that reads the store."""
        return self.database.reading()

    def change(self, change: Callable[..., T], *arguments: object) -> T:
        """Call a transition with arguments and the time, in its own transaction."""
        with self.database.transaction() as session:
            return change(session, *arguments, self.clock)

    def queue(
        self,
        *,
        key: str | None = None,
        priority: int = Priority.INTERACTIVE,
        **options: object,
    ) -> Job:
        """Queue a job of the case with other options."""
        order = SolveOrder(
            self.case_hash, options, idempotency_key=key, priority=priority
        )
        with self.database.transaction() as session:
            return submit(session, order, case_of(session, order), self.clock)[0]

    def start(self, **options: Any) -> tuple[Job, Claim]:  # noqa: ANN401 - any of them
        """Queue a job and claim it."""
        job = self.queue(**options)
        started = self.change(claim, job.id, job.ticket, WORKER)
        assert started is not None
        return job, started

    def read(self, job: Job) -> Job:
        """Return a job as it is now."""
        with self.database.reading() as session:
            return JobRepository(session).get(job.id)


@pytest.fixture
def jobs(database: Database, instance: Instance, clock: Clock) -> StoredJobs:
    """Return a store that has the tiny case."""
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
    return StoredJobs(database, instance, clock)


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
