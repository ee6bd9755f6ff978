"""What is done with the jobs of a store that was restored from a backup."""

from sqlmodel import Session

from service.jobs.transitions import put_back_all
from service.store.workers import WorkerRepository


def has_workers(session: Session) -> bool:
    """Whether workers are alive, who would write into what is replaced."""
    return bool(WorkerRepository(session).living())


def put_back(session: Session) -> int:
    """Put each job that is not finished in its place; return how many there are.

    The processes of those that were RUNNING are another store's, and so is the queue
    that had the others: a worker puts them in that of this store.
    """
    return put_back_all(session)
