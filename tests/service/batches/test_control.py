"""Batches that are paused, given up and tried again."""

from models.instance import Instance
from models.tables import Batch, JobState
from service.batches.control import cancel_batch, pause, resume, retry
from service.clock import Clock
from service.store.batches import BatchRepository
from service.store.database import Database
from tests.service.batches.conftest import LIMIT, Settle, Submit, Variants
from tests.service.claiming import claim_next


def lose_way(instance: Instance) -> str:
    """Answer no case."""
    return f"the solver lost its way in {instance.id}"


def states(database: Database, batch: Batch) -> dict[JobState, int]:
    """Return how many variants stand where, as a list of batches counts them."""
    with database.reading() as session:
        found = BatchRepository(session).number_by_state([batch])
    return {x: n for x, n in found[batch.sequence or 0].items() if n}


def test_jobs_of_a_paused_batch_wait(
    database: Database, submit: Submit, settle: Settle
) -> None:
    """Those of another batch go on; afterwards all are solved."""
    first = submit(grid=[f"{LIMIT}=1e6,2e6"])
    assert settle(limit=1) == 1
    with database.transaction() as session:
        batch, _ = pause(session, first.id)
        assert batch.is_paused
    submit(grid=["options.seed=5,6"], is_fresh=True)
    assert settle() == 3
    assert states(database, first) == {JobState.SUCCEEDED: 1, JobState.QUEUED: 2}
    assert settle() == 0
    with database.transaction() as session:
        resume(session, first.id)
    assert settle() == 2
    assert states(database, first) == {JobState.SUCCEEDED: 3}


def test_giving_up_leaves_what_has_ended(
    database: Database, submit: Submit, settle: Settle, clock: Clock
) -> None:
    """One has an answer, one runs, two wait: three are given up; a second time none."""
    batch = submit(grid=[f"{LIMIT}=1e6,2e6,3e6"])
    settle(limit=1)
    with database.transaction() as session:
        assert claim_next(session, clock) is not None
    for _ in range(2):
        with database.transaction() as session:
            cancel_batch(session, batch.id, clock)
        assert states(database, batch) == {
            JobState.SUCCEEDED: 1,
            JobState.CANCELLED: 3,
        }
    assert settle() == 0


def test_what_failed_is_tried_again(
    database: Database, submit: Submit, settle: Settle, variants: Variants, clock: Clock
) -> None:
    """Only that: with a new job, which variants of the same case share as before."""
    batch = submit(grid=[f"{LIMIT}=5e6,1e6"])
    settle(lose_way, limit=1)
    settle()
    before = [x.job.id for x in variants(batch)]
    with database.transaction() as session:
        retry(session, batch.id, clock)
    after = variants(batch)
    assert [x.job.state for x in after] == [
        JobState.QUEUED,
        JobState.QUEUED,
        JobState.SUCCEEDED,
    ]
    assert after[0].job.id == after[1].job.id != before[0]
    assert after[2].job.id == before[2]
    assert settle() == 1
    assert states(database, batch) == {JobState.SUCCEEDED: 3}


def test_what_was_given_up_can_be_asked_for_again(
    database: Database, submit: Submit, settle: Settle, clock: Clock
) -> None:
    """A cancelled batch continues where it stopped."""
    batch = submit(grid=[f"{LIMIT}=1e6,2e6"])
    settle(limit=2)
    with database.transaction() as session:
        cancel_batch(session, batch.id, clock)
        retry(session, batch.id, clock)
    assert settle() == 1
    assert states(database, batch) == {JobState.SUCCEEDED: 3}


def test_a_retry_takes_over_what_was_solved_meanwhile(
    database: Database, submit: Submit, settle: Settle, clock: Clock
) -> None:
    """An answer of another batch counts here, too."""
    batch = submit(grid=[f"{LIMIT}=1e6"])
    settle(lose_way)
    submit(grid=[f"{LIMIT}=1e6"])
    settle()
    with database.transaction() as session:
        retry(session, batch.id, clock)
    assert settle() == 0
    assert states(database, batch) == {JobState.SUCCEEDED: 2}
