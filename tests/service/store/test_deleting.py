import datetime as dt
from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.instance import Instance
from models.tables import JobState, Row
from service.analyses.parameters import ComparePlansParameters
from service.analyses.registry import ANALYSES
from service.batches.control import retry
from service.clock import Clock
from service.errors import CaseNotFoundError
from service.jobs.analyses import AnalysisOrder, submit_analysis
from service.jobs.submission import SolveOrder, case_of, submit
from service.jobs.transitions import cancel
from service.store import deleting
from service.store.audit_log import entries
from service.store.batches import BatchRepository
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.deleting import delete, sweep, would_delete, would_sweep
from service.store.objects import YOUNG
from service.store.opening import Store
from service.store.part import Part
from service.store.plans import PlanRepository
from service.store.referred_objects import referred_objects
from service.store.retention import HOLDERS, STILL_WRITTEN, Deletion, settled
from tests.service.conftest import START, StoreKit
from tests.service.fake_solver import plan_of
from tests.service.store.conftest import (
    AUTHOR,
    PICTURE,
    TABLE,
    Ended,
    Held,
    held,
    store_batch,
)

ALL = START + dt.timedelta(days=1)
OPEN = {JobState.QUEUED, JobState.RUNNING}
# The conditions are the same in both: some tests go through each kind in both.
ONLY_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)


def dangling(database: Database) -> list[str]:
    """Return every reference that leads nowhere, asked without the foreign keys."""
    rows = held(database)
    found: list[str] = []
    for table in Row.metadata.sorted_tables:
        for key in table.foreign_keys:
            target = key.column.table
            at = list(target.c).index(key.column)
            there = {row[at] for row in rows[target.name]} | {None}
            here = list(table.c).index(key.parent)
            found += [f"{key}" for row in rows[table.name] if row[here] not in there]
    return found


def jobs_of(rows: Held) -> dict[object, object]:
    """Return the state of each job by its id."""
    columns = list(Row.metadata.tables["job"].c.keys())
    state, name = columns.index("state"), columns.index("id")
    return {row[name]: row[state] for row in rows["job"]}


def test_what_waits_or_runs_stays(one_of_each: StoreKit) -> None:
    """With its case, its plan and its lines; all else goes."""
    delete(one_of_each.whole, Deletion(ALL), AUTHOR, one_of_each.clock)
    rows = held(one_of_each.whole)
    assert set(jobs_of(rows).values()) == OPEN
    # Two solved cases and the one that was given; the incumbent of the one that runs.
    assert len(rows["casedocument"]) == 3
    assert len(rows["plandocument"]) == 1
    assert len(rows["progressline"]) == 3
    assert rows["evaluationdocument"] == rows["analysisdocument"] == []
    assert dangling(one_of_each.whole) == []


@ONLY_SQLITE
def test_a_plan_to_compare_with_stays_while_the_job_waits(kit: StoreKit) -> None:
    """With its case, though nothing else refers to it; it goes with the job."""
    cases = [kit.instance, kit.instance.model_copy(update={"id": "later"})]
    hashes: list[str] = []
    with kit.transaction() as session:
        for case in cases:
            CaseRepository(session).put(case, is_listed=False, at=kit.clock())
            plan = plan_of(case)
            PlanRepository(session).put(
                plan, case_hash=case.content_hash, at=kit.clock()
            )
            hashes.append(plan.content_hash)
        parameters = ComparePlansParameters(against=hashes[1], seed=1)
        order = AnalysisOrder(ANALYSES["compare-plans"], parameters, hashes[0])
        job, _ = submit_analysis(session, order, kit.clock)
        job_id = job.id
    delete(kit.whole, Deletion(ALL), AUTHOR, kit.clock)
    with kit.reading() as session:
        assert [PlanRepository(session).case_hash(x) for x in hashes] == [
            case.content_hash for case in cases
        ]
    with kit.transaction() as session:
        cancel(session, job_id, kit.clock)
    delete(kit.whole, Deletion(ALL), AUTHOR, kit.clock)
    assert held(kit.whole)["plandocument"] == []


@ONLY_SQLITE
def test_later_ends_stay(store: Store, end_job: Ended, clock: Clock) -> None:
    """The instant is that of the end, and what a job that stays refers to stays."""
    database = store.database
    first = end_job(11, JobState.SUCCEEDED)
    between = clock()
    second = end_job(12, JobState.SUCCEEDED)
    delete(database, Deletion(between), AUTHOR, clock)
    rows = held(database)
    assert jobs_of(rows) == {second: JobState.SUCCEEDED}
    # Nothing refers to a plan that a better one replaced, but it is too young.
    assert len(rows["plandocument"]) == 2
    delete(database, Deletion(ALL), AUTHOR, clock)
    with database.reading() as session:
        logged = [(x.verb, x.noun) for x in entries(session, Part(99))]
        names = {x.name for x in entries(session, Part(99))}
    assert {first, second} <= names
    assert logged.count(("delete", "job")) == 2
    assert logged.count(("delete", "plan")) == 4
    assert logged.count(("delete", "case")) == 3
    assert [sum(map(len, held(database).values()))] == [len(logged)]


