"""A stored case, and jobs of it."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import text

from models.instance import Instance
from models.tables import Job, Priority
from service.clock import Clock
from service.jobs.submission import SolveOrder, case_of, submit
from service.jobs.transitions import Claim, claim_job
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.conftest import StoreKit

WORKER = "a worker"


@dataclass(frozen=True)
class StoredJobs(StoreKit):
    """A store that has the tiny case, and jobs of it."""

    @property
    def case_hash(self) -> str:
        """The hash of the case."""
        return self.instance.content_hash

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
        started = self.change(claim_job, job.id, job.ticket, WORKER)
        assert started is not None
        return job, started

    def read(self, job: Job) -> Job:
        """Return a job as it is now."""
        with self.database.reading() as session:
            return JobRepository(session).get(job.id)


@pytest.fixture
def jobs(database: Database, instance: Instance, clock: Clock) -> StoredJobs:
    """Return a store that has the tiny case."""
    jobs = StoredJobs(database, instance, clock)
    jobs.put_case()
    return jobs


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
