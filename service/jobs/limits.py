"""What an order says of the machine: how much of it its job may use."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    # Orders are read by the command line, too, which needs no database for it.
    from models.tables import Job

LEAST_MEMORY_BYTES = 300_000_000  # a process with the solver loaded has half of it
MOST_MEMORY_BYTES = 2**50
MOST_THREADS = 1024


class Limits(BaseModel):
    """What a job may use; of what its worker gives to each job, never more."""

    model_config = ConfigDict(frozen=True)

    memory_limit_bytes: int | None = Field(
        default=None,
        strict=True,
        ge=LEAST_MEMORY_BYTES,
        le=MOST_MEMORY_BYTES,
        description="Most memory, bytes. null: what its worker gives to each job.",
    )
    number_of_threads: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        le=MOST_THREADS,
        description="Most processes, and threads of the solver, at the same time. "
        "null: one for each core.",
    )

    def said(self) -> Sequence[Mapping[str, int]]:
        """Return nothing, or one mapping of what is limited, for a fingerprint."""
        limits = {name: getattr(self, name) for name in Limits.model_fields}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        return [given] if given else []

    @classmethod
    def of(cls, job: "Job") -> "Limits":
        """Return those of a job."""
        return cls(
            memory_limit_bytes=job.memory_limit_bytes,
            number_of_threads=job.number_of_threads,
        )


UNLIMITED = Limits()
