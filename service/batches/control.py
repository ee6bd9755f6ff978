"""Pause a batch, let it go on, give it up, or ask again for what failed."""

from sqlmodel import Session

from models.options import SolveOptions
from models.tables import Batch, JobState
from service.clock import Clock
from service.jobs.limits import Limits
from service.jobs.queue import cancel_all
from service.jobs.submission import Wish, submit_all
from service.store.batches import BatchRepository

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
WITHOUT_ANSWER = (JobState.FAILED, JobState.CANCELLED)


def pause(session: Session, batch_id: str) -> Batch:
    """Let queued jobs of the batch wait; those that run go on."""
    batch = BatchRepository(session).held(batch_id)
    batch.is_paused = True
    return batch


def resume(session: Session, batch_id: str) -> Batch:
    """Let the jobs of the batch be started again."""
    batch = BatchRepository(session).held(batch_id)
    batch.is_paused = False
    return batch


def cancel_batch(session: Session, batch_id: str, clock: Clock) -> Batch:
    """Give up all jobs of the batch that have not ended; they keep their incumbents."""
    batches = BatchRepository(session)
    batch = batches.held(batch_id)
    cancel_all(batches.jobs(batch, UNFINISHED), clock)
    return batch


def retry(session: Session, batch_id: str, clock: Clock) -> Batch:
    """Queue a new job for each variant whose job FAILED or was CANCELLED."""
    batches = BatchRepository(session)
    batch = batches.held(batch_id)
    before = batches.jobs(batch, WITHOUT_ANSWER)
    wishes = [
        Wish(
            job.case_hash,
            job.solved_case_hash,
            SolveOptions.model_validate(job.options),
            Limits.of(job),
        )
        for job in before
    ]
    jobs = submit_all(session, wishes, clock)
    batches.give(
        batch, {old.sequence or 0: new for old, new in zip(before, jobs, strict=True)}
    )
    return batch
