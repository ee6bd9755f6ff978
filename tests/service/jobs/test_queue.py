from collections.abc import Callable

import pytest

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.tables import Job, JobState, Priority
from service.clock import Clock
from service.errors import IllegalTransitionError, JobLostError
from service.jobs.queue import (
    Claim,
    cancel,
    claim_next,
    conclude,
    fail,
    keep_incumbent,
    requeue_running,
    succeed,
)
from service.store.database import Database
from service.store.plans import PlanRepository
from tests.service.fake_solver import better_proved, incumbent_of, plan_of

Started = Callable[..., tuple[Job, Claim]]
INFEASIBLE = Outcome(
    termination=Termination.INFEASIBLE, conflict=("too little money",), seconds=2.5
)


def test_the_oldest_job_is_first(
    database: Database, queue_job: Callable[..., Job], clock: Clock
) -> None:
    """Jobs start in the order in which they came."""
    first, second = queue_job(), queue_job()
    with database.transaction() as session:
        claims = [claim_next(session, clock) for _ in range(3)]
    assert claims == [Claim(first.id, 1), Claim(second.id, 1), None]


def test_the_smaller_number_goes_before_the_older_job(
    database: Database, queue_job: Callable[..., Job], clock: Clock
) -> None:
    """An interactive job passes by a batch; those of a batch keep their order."""
    first, second = (queue_job(priority=Priority.BATCH) for _ in range(2))
    urgent = queue_job()
    with database.transaction() as session:
        claims = [claim_next(session, clock) for _ in range(3)]
    assert claims == [Claim(job.id, 1) for job in (urgent, first, second)]


def test_a_plan_is_stored_with_the_end_of_its_job(
    database: Database, start_job: Started, instance: Instance, clock: Clock
) -> None:
    """One transaction: a job that SUCCEEDED has its plan."""
    plan = plan_of(instance)
    _, claim = start_job()
    outcome = Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=2.5)
    with database.transaction() as session:
        succeed(session, claim, outcome, clock)
    with database.reading() as session:
        assert '"method":"nothing is held"' in PlanRepository(session).text(
            plan.content_hash
        )


@pytest.mark.parametrize("second_usd", [3.0, 5.0])
def test_a_job_keeps_its_best_plan(
    database: Database,
    start_job: Started,
    read_job: Callable[[Job], Job],
    instance: Instance,
    clock: Clock,
    second_usd: float,
) -> None:
    """A second attempt begins anew: its first plan may be worse than what is there."""
    job, claim = start_job()
    plans = incumbent_of(instance), incumbent_of(instance, second_usd)
    for plan in plans:
        with database.transaction() as session:
            keep_incumbent(session, claim, plan, clock)
    kept = read_job(job)
    best = min(plans, key=lambda plan: plan.promise.objective_usd)
    assert kept.incumbent_hash == best.content_hash
    assert kept.incumbent_upper_bound_usd == min(4.0, second_usd)
    assert kept.incumbent_lower_bound_usd == best.promise.lower_bound_usd


def test_the_answer_takes_the_place_of_the_incumbent(
    database: Database,
    start_job: Started,
    read_job: Callable[[Job], Job],
    instance: Instance,
    clock: Clock,
) -> None:
    """A job that SUCCEEDED has one plan."""
    job, claim = start_job()
    plan = plan_of(instance)
    outcome = Outcome(termination=Termination.OPTIMAL, plan=plan, seconds=2.5)
    with database.transaction() as session:
        keep_incumbent(session, claim, incumbent_of(instance), clock)
        succeed(session, claim, outcome, clock)
    ended = read_job(job)
    assert ended.plan_hash == ended.incumbent_hash == plan.content_hash
    assert ended.incumbent_upper_bound_usd == plan.promise.objective_usd


def test_a_cancelled_job_takes_what_its_process_still_finds(
    database: Database,
    start_job: Started,
    read_job: Callable[[Job], Job],
    instance: Instance,
    clock: Clock,
) -> None:
    """The plan is kept, and the job stays without result."""
    job, claim = start_job()
    with database.transaction() as session:
        keep_incumbent(session, claim, incumbent_of(instance), clock)
        cancel(session, job.id, clock)
    plan = plan_of(instance)
    outcome = Outcome(termination=Termination.INTERRUPTED, plan=plan, seconds=2.5)
    with database.transaction() as session:
        conclude(session, claim, outcome, clock)
    ended = read_job(job)
    assert ended.incumbent_hash == plan.content_hash
    assert (ended.state, ended.plan_hash, ended.termination) == (
        JobState.CANCELLED,
        None,
        None,
    )


@pytest.mark.parametrize("is_proof_first", [True, False])
def test_of_equal_plans_the_better_proved_is_kept(
    database: Database,
    start_job: Started,
    read_job: Callable[[Job], Job],
    instance: Instance,
    clock: Clock,
    is_proof_first: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Whichever comes first."""
    job, claim = start_job()
    plans = [better_proved(instance), incumbent_of(instance)]
    for plan in plans if is_proof_first else reversed(plans):
        with database.transaction() as session:
            keep_incumbent(session, claim, plan, clock)
    assert read_job(job).incumbent_lower_bound_usd == 2.0


def test_an_infeasible_case_is_an_answer(
    database: Database,
    start_job: Started,
    read_job: Callable[[Job], Job],
    clock: Clock,
) -> None:
    """The job SUCCEEDED; the conflict says why there is no plan."""
    job, claim = start_job()
    with database.transaction() as session:
        succeed(session, claim, INFEASIBLE, clock)
    ended = read_job(job)
    assert (ended.state, ended.termination, ended.conflict, ended.plan_hash) == (
        JobState.SUCCEEDED,
        "INFEASIBLE",
        ["too little money"],
        None,
    )


def test_a_cancelled_job_takes_no_answer(
    database: Database, start_job: Started, clock: Clock
) -> None:
    """What its process still writes is dropped."""
    job, claim = start_job()
    with database.transaction() as session:
        cancel(session, job.id, clock)
    with pytest.raises(JobLostError), database.transaction() as session:
        succeed(session, claim, INFEASIBLE, clock)


def test_an_older_attempt_takes_no_answer(
    database: Database, start_job: Started, clock: Clock
) -> None:
    """A process of a server that is gone cannot write for the one of today."""
    _, claim = start_job()
    with database.transaction() as session:
        requeue_running(session)
        claim_next(session, clock)
    with pytest.raises(JobLostError), database.transaction() as session:
        fail(session, claim, "late", clock)


def test_cancelling_twice_changes_nothing(
    database: Database, queue_job: Callable[..., Job], clock: Clock
) -> None:
    """The time of the first one stays."""
    job = queue_job()
    with database.transaction() as session:
        first = cancel(session, job.id, clock).finished_at
        assert cancel(session, job.id, clock).finished_at == first


def test_a_finished_job_cannot_be_cancelled(
    database: Database, start_job: Started, clock: Clock
) -> None:
    """An answer that is there stays."""
    job, claim = start_job()
    with database.transaction() as session:
        fail(session, claim, "a reason", clock)
    with pytest.raises(IllegalTransitionError), database.transaction() as session:
        cancel(session, job.id, clock)


def test_a_requeued_job_keeps_its_place(
    database: Database,
    start_job: Started,
    queue_job: Callable[..., Job],
    clock: Clock,
) -> None:
    """It came first and is first again, as a second attempt."""
    job, _ = start_job()
    queue_job()
    with database.transaction() as session:
        assert requeue_running(session) == 1
        assert claim_next(session, clock) == Claim(job.id, 2)
