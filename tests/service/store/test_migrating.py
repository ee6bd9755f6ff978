import datetime as dt
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import text

from models.content import canonical_json, canonical_text
from models.figures import figures_of
from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.tables import Account, Job, PlanDocument, Role, Row, Scope
from service.clock import Clock
from service.identity.administration import Administration
from service.jobs.submission import SolveOrder, submit
from service.jobs.transitions import claim_job, succeed
from service.settings import Settings
from service.store.accounts import AccountRepository
from service.store.address import database_url
from service.store.audit_log import Author
from service.store.cases import CaseRepository, PackedCase
from service.store.compression import pack, unpack
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.migrating import NewerTablesError, configuration, migrate
from service.store.part import Part
from service.store.progress import ProgressRepository
from tests.service.claiming import claim_next
from tests.service.fake_solver import plan_of
from tests.service.waiting import CEILING_S

ROOT = Path(__file__).parents[3]
JOB_OF_BEFORE = """
INSERT INTO job (id, state, case_hash, solved_case_hash, options, attempt, conflict,
    created_at)
SELECT 'older', state, case_hash, solved_case_hash, options, attempt, conflict,
    created_at FROM job
"""
FAILED_BEFORE = """
INSERT INTO job (id, state, case_hash, solved_case_hash, options, attempt, conflict,
    created_at, failure)
SELECT :id, 'FAILED', case_hash, solved_case_hash, options, attempt, conflict,
    created_at, :failure FROM job WHERE state = 'SUCCEEDED'
"""
FAILURES_OF_BEFORE = {
    "Out of memory: the solve needs more.": "out_of_memory",
    "The solver crashed (signal 11, SIGSEGV).": "crashed",
    "The solving process was killed from outside.": "ended_from_outside",
    "The solving process was ended from outside.": "ended_from_outside",
    "A process that the solve had started ended abruptly.": "ended_from_outside",
    "The solving process ended without an answer: exit status 3.": "without_answer",
    "The solve stopped on an error: KeyError: 'x'": "error",
    "What the solve found could not be stored.": "not_stored",
    "The solving process could not be started: no.": "not_started",
    "The worker died 3 times.": "worker_lost",
    "": "other",
    "out of memory in small letters": "other",
    "The reserve is on fire.": "other",
}
MIGRATE = """
import os, sys
from sqlalchemy import make_url
from service.store.database import Database
from service.store.migrating import migrate
database = Database.open(make_url(os.environ["URL"]))
print("ready", flush=True)
sys.stdin.read()
migrate(database)
"""


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """In SQLite the engine of jobs has its tables beside ours."""
    return kind != "table" or name in Row.metadata.tables


OURS: dict[str, Any] = {"include_name": is_ours}


def described(database: Database) -> dict[str, list[str]]:
    """Return the schema of all tables in the database, in no order."""
    inspector = inspect(database.engine)
    # SQLite gives no name to a reference that is added to a table.
    unnamed = {"name"} if database.engine.dialect.name == "sqlite" else set[str]()
    found: dict[str, list[str]] = {}
    for table in set(inspector.get_table_names()) & {*Row.metadata.tables}:
        references = inspector.get_foreign_keys(table)
        parts: list[Mapping[str, Any]] = [
            *inspector.get_columns(table),
            *({key: r[key] for key in r.keys() - unnamed} for r in references),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
            *inspector.get_indexes(table),
            inspector.get_pk_constraint(table),
        ]
        found[table] = sorted(str(sorted(part.items(), key=str)) for part in parts)
    return found


@pytest.fixture
def succeeded_job(database: Database, instance: Instance, clock: Clock) -> Job:
    """Return a job that has a plan and a line of progress."""
    outcome = Outcome(
        termination=Termination.OPTIMAL, plan=plan_of(instance), seconds=2.5
    )
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
        job, _ = submit(session, SolveOrder(instance.content_hash), instance, clock)
        claim = claim_job(session, job.id, job.ticket, "a worker", clock)
        assert claim is not None
        record = ProgressRecord(seconds=1.0, stage="checked")
        ProgressRepository(session).append(job, [record], at=clock())
        succeed(session, claim, outcome, clock)
    return job


