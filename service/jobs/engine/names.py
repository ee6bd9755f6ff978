"""What processes of all versions call the same things in the engine's tables."""

from dataclasses import dataclass
from typing import Self

from models.tables import Job, Priority

APPLICATION = "strongroom"
# The engine gives a workflow only to workers of its version. Ours has a single step, so
# that there is nothing to go on with in the midst: it need never change.
VERSION = "1"
WORKFLOW = "solve"
INTERACTIVE, BATCH = "interactive", "batch"
QUEUES = (INTERACTIVE, BATCH)
# Between two looks of the engine; how long it really is says the executor.
SHORTEST_PAUSE_S = 0.001


@dataclass(frozen=True, slots=True)
class Ticket:
    """One time that a job was put in the queue; an earlier one counts for nothing."""

    job_id: str
    number: int

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the ticket that counts for a job."""
        return cls(job.id, job.ticket)

    @classmethod
    def read(cls, name: str) -> Self:
        """Return the ticket of that name."""
        job_id, _, number = name.rpartition(".")
        return cls(job_id, int(number))

    @property
    def name(self) -> str:
        """What the engine calls it."""
        return f"{self.job_id}.{self.number}"


def queue_of(priority: int) -> str:
    """Return the queue of jobs of that priority."""
    return INTERACTIVE if priority < Priority.BATCH else BATCH


def priority_in_queue(job: Job) -> int:
    """Return the number by which the engine orders; a job put back goes before."""
    return 2 * job.priority + (1 if job.ticket > 1 else 2)
