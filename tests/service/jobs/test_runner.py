import asyncio
import json
import threading
from collections.abc import Callable, Generator

import pytest
from sqlmodel import text

from models.failure import FailureKind
from models.tables import Job, JobState, Priority
from service.clock import Clock
from service.errors import StoreUnavailableError
from service.jobs.engine.names import BATCH, INTERACTIVE, QUEUES, Ticket
from service.jobs.failures import NOT_STORED
from service.jobs.runner import JobRunner
from service.jobs.transitions import cancel, give_up_lost
from service.jobs.worker_config import WorkerConfig
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.opening import Store
from service.store.plans import PlanRepository
from tests.service.fake_solver import ENDLESS_SOLVER, SOLVER, Behaviour
from tests.service.interference import away
from tests.service.jobs.conftest import WORKER, StoredJobs
from tests.service.processes import processes_solving_here
from tests.service.waiting import wait_until

Begin = Callable[[Job], threading.Thread]
NEVER = threading.Event()


@pytest.fixture
def runner(store: Store, clock: Clock) -> Generator[JobRunner]:
    """Yield the runner of a worker with a slot; it ends."""
    runner = JobRunner(store, WORKER, WorkerConfig(SOLVER), clock)
    yield runner
    runner.end()


@pytest.fixture
def runner_of(store: Store, clock: Clock) -> Callable[[int], JobRunner]:
    """Return a function that makes the runner of a worker with some slots."""
    return lambda slots: JobRunner(
        store, WORKER, WorkerConfig(number_of_slots=slots), clock
    )


@pytest.fixture
def begin(runner: JobRunner) -> Generator[Begin]:
    """Yield what has a job solved in a thread; all threads end."""
    begun: list[threading.Thread] = []

    def start(job: Job) -> threading.Thread:
        begun.append(
            threading.Thread(target=runner.run_ticket, args=(Ticket.of(job), NEVER))
        )
        begun[-1].start()
        return begun[-1]

    yield start
    runner.end()
    for thread in begun:
        thread.join()


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (Behaviour.CRASH, FailureKind.CRASHED, "crashed (signal 11, SIGSEGV)."),
        (Behaviour.RAISE, FailureKind.ERROR, "RuntimeError: the solver lost its way"),
        (Behaviour.DIE, FailureKind.ENDED_FROM_OUTSIDE, "was killed from outside"),
        (Behaviour.EXIT, FailureKind.WITHOUT_ANSWER, "an answer: exit status 3"),
    ],
)
def test_a_solve_that_breaks_fails_its_job_alone(
    jobs: StoredJobs,
    runner: JobRunner,
    behaviour: Behaviour,
    kind: FailureKind,
    words: str,
) -> None:
    """The failure has its kind and reason; the next job is solved."""
    broken, following = jobs.queue(seed=behaviour), jobs.queue(seed=Behaviour.SOLVE)
    for job in (broken, following):
        runner.run_ticket(Ticket.of(job), NEVER)
    ended = jobs.read(broken)
    assert ended.state is JobState.FAILED
    assert ended.failure_kind == kind
    assert words in (ended.failure or "")
    assert "Traceback" not in (ended.failure or "")
    assert jobs.read(following).state is JobState.SUCCEEDED
    assert jobs.read(following).worker_id == WORKER


def test_a_damaged_case_fails_its_job(jobs: StoredJobs, runner: JobRunner) -> None:
    """Nothing is started for it, and nothing hangs."""
    job = jobs.queue()
    with jobs.transaction() as session:
        CaseRepository(session).get(job.solved_case_hash).content = b"no case"
    runner.run_ticket(Ticket.of(job), NEVER)
    assert jobs.read(job).state is JobState.FAILED
    assert "could not be started" in (jobs.read(job).failure or "")
    assert jobs.read(job).failure_kind == FailureKind.NOT_STARTED


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_an_answer_refused_by_the_database(jobs: StoredJobs, runner: JobRunner) -> None:
    """It does not stay RUNNING for as long as its worker lives."""
    with jobs.transaction() as session:
        only_one = "CREATE UNIQUE INDEX only_one ON job (termination)"
        session.connection().execute(text(only_one))
    taken, refused = (jobs.queue(seed=seed) for seed in (101, 102))
    for job in (taken, refused):
        runner.run_ticket(Ticket.of(job), NEVER)
    assert jobs.read(taken).state is JobState.SUCCEEDED
    assert jobs.read(refused).state is JobState.FAILED
    assert jobs.read(refused).failure == NOT_STORED.reason
    assert jobs.read(refused).failure_kind == NOT_STORED.kind


def test_a_cancelled_job_keeps_what_its_process_had(
    jobs: StoredJobs, runner: JobRunner, begin: Begin
) -> None:
    """The bound of the moment in which it stopped, with the plan that has it."""
    job = jobs.queue(seed=Behaviour.GO_ON_UNTIL_ASKED)
    solving = begin(job)
    wait_until(lambda: jobs.read(job).incumbent_hash)
    with jobs.transaction() as session:
        cancelled_at = cancel(session, job.id, jobs.clock).finished_at
    runner.end_stale_attempts()
    solving.join()
    ended = jobs.read(job)
    assert (ended.state, ended.termination, ended.failure) == (
        JobState.CANCELLED,
        None,
        None,
    )
    assert ended.finished_at == cancelled_at
    with jobs.reading() as session:
        text = PlanRepository(session).text(ended.incumbent_hash or "")
    assert json.loads(text)["promise"]["lower_bound_usd"] == 2.0