def test_the_migrations_give_the_tables_of_the_code(database: Database) -> None:
    """What the last migration leaves is what the table classes describe."""
    with database.reading() as session:
        found = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, **OURS}
        )
        assert compare_metadata(found, Row.metadata) == []


def test_a_second_start_changes_nothing(database: Database) -> None:
    """Migrating a database that is up to date is allowed."""
    migrate(database)


def test_the_migrations_can_be_taken_back(database: Database) -> None:
    """Downgrading to nothing leaves no table of ours."""
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "base")
    assert not {*inspect(database.engine).get_table_names()} & {*Row.metadata.tables}


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    """A migration that this version does not know is a clear error."""
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num='x'"))
    with pytest.raises(NewerTablesError, match=r"revision x; .* up to r\d{4}"):
        migrate(database)


def test_tables_that_are_made_at_once_are_the_same(database: Database) -> None:
    """The table classes match the migrated schema, checks included."""
    migrated = described(database)
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "base")
        Row.metadata.create_all(session.connection())
    assert described(database) == migrated


@pytest.mark.parametrize(
    "store_url", ["empty sqlite", "empty postgresql"], indirect=True
)
def test_two_processes_may_migrate_at_once(settings: Settings, tmp_path: Path) -> None:
    """One does it, the other waits; both go on with all tables."""
    url = database_url(settings)
    (tmp_path / "data").mkdir(exist_ok=True)
    environment = os.environ | {"URL": url.render_as_string(hide_password=False)}
    processes = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", MIGRATE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    assert [process.wait(CEILING_S) for process in processes] == [0] * 2
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()
    database = Database.open(url)
    with database.reading() as session:
        found = MigrationContext.configure(session.connection(), opts=OURS)
        assert compare_metadata(found, Row.metadata) == []
    database.close()


def test_a_percent_sign_in_the_path_does_no_harm(tmp_path: Path) -> None:
    """The folder's name is not used as a format string."""
    folder = tmp_path / "100%"
    folder.mkdir()
    url = URL.create("sqlite", database=str(folder / "a.sqlite3"))
    database = Database.open(url)
    migrate(database)
    database.close()


def test_an_old_plan_is_an_incumbent(database: Database, succeeded_job: Job) -> None:
    """Going back and forth over the second migration loses nothing, progress too."""
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "r0001")
    migrate(database)
    with database.reading() as session:
        job = JobRepository(session).get(succeeded_job.id)
        lines = ProgressRepository(session).page(job, after=0, limit=10)
        assert [line.record["stage"] for line in lines] == ["checked"]
    # Who solved it, and of what it was warned, tables of before do not say.
    kept = {*Job.model_fields} - {"worker_id", "solved_with", "warnings"}
    assert job.model_dump(include=kept) == succeeded_job.model_dump(include=kept)
    assert job.incumbent_hash == job.plan_hash is not None
    assert (job.incumbent_upper_bound_usd, job.incumbent_lower_bound_usd) == (1.0, 1.0)


def test_an_older_server_may_add_jobs(database: Database, succeeded_job: Job) -> None:
    """It gives no priority; its jobs are interactive."""
    with database.transaction() as session:
        session.connection().execute(text(JOB_OF_BEFORE))
        assert JobRepository(session).get("older").priority == succeeded_job.priority


