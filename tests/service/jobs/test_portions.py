from collections.abc import Generator, Sequence
from contextlib import closing

import pytest
from sqlmodel import col, select

from models.failure import Failure, FailureKind
from models.tables import Job, JobKind, JobState, Priority
from service.analyses.parameters import RehearseParameters
from service.analyses.registry import ANALYSES
from service.jobs.analyses import (
    AnalysisOrder,
    KeptAnalysis,
    conclude_analysis,
    submit_analysis,
)
from service.jobs.child import Task
from service.jobs.engine.port import Engine
from service.jobs.lease import Lease
from service.jobs.messages import PartFound
from service.jobs.portions import conclude_portion, evenly, keep_parts, startable
from service.jobs.reaping import put_in_queue, requeue_orphans
from service.jobs.transitions import Claim, cancel, claim_job, fail, hand_back
from service.jobs.worker_config import WorkerConfig, task_of
from service.store.audit_log import entries
from service.store.database import Database
from service.store.deleting import delete, would_delete
from service.store.jobs import JobRepository
from service.store.part import Part
from service.store.plans import PlanRepository
from service.store.portions import PortionRepository
from service.store.progress import ProgressRepository
from service.store.retention import Deletion
from tests.service.conftest import START
from tests.service.fake_solver import plan_of
from tests.service.jobs.conftest import WORKER, StoredJobs
from tests.service.store.conftest import AUTHOR

BROKEN = Failure(kind=FailureKind.ERROR, reason="it broke")


class Rehearsals:
    """A store with a plan, and rehearsals of it that no process runs."""

    def __init__(self, jobs: StoredJobs, engine: Engine) -> None:
        self.jobs, self.engine = jobs, engine
        jobs.put_case()
        with jobs.transaction() as session:
            plan, case_hash = plan_of(jobs.instance), jobs.case_hash
            plans = PlanRepository(session)
            self.plan_hash = plans.put(plan, case_hash=case_hash, at=jobs.clock())
        Lease(
            jobs.database, WORKER, number_of_slots=1, lease_s=60, clock=jobs.clock
        ).begin()

    def order(
        self, number_of_paths: int = 6, *, is_fresh: bool = False
    ) -> tuple[Job, Sequence[Job]]:
        """Order a rehearsal; return it and its portions."""
        parameters = RehearseParameters(number_of_paths=number_of_paths, seed=3)
        order = AnalysisOrder(
            ANALYSES["rehearse"], parameters, self.plan_hash, is_fresh=is_fresh
        )
        whole, _ = self.jobs.change(submit_analysis, order)
        with self.jobs.transaction() as session:
            for one in startable(session, JobRepository(session).held(whole.id)):
                self.engine.submit(session, one)
            mine = select(Job).where(Job.portion_of == whole.id)
            portions = session.exec(mine.order_by(col(Job.sequence))).all()
        return self.jobs.read(whole), portions

    def start(self, job: Job) -> Claim | None:
        """Let the worker take the last ticket of a job."""
        job = self.jobs.read(job)
        return self.jobs.change(claim_job, job.id, job.ticket, WORKER)

    def started(self, job: Job) -> Claim:
        """Return the claim of a job that can be started."""
        claim = self.start(job)
        assert claim is not None
        return claim

    def find(self, claim: Claim, *numbers: int) -> None:
        """Let the process of a job find parts."""
        found = [
            PartFound(number=x, content=f'{{"number": {x}}}', line=f"path {x + 1}")
            for x in numbers
        ]
        self.jobs.change(keep_parts, claim, found)

    def end(self, portion: Job) -> None:
        """Let a portion find all of its parts, and end."""
        claim = self.started(portion)
        self.find(claim, *(portion.parts or ()))
        self.jobs.change(conclude_portion, claim)

    def hand_back(self, claim: Claim) -> None:
        """Have the worker of a job end."""
        with self.jobs.transaction() as session:
            hand_back(session, claim)

    def requeue(self) -> None:
        """Do what a worker does in a round."""
        requeue_orphans(self.jobs.database, self.engine, self.jobs.clock)

    def task(self, job: Job) -> Task:
        """Return the input of the process of a job."""
        with self.jobs.reading() as session:
            return task_of(session, JobRepository(session).get(job.id), WorkerConfig())

    def states(self, *jobs: Job) -> list[JobState]:
        """Return the states of jobs."""
        return [self.jobs.read(job).state for job in jobs]


@pytest.fixture
def engine(database: Database) -> Generator[Engine]:
    """Yield the queue of the empty store."""
    with closing(Engine(database)) as engine:
        yield engine


@pytest.fixture
def rehearsals(jobs: StoredJobs, engine: Engine) -> Rehearsals:
    """Return a store with a plan to rehearse."""
    return Rehearsals(jobs, engine)


def test_parts_are_spread_evenly() -> None:
    """Groups have almost the same size, and none more than the most."""
    assert evenly(range(6), 4) == [(0, 2, 4), (1, 3, 5)]
    assert [len(x) for x in evenly(range(9), 4)] == [3, 3, 3]


