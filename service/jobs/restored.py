"""What is done with the jobs of a store that was restored from a backup."""

from sqlmodel import Session

from models.tables import JobState
from service.jobs.queue import requeue_running
from service.store.jobs import JobRepository


def put_back(session: Session) -> int:
    """Put each job that is not finished in the queue; return how many there are.

    The processes of those that were RUNNING are another store's. An engine that has a
    queue of its own is told of all of them here.
    """
    requeue_running(session)
    return JobRepository(session).number_by_state()[JobState.QUEUED]
