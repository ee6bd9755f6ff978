from pathlib import Path

import pytest
from sqlmodel import select, text

from models.failure import FailureKind
from models.instance import Instance
from models.tables import DEFAULT_ORGANISATION, CaseDocument, JobState
from service.clock import Clock
from service.errors import DamagedBackupError, StoreNotEmptyError
from service.jobs.transitions import put_back_all
from service.store.backup.cells import PASSING
from service.store.backup.making import back_up
from service.store.backup.reading import opened_backup
from service.store.backup.restoring import filled
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.opening import Store
from service.store.part import Part
from service.store.referred_objects import referred_objects
from tests.service.conftest import StoreKit
from tests.service.store.backup.rewriting import Content, rewritten
from tests.service.store.conftest import (
    PICTURE,
    TABLE,
    Ended,
    held,
    store_batch,
    store_publication,
    store_rehearsal,
    store_reserve,
    store_round,
    store_webhook,
)

FIRST_TABLES = {"casedocument", "plandocument", "job", "progressline"}
FIRST_COLUMNS_OF_JOB = {
    "sequence",
    "id",
    "state",
    "case_hash",
    "solved_case_hash",
    "options",
    "attempt",
    "created_at",
    "started_at",
    "finished_at",
    "termination",
    "seconds",
    "conflict",
    "plan_hash",
    "failure",
    "idempotency_key",
    "order_fingerprint",
}

TO_SQLITE = pytest.mark.parametrize("target_settings", ["to sqlite"], indirect=True)


def restore(store: Store, path: Path, *, is_replacing: bool = False) -> None:
    """Fill a store and leave its jobs as they were."""
    with (
        opened_backup(path) as backup,
        filled(store, backup, is_replacing=is_replacing),
    ):
        pass


def test_every_row_comes_back(
    store: Store, one_of_each: StoreKit, target: Store, tmp_path: Path
) -> None:
    """From each kind of database into each; differences and objects as well."""
    store_batch(one_of_each)
    store_rehearsal(one_of_each)
    store_round(one_of_each)
    store_reserve(one_of_each)
    store_publication(one_of_each)
    store_webhook(one_of_each)
    back_up(
        one_of_each.whole,
        store.objects,
        tmp_path / "store.backup",
        one_of_each.clock,
    )
    restore(target, tmp_path / "store.backup")
    with target.database.reading() as session:
        names = referred_objects(session)
    assert {target.objects.get(name) for name in names} == {TABLE, PICTURE}
    there = held(target.database)
    assert all(rows for table, rows in there.items() if table not in PASSING)
    assert there == held(one_of_each.whole)


def test_what_comes_after_is_numbered_after(
    target: Store, backup_file: Path, instance: Instance, clock: Clock
) -> None:
    """A new row finds its number free, and is the latest."""
    restore(target, backup_file)
    last = max(
        row[0]
        for row in held(target.database)["casedocument"]
        if isinstance(row[0], int)
    )
    case = instance.model_copy(update={"id": "another"})
    with target.database.within(DEFAULT_ORGANISATION).transaction() as session:
        assert CaseRepository(session).put(case, is_listed=True, at=clock())
        query = select(CaseDocument.sequence)
        query = query.where(CaseDocument.content_hash == case.content_hash)
        assert (session.exec(query).one() or 0) > last


@TO_SQLITE
def test_unfinished_jobs_wait_again(target: Store, backup_file: Path) -> None:
    """The job that ran is QUEUED, like the one that waited; the others stay."""
    with (
        opened_backup(backup_file) as backup,
        filled(target, backup, is_replacing=False) as session,
    ):
        assert put_back_all(session) == 2
    with target.database.reading() as session:
        counted = JobRepository(session).number_by_state()
    ended = dict.fromkeys(JobState, 1) | {JobState.RUNNING: 0}
    assert counted == ended | {JobState.QUEUED: 2}


@TO_SQLITE
def test_a_store_with_anything_in_it_is_refused(
    target: Store, backup_file: Path, instance: Instance, clock: Clock
) -> None:
    """What is there stays as it is."""
    with target.database.within(DEFAULT_ORGANISATION).transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
    before = held(target.database)
    with pytest.raises(StoreNotEmptyError, match="casedocument"):
        restore(target, backup_file)
    assert held(target.database) == before


def test_what_is_there_is_replaced_if_asked(
    store: Store, one_of_each: StoreKit, end_job: Ended, tmp_path: Path
) -> None:
    """The store is what it was; audit entries of later do not stay either."""
    before, path = held(one_of_each.whole), tmp_path / "store.backup"
    back_up(one_of_each.whole, store.objects, path, one_of_each.clock)
    # The oldest job that waits is started first: it is from before.
    with one_of_each.transaction() as session:
        session.connection().execute(text("UPDATE job SET state = 'FAILED'"))
    end_job(9, JobState.SUCCEEDED)
    assert held(one_of_each.whole) != before
    restore(store, path, is_replacing=True)
    assert held(one_of_each.whole) == before


def test_an_error_leaves_the_store_empty(target: Store, backup_file: Path) -> None:
    """One transaction: jobs are put back with their rows, or nothing is there."""
    before = held(target.database)
    with (
        pytest.raises(ZeroDivisionError),
        opened_backup(backup_file) as backup,
        filled(target, backup, is_replacing=False),
    ):
        raise ZeroDivisionError
    assert held(target.database) == before
    restore(target, backup_file)


def as_of_first_tables(rows: Content) -> None:
    """Leave out what later migrations added."""
    for table in rows.keys() - FIRST_TABLES:
        rows[table].clear()
    for row in rows["job"]:
        for column in [name for name in row if name not in FIRST_COLUMNS_OF_JOB]:
            del row[column]
    for row in rows["casedocument"]:
        del row["base_hash"]
        row["is_listed"] = True
    for row in rows["plandocument"]:
        del row["figures"]


def test_an_old_backup_is_brought_up_to_date(target: Store, backup_file: Path) -> None:
    """Filled as tables of r0001; migrations set incumbents and kinds of failures."""
    restore(target, rewritten(backup_file, as_of_first_tables, revision="r0001"))
    with target.database.reading() as session:
        jobs = JobRepository(session).page(Part(9))
    assert len(jobs) == len(JobState)
    for job in jobs:
        assert job.incumbent_hash == job.plan_hash
        assert (job.plan_hash is not None) == (job.state is JobState.SUCCEEDED)
        kind = FailureKind.CRASHED if job.state is JobState.FAILED else None
        assert job.failure_kind == kind


def without_plans(rows: Content) -> None:
    """Leave out what jobs refer to."""
    rows["plandocument"].clear()


def test_inconsistent_rows_are_refused(target: Store, backup_file: Path) -> None:
    """A job of an absent plan: the database refuses it, nothing is changed."""
    before = held(target.database)
    with pytest.raises(DamagedBackupError, match="does not fit"):
        restore(target, rewritten(backup_file, without_plans))
    assert held(target.database) == before
