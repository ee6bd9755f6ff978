"""One log line for each change of a job's state, once it is committed.

Changes are seen in the session, so no transition can miss its line, and a change that
is rolled back has none. Statements that write rows without loading them are not seen:
for jobs that are inserted as rows, call `note_new_jobs`.
"""

import datetime as dt
import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session

from models.tables import Job, JobState
from service.telemetry.request_ids import current_request_id

logger = logging.getLogger(__name__)

_KEY = "state changes"
ENDED = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)
_LOGGED = (
    "id",
    "kind",
    "state",
    "attempt",
    "worker_id",
    "request_id",
    "created_at",
    "started_at",
    "finished_at",
    "termination",
    "failure",
)


@contextmanager
def logged_state_changes(session: Session) -> Generator[None]:
    """Log the changes of the transaction within if it succeeds."""
    changes = session.info[_KEY] = _StateChanges()
    event.listen(session, "before_flush", changes.sign)
    event.listen(session, "after_flush", changes.note)
    yield
    changes.log()


def note_new_jobs(session: Session, jobs: Sequence[Mapping[str, Any]]) -> None:
    """Add lines for jobs that were inserted as rows."""
    changes: _StateChanges = session.info[_KEY]
    changes.new += jobs


def ended_jobs(session: Session) -> Sequence[str]:
    """Return the ids of jobs that have ended in the transaction so far."""
    changes: _StateChanges = session.info[_KEY]
    new = [(x["id"], x["state"]) for x in changes.new]
    changed = [(job.id, job.state) for job, _ in changes.changed]
    return [name for name, state in (*new, *changed) if state in ENDED]


class _StateChanges:
    """The jobs of one transaction whose state changes in it."""

    def __init__(self) -> None:
        self.new: list[Mapping[str, Any]] = []
        self._changed: dict[str, tuple[Job, JobState | None]] = {}

    def sign(self, session: Session, *_: object) -> None:
        """Write the id of the current request to each new job."""
        for job in session.new:
            if isinstance(job, Job) and job.request_id is None:
                job.request_id = current_request_id()

    def note(self, session: Session, _: UOWTransaction) -> None:
        """Keep the earlier state of each job whose state has changed."""
        jobs = (job for job in (*session.new, *session.dirty) if isinstance(job, Job))
        for job in jobs:
            history = inspect(job).attrs.state.history
            if history.added:
                was = next(iter(history.deleted or ()), None)
                self._changed.setdefault(job.id, (job, was))

    @property
    def changed(self) -> Sequence[tuple[Job, JobState | None]]:
        """The jobs, each with its earlier state."""
        return [*self._changed.values()]

    def log(self) -> None:
        """Log a line for each job."""
        for job in self.new:
            _log(job, None)
        for job, was in self._changed.values():
            _log({name: getattr(job, name) for name in _LOGGED}, was)


def _log(job: Mapping[str, Any], was: JobState | None) -> None:
    """Log the new state of a job with its other known fields."""
    line = {
        "job": job["id"],
        "kind": job["kind"],
        "was": was,
        "attempt": job["attempt"],
        "worker": job["worker_id"],
        "request_id": current_request_id() or job["request_id"],
        "waited_s": _seconds(job["created_at"], job["started_at"]),
        "ran_s": _seconds(job["started_at"], job["finished_at"]),
        "termination": job["termination"],
        "failure": job["failure"],
    }
    state = job["state"]
    level = logging.WARNING if state is JobState.FAILED else logging.INFO
    known = {key: value for key, value in line.items() if value is not None}
    logger.log(level, "job %s", state, extra=known)


def _seconds(begin: dt.datetime | None, end: dt.datetime | None) -> float | None:
    if begin is None or end is None:
        return None
    return round((end - begin).total_seconds(), 3)
