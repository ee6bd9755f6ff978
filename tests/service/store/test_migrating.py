from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import text

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.tables import Job, Row
from service.clock import Clock
from service.errors import DataDirectoryError
from service.jobs.queue import claim_oldest, succeed
from service.jobs.submission import Order, submit
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.migrating import configuration, migrate
from service.store.progress import ProgressRepository
from tests.service.fake_solver import plan_of


@pytest.fixture
def succeeded_job(database: Database, instance: Instance, clock: Clock) -> Job:
    """Return a job that has a plan and a line of progress."""
    outcome = Outcome(
        termination=Termination.OPTIMAL, plan=plan_of(instance), seconds=2.5
    )
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
        submit(session, Order(instance.content_hash), instance, clock)
        claim = claim_oldest(session, clock)
        assert claim is not None
        job = JobRepository(session).get(claim.job_id)
        record = ProgressRecord(seconds=1.0, stage="checked")
        ProgressRepository(session).append(job, [record], at=clock())
        succeed(session, claim, outcome, clock)
    return job


def test_the_migrations_give_the_tables_of_the_code(database: Database) -> None:
    """What the last migration leaves is what the table classes describe."""
    with database.reading() as session:
        found = MigrationContext.configure(
            session.connection(), opts={"compare_type": True}
        )
        assert compare_metadata(found, Row.metadata) == []


def test_a_second_start_changes_nothing(database: Database) -> None:
    """Migrating a database that is up to date is allowed."""
    migrate(database)


def test_the_migrations_can_be_taken_back(database: Database) -> None:
    """Downgrading to nothing leaves no table of ours."""
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    """A migration that this version does not know is a clear error."""
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num='x'"))
    with pytest.raises(DataDirectoryError, match="newer version"):
        migrate(database)


def test_a_percent_sign_in_the_path_does_no_harm(tmp_path: Path) -> None:
    """The folder's name is nobody's format string."""
    folder = tmp_path / "100%"
    folder.mkdir()
    database = Database.open(folder / "a.sqlite3")
    migrate(database)
    database.close()


def test_a_plan_of_before_becomes_the_incumbent_of_its_job(
    database: Database, succeeded_job: Job
) -> None:
    """Going back and forth over the second migration loses nothing, progress too."""
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "r0001")
    migrate(database)
    with database.reading() as session:
        job = JobRepository(session).get(succeeded_job.id)
        lines = ProgressRepository(session).page(job, after=0, limit=10)
        assert [line.record["stage"] for line in lines] == ["checked"]
    assert job.model_dump() == succeeded_job.model_dump()
    assert job.incumbent_hash == job.plan_hash is not None
    assert (job.incumbent_upper_bound_usd, job.incumbent_lower_bound_usd) == (1.0, 1.0)
