import datetime as dt
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select, text

from models.instance import Instance
from models.tables import DEFAULT_ORGANISATION, CaseDocument, Job, JobState
from service.clock import Clock
from service.errors import StoreUnavailableError
from service.jobs.submission import SolveOrder, submit
from service.jobs.transitions import Claim, cancel, claim_job
from service.settings import Settings
from service.store.address import database_url
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.conftest import StoreKit
from tests.service.interference import cut_connections, together


@pytest.mark.parametrize("store_url", [None])
def test_the_file_is_in_wal_mode(database: Database) -> None:
    """Readers do not wait for the writer."""
    with database.reading() as session:
        mode = session.connection().execute(text("PRAGMA journal_mode")).scalar_one()
    assert mode == "wal"


@pytest.mark.parametrize("store_url", [None])
def test_what_is_written_ahead_stays_small(database: Database, clock: Clock) -> None:
    """On a disk of a few megabytes the rows are to have the room."""
    for number in range(40):
        document = CaseDocument(
            content_hash=str(number),
            case_id="case",
            name="",
            number_of_bytes=0,
            content=bytes(100_000),
            created_at=clock(),
        )
        with database.transaction() as session:
            session.add(document)
    written = Path(f"{database.engine.url.database}-wal").stat().st_size
    assert written < 2_000_000


def test_an_error_takes_the_transaction_back(kit: StoreKit) -> None:
    """Either all of a transaction is stored or nothing."""

    def put_and_fail() -> None:
        with kit.transaction() as session:
            CaseRepository(session).put(kit.instance, is_listed=True, at=kit.clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    with kit.reading() as session:
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


def test_writers_wait_for_each_other(kit: StoreKit) -> None:
    """Transactions that read and then write come one after the other."""
    job_id = _submitted(kit)

    def count_up() -> None:
        for _ in range(10):
            with kit.transaction() as session:
                JobRepository(session).held(job_id).attempt += 1

    together(*[count_up] * 4)
    with kit.reading() as session:
        assert JobRepository(session).get(job_id).attempt == 40


def test_a_job_is_read_as_it_is_when_it_is_held(kit: StoreKit) -> None:
    """What the transaction knew of it before is of before."""
    job_id = _submitted(kit)
    with kit.reading() as session:
        known = JobRepository(session).get(job_id)
        with kit.transaction() as other:
            JobRepository(other).held(job_id).attempt = 7
        assert JobRepository(session).get(job_id).attempt == known.attempt == 0
    with kit.transaction() as session:
        assert JobRepository(session).held(job_id).attempt == 7


def test_a_reader_sees_one_state(kit: StoreKit) -> None:
    """What is stored while it reads, it sees the next time."""
    count = select(func.count(col(CaseDocument.sequence)))
    with kit.reading() as session:
        assert session.exec(count).one() == 0
        with kit.transaction() as other:
            CaseRepository(other).put(kit.instance, is_listed=True, at=kit.clock())
        assert session.exec(count).one() == 0
    with kit.reading() as session:
        assert session.exec(count).one() == 1


def test_the_same_case_from_two_sides_is_stored_once(kit: StoreKit) -> None:
    """One of them finds it there; none fails."""
    is_new: list[bool] = []

    def put() -> None:
        with kit.transaction() as session:
            cases = CaseRepository(session)
            is_new.append(cases.put(kit.instance, is_listed=True, at=kit.clock()))

    together(*[put] * 4)
    assert sorted(is_new) == [False, False, False, True]


def test_an_order_that_comes_twice_at_once_is_one_job(kit: StoreKit) -> None:
    """The second order under a key gets the job of the first."""
    kit.put_case()
    order = SolveOrder(kit.instance.content_hash, idempotency_key="key")
    found: list[tuple[str, bool]] = []

    def order_it() -> None:
        with kit.transaction() as session:
            job, is_new = submit(session, order, kit.instance, kit.clock)
            found.append((job.id, is_new))

    together(*[order_it] * 4)
    assert len({job_id for job_id, _ in found}) == 1
    assert [is_new for _, is_new in found].count(True) == 1


def test_two_that_take_jobs_never_take_the_same(kit: StoreKit) -> None:
    """Each of 20 jobs is claimed once."""
    job_ids = [_submitted(kit) for _ in range(20)]
    claims: list[Claim] = []

    def claim_all(worker_id: str) -> None:
        for job_id in job_ids:
            claim = kit.change(claim_job, job_id, 0, worker_id)
            if claim is not None:
                claims.append(claim)

    together(*(partial(claim_all, name) for name in "abcd"))
    assert sorted(claim.job_id for claim in claims) == sorted(job_ids)


def test_a_job_cancelled_while_claimed_stays_cancelled(kit: StoreKit) -> None:
    """Claiming and cancelling at once, no cancellation is lost."""
    job_ids = [_submitted(kit) for _ in range(20)]

    def claim_all() -> None:
        for job_id in job_ids:
            kit.change(claim_job, job_id, 0, "a")

    def cancel_all() -> None:
        for job_id in job_ids:
            kit.change(cancel, job_id)

    together(claim_all, cancel_all)
    with kit.reading() as session:
        number_of_jobs = JobRepository(session).number_by_state()
    assert number_of_jobs[JobState.CANCELLED] == 20


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_the_database_may_come_back(database: Database) -> None:
    """Connections that were cut are replaced when they are asked for."""
    with database.reading() as session:
        session.connection().execute(text("SELECT 1"))
    cut_connections(database)
    with database.reading() as session:
        assert session.connection().execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_what_is_cut_off_in_the_midst_is_taken_back(kit: StoreKit) -> None:
    """The error can be retried; nothing is stored."""

    def put_and_be_cut_off() -> None:
        with kit.transaction() as session:
            CaseRepository(session).put(kit.instance, is_listed=True, at=kit.clock())
            cut_connections(kit.database)

    with pytest.raises(StoreUnavailableError):
        put_and_be_cut_off()
    with kit.reading() as session:
        assert session.exec(select(func.count(col(CaseDocument.sequence)))).one() == 0


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_operator_options_are_kept(settings: Settings, instance: Instance) -> None:
    """Except for those by which text and times are read: sessions have UTC."""
    url = database_url(settings)
    options = "-c statement_timeout=7s -c timezone=Asia/Kolkata"
    there = url.update_query_dict({"options": options})
    at = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    database = Database.open(there).within(DEFAULT_ORGANISATION)
    with database.transaction() as session:
        timeout, zone = (
            session.connection().execute(text(f"SHOW {name}")).scalar_one()
            for name in ("statement_timeout", "timezone")
        )
        CaseRepository(session).put(instance, is_listed=True, at=at)
    with database.reading() as session:
        stored = CaseRepository(session).get(instance.content_hash).created_at
    database.close()
    assert (timeout, zone, stored.isoformat()) == ("7s", "UTC", at.isoformat())


def _submitted(kit: StoreKit) -> str:
    kit.put_case()
    order = SolveOrder(kit.instance.content_hash)
    job, _ = kit.change(submit, order, kit.instance)
    return job.id
