"""Batches that are paused, given up and tried again."""

from models.instance import Instance
from models.tables import Batch, JobState
from service.batches.control import cancel_batch, pause, resume, retry
from service.store.batches import BatchRepository
from tests.service.batches.conftest import LIMIT, StoredBatches
from tests.service.claiming import claim_next


def lose_way(instance: Instance) -> str:
    """Answer no case."""
    return f"the solver lost its way in {instance.id}"


def states(batches: StoredBatches, batch: Batch) -> dict[JobState, int]:
    """Return how many variants stand where, as a list of batches counts them."""
    with batches.reading() as session:
        found = BatchRepository(session).number_by_state([batch])
    return {x: n for x, n in found[batch.sequence or 0].items() if n}


def test_jobs_of_a_paused_batch_wait(batches: StoredBatches) -> None:
    """Those of another batch go on; afterwards all are solved."""
    first = batches.submit(grid=[f"{LIMIT}=1e6,2e6"])
    assert batches.settle(limit=1) == 1
    with batches.transaction() as session:
        batch, _ = pause(session, first.id)
        assert batch.is_paused
    batches.submit(grid=["options.seed=5,6"], is_fresh=True)
    assert batches.settle() == 3
    assert states(batches, first) == {JobState.SUCCEEDED: 1, JobState.QUEUED: 2}
    assert batches.settle() == 0
    with batches.transaction() as session:
        resume(session, first.id)
    assert batches.settle() == 2
    assert states(batches, first) == {JobState.SUCCEEDED: 3}


def test_giving_up_leaves_what_has_ended(batches: StoredBatches) -> None:
    """One has an answer, one runs, two wait: three are given up; a second time none."""
    batch = batches.submit(grid=[f"{LIMIT}=1e6,2e6,3e6"])
    batches.settle(limit=1)
    with batches.transaction() as session:
        assert claim_next(session, batches.clock) is not None
    for _ in range(2):
        batches.change(cancel_batch, batch.id)
        assert states(batches, batch) == {
            JobState.SUCCEEDED: 1,
            JobState.CANCELLED: 3,
        }
    assert batches.settle() == 0


def test_what_failed_is_tried_again(batches: StoredBatches) -> None:
    """Only that: with a new job, which variants of the same case share as before."""
    batch = batches.submit(grid=[f"{LIMIT}=5e6,1e6"])
    batches.settle(lose_way, limit=1)
    batches.settle()
    before = [x.job.id for x in batches.variants(batch)]
    batches.change(retry, batch.id)
    after = batches.variants(batch)
    assert [x.job.state for x in after] == [
        JobState.QUEUED,
        JobState.QUEUED,
        JobState.SUCCEEDED,
    ]
    assert after[0].job.id == after[1].job.id != before[0]
    assert after[2].job.id == before[2]
    assert batches.settle() == 1
    assert states(batches, batch) == {JobState.SUCCEEDED: 3}


def test_what_was_given_up_can_be_asked_for_again(batches: StoredBatches) -> None:
    """A cancelled batch continues where it stopped."""
    batch = batches.submit(grid=[f"{LIMIT}=1e6,2e6"])
    batches.settle(limit=2)
    with batches.transaction() as session:
        cancel_batch(session, batch.id, batches.clock)
        retry(session, batch.id, batches.clock)
    assert batches.settle() == 1
    assert states(batches, batch) == {JobState.SUCCEEDED: 3}


def test_a_retry_takes_over_what_was_solved_meanwhile(batches: StoredBatches) -> None:
    """An answer of another batch counts here, too."""
    batch = batches.submit(grid=[f"{LIMIT}=1e6"])
    batches.settle(lose_way)
    batches.submit(grid=[f"{LIMIT}=1e6"])
    batches.settle()
    batches.change(retry, batch.id)
    assert batches.settle() == 0
    assert states(batches, batch) == {JobState.SUCCEEDED: 2}