def test_a_cancelled_ticket_ends_a_process(jobs: StoredJobs, runner: JobRunner) -> None:
    """It does not wait until the next look at cancelled jobs."""
    job = jobs.queue(seed=Behaviour.GO_ON_UNTIL_ASKED)

    async def cancel_in_the_midst() -> None:
        working = asyncio.create_task(runner.work(job.id, job.ticket))
        await asyncio.to_thread(wait_until, lambda: jobs.read(job).incumbent_hash)
        jobs.change(cancel, job.id)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    asyncio.run(cancel_in_the_midst())
    assert jobs.read(job).incumbent_lower_bound_usd == 2.0
    assert not processes_solving_here()


def test_ending_requeues_jobs(
    jobs: StoredJobs, runner: JobRunner, begin: Begin
) -> None:
    """A worker that stops loses no job, and begins no other; a plan stays."""
    job, following = (jobs.queue(seed=Behaviour.GO_ON_UNTIL_ASKED) for _ in range(2))
    solving = begin(job)
    wait_until(lambda: jobs.read(job).incumbent_hash)
    runner.end()
    solving.join()
    runner.run_ticket(Ticket.of(following), NEVER)
    assert {jobs.read(each).state for each in (job, following)} == {JobState.QUEUED}
    assert jobs.read(job).incumbent_hash
    assert not processes_solving_here()


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_an_answer_outlives_a_restart(jobs: StoredJobs, runner: JobRunner) -> None:
    """The solve ends while nothing can be stored; what it found comes later."""
    job, is_given_up = jobs.queue(seed=Behaviour.GO_ON_UNTIL_ASKED), threading.Event()
    solving = threading.Thread(
        target=runner.run_ticket, args=(Ticket.of(job), is_given_up)
    )
    solving.start()
    wait_until(lambda: jobs.read(job).incumbent_hash)
    with away(jobs.database):
        with pytest.raises(StoreUnavailableError):
            jobs.read(job)
        is_given_up.set()
        wait_until(lambda: not processes_solving_here())
    solving.join()
    ended = jobs.read(job)
    assert (ended.state, ended.termination) == (JobState.SUCCEEDED, "INTERRUPTED")
    assert ended.incumbent_lower_bound_usd == 2.0


def test_a_worker_taken_for_dead_stops_its_job(jobs: StoredJobs, store: Store) -> None:
    """Its process ends, and the job stays as the others left it."""
    runner = JobRunner(store, WORKER, WorkerConfig(ENDLESS_SOLVER), jobs.clock)
    job = jobs.queue()
    solving = threading.Thread(target=runner.run_ticket, args=(Ticket.of(job), NEVER))
    solving.start()
    wait_until(processes_solving_here)
    with store.database.transaction() as session:
        give_up_lost(JobRepository(session).held(job.id), jobs.clock)

    def has_ended() -> bool:
        # A process can be seen before its attempt is listed: look again, as a worker.
        runner.end_stale_attempts()
        return not solving.is_alive()

    wait_until(has_ended)
    assert (jobs.read(job).state, jobs.read(job).lost_attempts) == (JobState.QUEUED, 1)
    assert not processes_solving_here()


@pytest.mark.parametrize(
    ("slots", "taken", "one_waits", "expected"),
    [
        # A free slot is for either queue.
        (3, (0, 0), False, (3, 2)),
        # Of three slots one is never a batch's.
        (3, (0, 2), False, (1, 2)),
        # It is an interactive job that has it: two are left.
        (3, (1, 0), False, (3, 2)),
        (3, (3, 0), False, (3, 0)),
        # A single slot is a batch's, too, unless an interactive job waits for it.
        (1, (0, 0), False, (1, 1)),
        (1, (0, 0), True, (1, 0)),
        (1, (0, 1), True, (0, 1)),
    ],
)
def test_an_interactive_job_finds_a_slot(
    jobs: StoredJobs,
    runner_of: Callable[[int], JobRunner],
    slots: int,
    taken: tuple[int, int],
    expected: tuple[int, int],
    *,
    one_waits: bool,
) -> None:
    """How many of either queue a worker may have that has some already."""
    jobs.queue(priority=Priority.BATCH)
    if one_waits:
        jobs.queue(priority=Priority.INTERACTIVE)
    runner = runner_of(slots)
    has: dict[str, int] = dict(zip((INTERACTIVE, BATCH), taken, strict=True))
    assert tuple(runner.allowance(queue, has) for queue in QUEUES) == expected


def test_a_worker_that_ends_takes_nothing(runner: JobRunner) -> None:
    """Others are to have what waits."""
    runner.end()
    assert runner.allowance(INTERACTIVE, dict.fromkeys(QUEUES, 0)) == 0