@pytest.mark.parametrize("revision", ["r0006", "r0004", "r0001"])
def test_jobs_that_waited_before_are_run(
    database: Database, instance: Instance, clock: Clock, revision: str
) -> None:
    """One that was in the queue, and one of a version that knew of none: in order."""
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
        first, _ = submit(session, SolveOrder(instance.content_hash), instance, clock)
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), revision)
        session.connection().execute(text(JOB_OF_BEFORE))
    migrate(database)
    with database.transaction() as session:
        started = [claim_next(session, clock) for _ in range(3)]
        assert [x and x.job_id for x in started] == [first.id, "older", None]
        for claim in started[:2]:
            assert claim is not None
            outcome = Outcome(
                termination=Termination.OPTIMAL, plan=plan_of(instance), seconds=2.5
            )
            succeed(session, claim, outcome, clock)


def test_planners_of_a_participant_do_not_survive_the_way_back(
    database: Database, clock: Clock
) -> None:
    """Earlier versions do not know their role; other accounts and their keys stay."""
    with database.transaction() as session:
        administration = Administration(session, Author("a", "b"), clock())
        administration.add_account("ada", Role.MANAGER)
        administration.add_account("bob", Role.PARTICIPANT_PLANNER, participant="gm")
        for name in ("ada", "bob"):
            administration.add_key(name, b"secret", dt.timedelta(days=1), [Scope.READ])
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "r0017")
    migrate(database)
    with database.reading() as session:
        accounts = AccountRepository(session)
        assert [x.name for x in accounts.all()] == ["ada"]
        assert [x.name for _, x in accounts.all_keys()] == ["ada"]


@pytest.mark.parametrize(
    ("role", "participant"), [("manager", "gm"), ("participant_planner", None)]
)
def test_the_database_refuses_a_role_without_its_participant(
    database: Database, clock: Clock, role: str, participant: str | None
) -> None:
    """And a participant of another role, whoever writes the row."""
    account = Account(
        id="a",
        organisation="default",
        name="ada",
        role=role,
        participant=participant,
        created_at=clock(),
    )
    with (
        pytest.raises(IntegrityError),
        database.transaction() as session,
    ):
        AccountRepository(session).add(account)


def test_failures_of_before_have_the_kind_that_their_sentence_begins_with(
    database: Database, succeeded_job: Job
) -> None:
    """A job of each sentence of earlier versions; one that has not failed has none."""
    assert succeeded_job.id
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "r0009")
        for number, words in enumerate(FAILURES_OF_BEFORE):
            names = {"id": f"{number}", "failure": words}
            session.connection().execute(text(FAILED_BEFORE), names)
    migrate(database)
    with database.reading() as session:
        jobs = JobRepository(session).page(Part(20))
    kinds = {job.failure: job.failure_kind for job in jobs if job.failure is not None}
    assert kinds == FAILURES_OF_BEFORE
    assert [job.failure_kind for job in jobs if job.failure is None] == [None]


def test_figures_and_variants_survive_the_way_back_and_forth(
    database: Database, succeeded_job: Job, instance: Instance, clock: Clock
) -> None:
    """A case that is stored as what differs is written whole on the way back."""
    loan = instance.financing.facilities[0].model_copy(update={"limit_usd": 7.0})
    financing = instance.financing.model_copy(update={"facilities": (loan,)})
    changed = instance.model_copy(update={"financing": financing})
    text = canonical_json(changed)
    part = canonical_text({"financing": financing.model_dump()})
    packed = PackedCase(
        changed.content_hash, changed.id, changed.name, len(text), pack(part)
    )
    with database.transaction() as session:
        base_hash = instance.content_hash
        CaseRepository(session).put_variants([packed], base_hash=base_hash, at=clock())
    with database.transaction() as session:
        command.downgrade(configuration(session.connection()), "r0003")
        query = sqlalchemy.text(
            "SELECT content FROM casedocument WHERE content_hash = :hash"
        )
        row = session.connection().execute(query, {"hash": packed.content_hash}).one()
        assert unpack(row.content, packed.content_hash) == text
    migrate(database)
    with database.reading() as session:
        assert CaseRepository(session).text(packed.content_hash) == text
        plan = session.get_one(PlanDocument, succeeded_job.plan_hash)
        figures = figures_of(plan_of(instance)).model_dump()
    assert plan.figures == figures
