"""What-if batches: a case, and variants of it that are solved as jobs."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from models.roles import MAXIMUM_ORGANISATION_CHARACTERS
from models.tables.job import MAXIMUM_KEY_CHARACTERS
from models.tables.organisation import OrganisationRow, list_index
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, Row, UtcDateTime


class Batch(OrganisationRow, table=True):
    """A batch. Its progress follows from its jobs."""

    __table_args__ = (list_index("batch"),)

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    id: str = Field(max_length=36, unique=True, description="Public name.")
    name: str = Field(description="Name for people.")
    case_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        description="The case as it is, with the options of the batch.",
    )
    axes: list[dict[str, Any]] = Field(
        sa_column=Column(JSON, nullable=False), description="Axes of the grid."
    )
    number_of_variants: int = Field(description="Without the case as it is.")
    is_paused: bool = Field(
        default=False, description="Whether its queued jobs are to wait."
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
    idempotency_key: str | None = Field(
        default=None, max_length=MAXIMUM_KEY_CHARACTERS, unique=True
    )
    order_fingerprint: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS, description="SHA-256 of the order."
    )


class BatchVariant(Row, table=True):
    """A variant of a batch. Variants of a batch that are the same case share a job."""

    batch_sequence: int = Field(primary_key=True, foreign_key="batch.sequence")
    number: int = Field(
        primary_key=True, description="Counted from 1; 0 is the case as it is."
    )
    name: str = Field(description="Name within the batch.")
    values: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False), description="What was set, by path."
    )
    patch: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False), description="Merge patch of the case."
    )
    overlay: dict[str, Any] | None = Field(
        default=None,
        sa_column=Column(JSON),
        description="What else it changes, and its title, reason and sources.",
    )
    job_sequence: int = Field(
        foreign_key="job.sequence", index=True, description="Its latest job."
    )
    warnings: list[str] | None = Field(
        default=None,
        sa_column=Column(JSON(none_as_null=True)),
        description="Warnings that the case as it is has not; its own for number 0.",
    )


class BatchWarmStart(OrganisationRow, table=True):
    """The warm start from one solve of a batch, for later solves of the same case."""

    # The name that the table has had since revision r0005.
    __tablename__ = "batchlesson"  # pyright: ignore[reportAssignmentType]

    organisation: str = Field(
        default="",
        max_length=MAXIMUM_ORGANISATION_CHARACTERS,
        primary_key=True,
        description="Whose batches it is for.",
    )
    case_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        primary_key=True,
        foreign_key="casedocument.content_hash",
        description="The case as it is, of which all of them are variants.",
    )
    content: bytes = Field(description="Bytes that only a solver reads.")
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
