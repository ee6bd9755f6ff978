"""How much of a machine a job may use, as ordered."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    # The command line reads orders, too, without a database.
    from models.tables import Job

LEAST_MEMORY_BYTES = 300_000_000  # a process with the solver loaded has half of it
MOST_MEMORY_BYTES = 2**50
MOST_THREADS = 1024


class Limits(BaseModel):
    """What a job may use, within what its worker gives to each job."""

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
        description="Most processes at the same time, each with one thread. null: one "
        "for each core.",
    )

    def for_fingerprint(self) -> Sequence[Mapping[str, int]]:
        """Return a list with one mapping of the limits, empty without limits.

        For fingerprints: those of orders without limits stay as they were.
        """
        limits = {name: getattr(self, name) for name in Limits.model_fields}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        return [given] if given else []

    @classmethod
    def of(cls, job: "Job") -> "Limits":
        """Return the limits of a job."""
        return cls(
            memory_limit_bytes=job.memory_limit_bytes,
            number_of_threads=job.number_of_threads,
        )


UNLIMITED = Limits()