@ONLY_SQLITE
def test_a_batch_goes_with_all_that_was_only_for_it(kit: StoreKit) -> None:
    """Its variants, jobs, cases and their warm start; a dry run lists them."""
    kit.put_case()
    store_batch(kit)
    counted = [x.number for x in would_delete(kit.whole, Deletion(ALL))]
    assert counted == [1, 2, 0, 0, 0, 2]
    deleted = delete(kit.whole, Deletion(ALL), AUTHOR, kit.clock)
    assert [x.number for x in deleted] == counted
    rows = held(kit.whole)
    assert {table for table in rows if rows[table]} == {"auditentry"}


@ONLY_SQLITE
def test_a_batch_stays_while_a_job_of_it_is_young_or_waits(kit: StoreKit) -> None:
    """With all of its jobs, the old ones too; asked for again, it waits."""
    kit.put_case()
    created = kit.clock()
    store_batch(kit)
    before = {x: n for x, n in held(kit.whole).items() if x != "auditentry"}
    deletion = Deletion(created + dt.timedelta(seconds=2))
    for number in range(2):
        assert not any(x.number for x in would_delete(kit.whole, deletion))
        delete(kit.whole, deletion, AUTHOR, kit.clock)
        if number == 0:
            after = {x: n for x, n in held(kit.whole).items() if x != "auditentry"}
            assert after == before
            with kit.transaction() as session:
                (batch,) = BatchRepository(session).page(Part(9))
                retry(session, batch.id, kit.clock)
            deletion = Deletion(ALL)
            # Nothing refers to the two cancelled jobs now.
            assert [x.number for x in would_delete(kit.whole, deletion)] == [
                0,
                2,
                0,
                0,
                0,
                0,
            ]
            delete(kit.whole, deletion, AUTHOR, kit.clock)
    assert dangling(kit.whole) == []
    assert len(held(kit.whole)["job"]) == 2


def test_plans_can_be_kept(one_of_each: StoreKit) -> None:
    """Jobs go; each plan stays, with its evaluations and the case that it names."""
    before = held(one_of_each.whole)
    delete(
        one_of_each.whole, Deletion(ALL, keeps_plans=True), AUTHOR, one_of_each.clock
    )
    rows = held(one_of_each.whole)
    for table in ("plandocument", "evaluationdocument", "analysisdocument"):
        assert rows[table] == before[table] != []
    assert set(jobs_of(rows).values()) == OPEN
    assert dangling(one_of_each.whole) == []


TABLES = {
    "batch": "batch",
    "job": "job",
    "evaluation": "evaluationdocument",
    "analysis": "analysisdocument",
    "plan": "plandocument",
    "case": "casedocument",
}


@pytest.mark.parametrize(
    ("store_url", "keeps_plans"),
    [("sqlite", True), ("postgresql", False)],
    indirect=["store_url"],
)
def test_a_dry_run_foresees_all(one_of_each: StoreKit, *, keeps_plans: bool) -> None:
    """And changes nothing, at instants one after the other."""
    database = one_of_each.whole
    numbers: list[int] = []
    for minutes in (0, 0.25, 2):
        before = START + dt.timedelta(minutes=minutes)
        deletion, rows = Deletion(before, keeps_plans=keeps_plans), held(database)
        foreseen = would_delete(database, deletion)
        assert held(database) == rows
        assert delete(database, deletion, AUTHOR, one_of_each.clock) == foreseen
        left = held(database)
        for deleted in foreseen:
            table = TABLES[deleted.noun]
            assert len(rows[table]) - len(left[table]) == deleted.number
        assert dangling(database) == []
        numbers.append(sum(deleted.number for deleted in foreseen))
    assert numbers[0] == 0
    assert sum(number > 0 for number in numbers) > 1


