"""Names in the tables of the engine, the same in processes of all versions."""

from dataclasses import dataclass
from typing import Self

from models.tables import Job, Priority

APPLICATION = "strongroom"
# The engine gives a workflow only to workers of its version. Ours has a single step,
# which is never resumed halfway, so the version need never change.
VERSION = "1"
WORKFLOW = "solve"
INTERACTIVE, BATCH = "interactive", "batch"
QUEUES = (INTERACTIVE, BATCH)
# Between two reads of a queue; the executor sets the real pause.
SHORTEST_PAUSE_S = 0.001


@dataclass(frozen=True, slots=True)
class Ticket:
    """One entry of a job in the queue; only the last one of a job counts."""

    job_id: str
    number: int

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the last ticket of a job."""
        return cls(job.id, job.ticket)

    @classmethod
    def read(cls, name: str) -> Self:
        """Return the ticket of that name."""
        job_id, _, number = name.rpartition(".")
        return cls(job_id, int(number))

    @property
    def name(self) -> str:
        """The name of the ticket in the tables of the engine."""
        return f"{self.job_id}.{self.number}"


def queue_of(priority: int) -> str:
    """Return the queue of jobs of that priority."""
    return INTERACTIVE if priority < Priority.BATCH else BATCH


def priority_in_queue(job: Job) -> int:
    """Return the priority in the engine; a requeued job goes first among equals."""
    return 2 * job.priority + (1 if job.ticket > 1 else 2)
