from collections.abc import Callable, Generator

import pytest

from models.failure import Failure, FailureKind
from models.outcome import Outcome, Termination
from models.tables import Job, JobState
from service.jobs.attempt import Attempt
from service.jobs.process import SolvingProcess
from service.jobs.transitions import Claim, cancel, hand_back
from service.jobs.worker_config import WorkerConfig
from service.store.cases import CaseRepository
from service.store.opening import Store
from service.store.plans import PlanRepository
from service.store.progress import ProgressRepository
from tests.service.fake_solver import ENDLESS_SOLVER, SOLVER, Behaviour
from tests.service.jobs.conftest import StoredJobs
from tests.service.waiting import CEILING_S, wait_until

Begin = Callable[..., Attempt]


@pytest.fixture
def begin(jobs: StoredJobs, store: Store) -> Generator[Begin]:
    """Yield what begins an attempt at a claimed job; all are ended."""
    begun: list[Attempt] = []

    def start(job: Job, claim: Claim, solver: str = SOLVER) -> Attempt:
        with store.database.reading() as session:
            case = CaseRepository(session).text(jobs.read(job).solved_case_hash)
        process = SolvingProcess.start(WorkerConfig(solver).task(case))
        begun.append(Attempt(store, claim, process, jobs.clock))
        return begun[-1]

    yield start
    for attempt in begun:
        attempt.kill()


def test_an_attempt_ends_with_an_answer(jobs: StoredJobs, begin: Begin) -> None:
    """It has a plan."""
    attempt = begin(*jobs.start(seed=Behaviour.SOLVE))
    assert attempt.ends_within(CEILING_S)
    assert isinstance(attempt.ending, Outcome)
    assert attempt.ending.plan is not None


def test_what_the_solve_reports_is_stored(jobs: StoredJobs, begin: Begin) -> None:
    """The log of the job has the solver's words."""
    job, claim = jobs.start(seed=Behaviour.SOLVE)
    attempt = begin(job, claim)
    assert attempt.ends_within(CEILING_S)
    with jobs.reading() as session:
        lines = ProgressRepository(session).page(job, after=0, limit=10)
        assert [line.record["message"] for line in lines] == ["here we go"]


def test_the_incumbent_of_a_failure_is_stored(jobs: StoredJobs, begin: Begin) -> None:
    """Its last plan can be read; the error is reported without traceback."""
    job, claim = jobs.start(seed=Behaviour.RAISE_WITH_A_PLAN)
    attempt = begin(job, claim)
    assert attempt.ends_within(CEILING_S)
    reason = "The solve stopped on an error: RuntimeError: the solver lost its way"
    assert attempt.ending == Failure(kind=FailureKind.ERROR, reason=reason)
    kept = jobs.read(job).incumbent_hash
    assert kept is not None
    with jobs.reading() as session:
        assert PlanRepository(session).text(kept)


def test_an_attempt_asked_to_finish_answers(jobs: StoredJobs, begin: Begin) -> None:
    """Asking twice is asking once: a second word would end it without."""
    job, claim = jobs.start(seed=Behaviour.GO_ON_UNTIL_ASKED)
    attempt = begin(job, claim)
    wait_until(lambda: jobs.read(job).incumbent_hash)
    attempt.finish()
    attempt.finish()
    assert attempt.ends_within(CEILING_S)
    assert isinstance(attempt.ending, Outcome)
    assert attempt.ending.termination is Termination.INTERRUPTED


def test_a_plan_after_cancelling_is_stored(jobs: StoredJobs, begin: Begin) -> None:
    """It was cancelled before its process was ready; its first plan is kept."""
    job, claim = jobs.start(seed=Behaviour.GO_ON_UNTIL_ASKED)
    jobs.change(cancel, job.id)
    begin(job, claim)
    wait_until(lambda: jobs.read(job).incumbent_hash)
    assert jobs.read(job).state is JobState.CANCELLED


def test_the_process_of_a_lost_job_is_ended(jobs: StoredJobs, begin: Begin) -> None:
    """Nothing would use a further result."""
    job, claim = jobs.start(seed=Behaviour.GO_ON_UNTIL_ASKED)
    with jobs.transaction() as session:
        hand_back(session, claim)
    attempt = begin(job, claim)
    assert attempt.ends_within(CEILING_S)
    attempt.kill()
    assert attempt.ends_within(0)
    # Nothing is written for it, even if its claim is valid again by then.
    assert attempt.was_lost


def test_a_killed_attempt_has_no_answer(jobs: StoredJobs, begin: Begin) -> None:
    """The reason is that it was killed."""
    attempt = begin(*jobs.start(), solver=ENDLESS_SOLVER)
    attempt.kill()
    assert attempt.ends_within(0)
    assert attempt.was_killed
    assert isinstance(attempt.ending, Failure)
    assert "SIGKILL" in attempt.ending.reason