def test_more_than_one_transaction_takes(
    kit: StoreKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes some; in the end all are gone."""
    monkeypatch.setattr(deleting, "ROWS_AT_A_TIME", 10)
    number = 21
    with kit.transaction() as session:
        plan = plan_of(kit.instance)
        CaseRepository(session).put(kit.instance, is_listed=True, at=kit.clock())
        for seed in range(number):
            provenance = plan.provenance.model_copy(update={"seed": seed})
            other = plan.model_copy(update={"provenance": provenance})
            plans = PlanRepository(session)
            plans.put(other, case_hash=kit.instance.content_hash, at=kit.clock())
    deleted = delete(kit.whole, Deletion(ALL), AUTHOR, kit.clock)
    assert [x.number for x in deleted] == [0, 0, 0, 0, number, 1]


def test_a_process_may_still_write_for_a_job_that_was_cancelled() -> None:
    """Whatever is asked for, what ended within the last minute stays."""
    assert settled(ALL, lambda: START) == START - STILL_WRITTEN
    assert settled(START, lambda: ALL) == START


def hold_case(session: Session, instance: Instance, clock: Clock) -> None:
    """Hold a case like a session that is about to refer to it."""
    del clock
    CaseRepository(session).hold(instance.content_hash)


def put_case(session: Session, instance: Instance, clock: Clock) -> None:
    """Put a case that is there."""
    assert not CaseRepository(session).put(instance, is_listed=False, at=clock())


def put_plan(session: Session, instance: Instance, clock: Clock) -> None:
    """Put a plan that is there."""
    plan, case_hash = plan_of(instance), instance.content_hash
    PlanRepository(session).put(plan, case_hash=case_hash, at=clock())


@ONLY_POSTGRESQL
@pytest.mark.parametrize("need", [hold_case, put_case, put_plan])
def test_what_somebody_is_about_to_refer_to_stays(
    kit: StoreKit, need: Callable[[Session, Instance, Clock], None]
) -> None:
    """It is old and unused; a deletion at that moment skips it.

    SQLite has no second writer at that moment.
    """
    with kit.transaction() as session:
        CaseRepository(session).put(kit.instance, is_listed=True, at=kit.clock())
        put_plan(session, kit.instance, kit.clock)
    gone = Deletion(ALL)
    with kit.transaction() as session:
        need(session, kit.instance, kit.clock)
        deleted = delete(kit.whole, gone, AUTHOR, kit.clock)
    is_plan = need is put_plan
    assert [x.number for x in deleted] == [0, 0, 0, 0, 0 if is_plan else 1, 0]
    # The transaction ended without a reference to it.
    last = delete(kit.whole, gone, AUTHOR, kit.clock)
    assert [x.number for x in last] == [0, 0, 0, 0, 1 if is_plan else 0, 1]


@ONLY_SQLITE
def test_an_order_of_a_deleted_case_is_refused(kit: StoreKit, end_job: Ended) -> None:
    """An order that was read before is refused, as one of a case never seen."""
    end_job(11, JobState.SUCCEEDED)
    order = SolveOrder(kit.instance.content_hash, {"seed": 12})
    with kit.reading() as session:
        case = case_of(session, order)
    delete(kit.whole, Deletion(ALL), AUTHOR, kit.clock)
    with pytest.raises(CaseNotFoundError):
        kit.change(submit, order, case)


@ONLY_SQLITE
def test_objects_go_after_their_rows(store: Store, one_of_each: StoreKit) -> None:
    """Not before, and not while a row may be on its way to one that is young."""
    now = dt.datetime.now(dt.UTC)
    later, deletion = now + 2 * YOUNG, Deletion(ALL)
    with store.database.reading() as session:
        names = referred_objects(session)
    assert sweep(store.database, store.objects, later).number == 0
    gone = {kind.table: deletion.foreseen(kind) for kind in HOLDERS}
    foreseen = would_sweep(store.database, store.objects, gone, later)
    assert (foreseen.number, foreseen.number_of_bytes) == (
        2,
        len(TABLE) + len(PICTURE),
    )
    assert {store.objects.get(name) for name in names} == {TABLE, PICTURE}
    delete(store.database, deletion, AUTHOR, one_of_each.clock)
    assert sweep(store.database, store.objects, now).number == 0
    assert sweep(store.database, store.objects, later) == foreseen
    assert list(store.objects.old(later)) == []


@ONLY_SQLITE
def test_objects_of_kept_plans_stay(store: Store, one_of_each: StoreKit) -> None:
    """With their evaluations, also where a deletion is only foreseen."""
    later = dt.datetime.now(dt.UTC) + 2 * YOUNG
    deletion = Deletion(ALL, keeps_plans=True)
    gone = {kind.table: deletion.foreseen(kind) for kind in HOLDERS}
    assert would_sweep(store.database, store.objects, gone, later).number == 0
    delete(store.database, deletion, AUTHOR, one_of_each.clock)
    assert sweep(store.database, store.objects, later).number == 0
