"""Events of jobs and batches, written for webhooks at the end of their transaction.

Jobs of a batch have no event of their own: the batch has one when its last job ends.
Neither have portions of an analysis, which has one when it ends.
"""

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select

from models.tables import Batch, BatchVariant, Job, JobState, Webhook, WebhookDelivery
from models.webhook import EventType
from service.store.concurrency import lock
from service.store.state_changes import ended_jobs
from service.store.webhooks import is_heard

JOBS_AT_A_TIME = 500
TYPES = {
    JobState.SUCCEEDED: EventType.JOB_SUCCEEDED,
    JobState.FAILED: EventType.JOB_FAILED,
    JobState.CANCELLED: EventType.JOB_CANCELLED,
}


class WebhookEvent(NamedTuple):
    """Something that happened in an organisation."""

    organisation: str
    type: EventType
    at: dt.datetime
    data: Mapping[str, object]


def write_events(session: Session) -> None:
    """Write what happened in a transaction that is about to be committed."""
    # Changes of states are noted when they are written.
    session.flush()
    ended = ended_jobs(session)
    if not ended:
        return
    webhooks = session.exec(select(Webhook).where(is_heard())).all()
    wanted = {(x.organisation, event) for x in webhooks for event in x.events}
    if not wanted:
        return
    for event in _events(session, ended, wanted):
        for webhook in webhooks:
            is_own = webhook.organisation == event.organisation
            if is_own and event.type in webhook.events:
                session.add(delivery_of(webhook, event))
    session.flush()


def delivery_of(webhook: Webhook, event: WebhookEvent) -> WebhookDelivery:
    """Return the delivery of an event, which is due at once."""
    payload = {
        "type": event.type,
        "timestamp": event.at.isoformat().replace("+00:00", "Z"),
        "data": event.data,
    }
    return WebhookDelivery(
        organisation=webhook.organisation,
        id=f"msg_{uuid.uuid4().hex}",
        webhook_sequence=webhook.sequence or 0,
        event=event.type,
        payload=json.dumps(payload),
        created_at=event.at,
        due_at=event.at,
    )


def _events(
    session: Session, job_ids: Sequence[str], wanted: Collection[tuple[str, str]]
) -> Iterator[WebhookEvent]:
    """Yield the events of jobs that have ended, and of batches that have with them.

    wanted: organisations with types of events. Others may be among those of jobs.
    """
    organisations = {organisation for organisation, _ in wanted}
    last: dict[int, dt.datetime] = {}
    for first in range(0, len(job_ids), JOBS_AT_A_TIME):
        some = job_ids[first : first + JOBS_AT_A_TIME]
        # What a planner orders concerns nobody else.
        query = (
            select(Job)
            .where(col(Job.id).in_(some), col(Job.participant).is_(None))
            .where(col(Job.portion_of).is_(None))
            .where(col(Job.organisation).in_(organisations))
            .order_by(col(Job.sequence))
        )
        jobs = session.exec(query).all()
        batches = _batches(session, [job.sequence or 0 for job in jobs])
        for job in jobs:
            at = job.finished_at or job.created_at
            batch = batches.get(job.sequence or 0)
            if batch is None:
                yield WebhookEvent(job.organisation, TYPES[job.state], at, _job(job))
            elif (job.organisation, EventType.BATCH_FINISHED) in wanted:
                last[batch] = at
    yield from _finished(session, last)


def _batches(session: Session, jobs: Sequence[int]) -> Mapping[int, int]:
    """Return the batches that jobs belong to, by job."""
    query = select(BatchVariant.job_sequence, BatchVariant.batch_sequence).where(
        col(BatchVariant.job_sequence).in_(jobs)
    )
    return dict(session.exec(query).all())


def _finished(
    session: Session, last: Mapping[int, dt.datetime]
) -> Iterator[WebhookEvent]:
    """Yield the events of batches without a job that goes on."""
    for sequence, at in sorted(last.items()):
        # Of two jobs that end at once, the later one must see the other. All lock in
        # the same order.
        lock(session.connection(), f"webhooks of batch {sequence}")
        goes_on = (
            select(Job.sequence)
            .join(BatchVariant, col(BatchVariant.job_sequence) == Job.sequence)
            .where(BatchVariant.batch_sequence == sequence)
            .where(col(Job.state).not_in(list(TYPES)))
            .limit(1)
        )
        if session.exec(goes_on).first() is None:
            batch = session.get_one(Batch, sequence)
            data = {
                "id": batch.id,
                "name": batch.name,
                "href": f"/v1/batches/{batch.id}",
            }
            yield WebhookEvent(batch.organisation, EventType.BATCH_FINISHED, at, data)


def _job(job: Job) -> Mapping[str, object]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "termination": job.termination,
        "href": f"/v1/jobs/{job.id}",
    }
