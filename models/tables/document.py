"""Cases, plans, evaluations and analyses: canonical JSON, compressed, under its hash.

A document never changes. The other columns serve lists and look-ups. It is stored once,
and there for the organisations that stored it: each has a row of access.
"""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from models.tables.row import NUMBER_OF_HASH_CHARACTERS, Row, UtcDateTime


class CaseDocument(Row, table=True):
    """A case."""

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    content_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        unique=True,
        description="SHA-256 of the canonical JSON.",
    )
    case_id: str = Field(description="Name of the case.")
    name: str = Field(description="Name for people.")
    number_of_bytes: int = Field(description="Length of the canonical JSON, UTF-8.")
    base_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        description="The case that has the sections which are not in `content`.",
    )
    content: bytes = Field(
        description="Canonical JSON, compressed by zlib: all of it, or the sections "
        "that differ from the base's."
    )
    created_at: dt.datetime = Field(sa_type=UtcDateTime)


class PlanDocument(Row, table=True):
    """A checked plan, and the case that was solved for it."""

    content_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        primary_key=True,
        description="SHA-256 of the canonical JSON.",
    )
    case_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        index=True,
        description="The case as it was solved, with the options of the job.",
    )
    figures: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False, server_default="{}"),
        description="PlanFigures, for tables of many plans.",
    )
    content: bytes = Field(description="Canonical JSON, compressed by zlib.")
    created_at: dt.datetime = Field(sa_type=UtcDateTime)


class EvaluationDocument(Row, table=True):
    """The evaluation of a plan on fresh scenarios. Its large tables are objects."""

    content_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        primary_key=True,
        description="SHA-256 of the canonical JSON.",
    )
    plan_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
        description="The plan that was simulated.",
    )
    tables: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False),
        description="Objects of its tables, by name: sha256 and number_of_bytes.",
    )
    content: bytes = Field(description="Canonical JSON, compressed by zlib.")
    created_at: dt.datetime = Field(sa_type=UtcDateTime)


class AnalysisDocument(Row, table=True):
    """The answer of an analysis of a case or a plan. Its files are objects."""

    content_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        primary_key=True,
        description="SHA-256 of the canonical JSON of the answer and what it is of.",
    )
    name: str = Field(max_length=30, description="The analysis.")
    case_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="casedocument.content_hash",
        index=True,
        description="The case that it is of.",
    )
    plan_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
        description="The plan that it is of, if it is of one.",
    )
    files: dict[str, Any] = Field(
        sa_column=Column(JSON, nullable=False),
        description="Objects of its files, by name: sha256, number_of_bytes and "
        "media_type.",
    )
    content: bytes = Field(description="That JSON, compressed by zlib.")
    created_at: dt.datetime = Field(sa_type=UtcDateTime)
