"""Pause, resume, cancel or retry a batch.

Each returns the batch and the tickets to take out of the queue: ten thousand useless
tickets would keep other batches waiting for minutes.
"""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from models.options import SolveOptions
from models.tables import Batch, Job, JobState
from service.clock import Clock
from service.jobs.engine.names import Ticket
from service.jobs.limits import Limits
from service.jobs.submission import JobSpec, submit_all
from service.jobs.transitions import cancel_all
from service.store.batches import BatchRepository

ChangedBatch = tuple[Batch, Sequence[Ticket]]

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
WITHOUT_ANSWER = (JobState.FAILED, JobState.CANCELLED)


def pause(session: Session, batch_id: str) -> ChangedBatch:
    """Let queued jobs of the batch wait; running jobs go on.

    The jobs get new tickets when the batch is resumed.
    """
    batches = BatchRepository(session)
    batch = batches.held(batch_id)
    batch.is_paused = True
    waiting = batches.jobs(batch, (JobState.QUEUED,))
    for job in waiting:
        job.is_in_queue = False
    return batch, _tickets(waiting)


def resume(session: Session, batch_id: str) -> ChangedBatch:
    """Let the jobs of the batch be started again."""
    batch = BatchRepository(session).held(batch_id)
    batch.is_paused = False
    return batch, ()


def cancel_batch(session: Session, batch_id: str, clock: Clock) -> ChangedBatch:
    """Cancel all jobs of the batch that have not ended; they keep their incumbents."""
    batches = BatchRepository(session)
    batch = batches.held(batch_id)
    unfinished = batches.jobs(batch, UNFINISHED)
    cancel_all(unfinished, clock)
    return batch, _tickets(unfinished)


def retry(session: Session, batch_id: str, clock: Clock) -> ChangedBatch:
    """Queue a new job for each variant whose job FAILED or was CANCELLED."""
    batches = BatchRepository(session)
    batch = batches.held(batch_id)
    before = batches.jobs(batch, WITHOUT_ANSWER)
    specs = [
        JobSpec(
            job.case_hash,
            job.solved_case_hash,
            SolveOptions.model_validate(job.options),
            Limits.of(job),
            warnings=job.warnings or (),
        )
        for job in before
    ]
    jobs = submit_all(session, specs, clock)
    batches.give(
        batch, {old.sequence or 0: new for old, new in zip(before, jobs, strict=True)}
    )
    return batch, ()


def _tickets(jobs: Iterable[Job]) -> Sequence[Ticket]:
    """Return the tickets of those jobs that have one."""
    return [Ticket.of(job) for job in jobs if job.ticket]
