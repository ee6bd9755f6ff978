"""Analyses whose answers have parts: portions find them, on all workers at once.

A portion is a job of its own, behind interactive ones like those of a batch. Each part
is stored as soon as it is found, so nothing is found twice: not after the end of a
worker, not in a later job of the same order. The analysis itself starts once its
portions have ended. It finds what is missing, because a portion failed or was
cancelled, and puts the answer together.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from sqlmodel import Session

from models.outcome import ProgressRecord
from models.tables import Job, JobState, Priority
from service.clock import Clock
from service.jobs.messages import PartFound
from service.jobs.reuse import VERSION
from service.jobs.states import advance
from service.jobs.submission import JobSpec, job_fields
from service.jobs.transitions import Claim, followed
from service.store.jobs import JobRepository
from service.store.portions import PortionRepository
from service.store.progress import ProgressRepository

# The processes of a portion find one part each at a time: as many as a small machine
# has cores.
PARTS_OF_PORTION, MOST_PORTIONS = 4, 100


def divide(
    session: Session,
    whole: Job,
    spec: JobSpec,
    number_of_parts: int,
    now: dt.datetime,
    *,
    is_fresh: bool,
) -> None:
    """Add the portions of a new job.

    It goes on from the parts that an earlier job of the same order found, unless it is
    fresh. If all of the rest fits into one portion, it needs none.
    """
    portions = PortionRepository(session)
    size = max(PARTS_OF_PORTION, ceil(number_of_parts / MOST_PORTIONS))
    if not is_fresh and (earlier := portions.begun_before(whole, with_=VERSION)):
        portions.take_over(whole, earlier, with_=VERSION, at=now)
        if earlier.state is JobState.FAILED:
            # A part that fails again takes no other along.
            size = 1
    found = portions.numbers(whole)
    left = [x for x in range(number_of_parts) if x not in found]
    if len(left) > size:
        specs = (
            replace(spec, portion_of=whole.id, parts=parts)
            for parts in evenly(left, size)
        )
        priority = max(whole.priority, Priority.BATCH)
        fields = [job_fields(x, now, priority, None) for x in specs]
        JobRepository(session).add_all(fields)


def evenly(numbers: Sequence[int], most: int) -> Sequence[tuple[int, ...]]:
    """Return numbers in groups of almost the same size, at most `most`."""
    number_of_groups = ceil(len(numbers) / most)
    return [tuple(numbers[i::number_of_groups]) for i in range(number_of_groups)]


def keep_parts(
    session: Session, claim: Claim, found: Sequence[PartFound], clock: Clock
) -> None:
    """Store parts that the process of a job has found, also of a cancelled one.

    The log of a whole tells of each part that a portion finds.
    """
    job = followed(session, claim)
    whole = JobRepository(session).whole_of(job) or job
    now, portions = clock(), PortionRepository(session)
    contents = {part.number: part.content for part in found}
    portions.keep(whole, contents, with_=VERSION, at=now)
    if whole is not job:
        seconds = max(0.0, (now - (whole.started_at or now)).total_seconds())
        stage, number = whole.analysis or "", len(portions.numbers(whole))
        records = [
            ProgressRecord(
                seconds=seconds, stage=stage, message=f"{part.line} (finished: {x})"
            )
            for x, part in enumerate(found, start=number - len(found) + 1)
        ]
        ProgressRepository(session).append(whole, records, at=now)


def conclude_portion(session: Session, claim: Claim, clock: Clock) -> None:
    """Let a portion end, unless it has been cancelled."""
    job = followed(session, claim)
    if job.state is JobState.RUNNING:
        job.solved_with = VERSION
        job.state = advance(job.state, JobState.SUCCEEDED)
        job.finished_at = clock()


def startable(session: Session, job: Job) -> Sequence[Job]:
    """Return the jobs to queue for a new one: its portions, or else itself."""
    return PortionRepository(session).unfinished(job) or [job]