def test_a_rehearsal_waits_for_its_portions(rehearsals: Rehearsals) -> None:
    """They are behind interactive jobs and in the queue; it is not.

    It is RUNNING from the first one on, and starts once the last one has ended.
    """
    whole, portions = rehearsals.order()
    assert [x.parts for x in portions] == [[0, 2, 4], [1, 3, 5]]
    assert {x.kind for x in portions} == {JobKind.PORTION}
    assert {x.priority for x in portions} == {Priority.BATCH}
    assert all(rehearsals.jobs.read(x).is_in_queue for x in portions)
    assert not whole.is_in_queue
    with rehearsals.jobs.transaction() as session:
        put_in_queue(session, rehearsals.engine, 9)
        # Else it would keep its own portions from being taken.
        assert not JobRepository(session).one_waits_before(Priority.BATCH)
    assert rehearsals.states(whole) == [JobState.QUEUED]
    assert rehearsals.start(whole) is None
    rehearsals.end(portions[0])
    rehearsals.requeue()
    assert rehearsals.states(whole) == [JobState.RUNNING]
    rehearsals.end(portions[1])
    rehearsals.requeue()
    ready = rehearsals.jobs.read(whole)
    assert (ready.state, ready.is_in_queue) == (JobState.QUEUED, True)
    assert ready.lost_attempts == 0
    assert rehearsals.started(whole).attempt == 1
    assert len(rehearsals.task(whole).parts) == 6


def test_few_paths_need_no_portions(rehearsals: Rehearsals) -> None:
    """The processes of one worker are enough for them."""
    whole, portions = rehearsals.order(number_of_paths=4)
    assert portions == []
    claim = rehearsals.started(whole)
    rehearsals.find(claim, 0, 1)
    rehearsals.hand_back(claim)
    # It goes on from them on another worker.
    assert rehearsals.task(whole).parts == ('{"number": 0}', '{"number": 1}')


def test_a_portion_goes_on_from_what_it_has_found(rehearsals: Rehearsals) -> None:
    """After the end of its worker; the log of the rehearsal tells of each part."""
    whole, (portion, _) = rehearsals.order()
    claim = rehearsals.started(portion)
    rehearsals.find(claim, 2)
    rehearsals.hand_back(claim)
    assert rehearsals.task(portion).only == (0, 4)
    again = rehearsals.started(portion)
    rehearsals.find(again, 0, 4)
    assert rehearsals.task(portion).only == ()
    with rehearsals.jobs.reading() as session:
        lines = ProgressRepository(session).page(whole, after=0, limit=9)
    assert [x.record["message"] for x in lines] == [
        "path 3 (finished: 1)",
        "path 1 (finished: 2)",
        "path 5 (finished: 3)",
    ]


def test_a_portion_that_fails_takes_nothing_along(rehearsals: Rehearsals) -> None:
    """The rehearsal finds what is missing, and fails if it cannot.

    The next order has all that was found, and a portion for each part that is missing.
    """
    whole, (broken, other) = rehearsals.order()
    claim = rehearsals.started(broken)
    rehearsals.find(claim, 0)
    rehearsals.jobs.change(fail, claim, BROKEN)
    rehearsals.end(other)
    rehearsals.requeue()
    claim = rehearsals.started(whole)
    assert len(rehearsals.task(whole).parts) == 4
    rehearsals.jobs.change(fail, claim, BROKEN)
    again, portions = rehearsals.order()
    assert [x.parts for x in portions] == [[2], [4]]
    assert len(rehearsals.task(again).parts) == 4
    assert len(rehearsals.order(is_fresh=True)[1]) == 2


def test_portions_are_cancelled_with_their_rehearsal(rehearsals: Rehearsals) -> None:
    """What their processes still find is kept for a later order."""
    whole, portions = rehearsals.order()
    claim = rehearsals.started(portions[0])
    rehearsals.jobs.change(cancel, whole.id)
    assert rehearsals.states(whole, *portions) == [JobState.CANCELLED] * 3
    rehearsals.find(claim, 0, 2)
    rehearsals.jobs.change(conclude_portion, claim)
    rehearsals.requeue()
    assert rehearsals.states(whole, *portions) == [JobState.CANCELLED] * 3
    again, portions = rehearsals.order()
    # The rest fits into one portion.
    assert portions == []
    assert len(rehearsals.task(again).parts) == 2


def test_a_rehearsal_does_without_a_cancelled_portion(rehearsals: Rehearsals) -> None:
    """Also if none has begun."""
    whole, portions = rehearsals.order()
    for portion in portions:
        rehearsals.jobs.change(cancel, portion.id)
    rehearsals.requeue()
    assert rehearsals.jobs.read(whole).is_in_queue
    assert rehearsals.started(whole).attempt == 1


def test_an_answer_replaces_its_parts(rehearsals: Rehearsals) -> None:
    """They go with it; the worker is the author of the answer in the audit log."""
    whole, portions = rehearsals.order()
    for portion in portions:
        rehearsals.end(portion)
    rehearsals.requeue()
    claim = rehearsals.started(whole)
    rehearsals.jobs.change(conclude_analysis, claim, KeptAnalysis({"paths": 6}, {}))
    with rehearsals.jobs.reading() as session:
        ended = JobRepository(session).get(whole.id)
        assert PortionRepository(session).contents(ended) == []
        (entry,) = entries(session, Part(9))
    assert (entry.verb, entry.name, entry.actor) == ("answer", whole.id, WORKER)
    assert entry.result == ended.analysis_hash


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_portions_are_deleted_before_their_rehearsal(
    rehearsals: Rehearsals, jobs: StoredJobs
) -> None:
    """Old portions of one that goes on, too; what they found stays with it."""
    whole, (first, second) = rehearsals.order()
    rehearsals.end(first)
    deletion = Deletion(START.replace(year=START.year + 1))
    assert delete(jobs.whole, deletion, AUTHOR, jobs.clock)[1].number == 1
    assert len(rehearsals.task(whole).parts) == 3
    rehearsals.jobs.change(cancel, whole.id)
    assert rehearsals.states(second) == [JobState.CANCELLED]
    counted = [x.number for x in would_delete(jobs.whole, deletion)]
    deleted = delete(jobs.whole, deletion, AUTHOR, jobs.clock)
    assert [x.number for x in deleted] == counted == [0, 2, 0, 0, 1, 1]
