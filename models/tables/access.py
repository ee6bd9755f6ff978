"""Which organisations may see a document: those that stored it themselves.

A document is stored once, also if several organisations store it. No answer tells one
of them that another has it. Each right goes by what its organisation has itself; the
document goes with the last right to it.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlmodel import Field

from models.roles import MAXIMUM_ORGANISATION_CHARACTERS
from models.tables.organisation import OrganisationRow
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, UtcDateTime


class DocumentAccess(OrganisationRow):
    """The right of an organisation to see a document."""

    organisation: str = Field(
        default="",
        max_length=MAXIMUM_ORGANISATION_CHARACTERS,
        primary_key=True,
        description="Whose right it is.",
    )
    content_hash: str
    created_at: dt.datetime = Field(
        sa_type=UtcDateTime, description="When the organisation first stored it."
    )


def _hash_of(table: str) -> Any:  # noqa: ANN401 - a field
    # Deferred: the right comes first, so that what is stored can be seen at once.
    key = ForeignKey(f"{table}.content_hash", deferrable=True, initially="DEFERRED")
    return Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        primary_key=True,
        index=True,
        sa_column_args=[key],
    )


class CaseAccess(DocumentAccess, table=True):
    """The right to see a case."""

    content_hash: str = _hash_of("casedocument")
    is_listed: bool = Field(
        description="Given as a case; false if a job made it by changing options."
    )
    made_from: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        index=True,
        description="Hash of the case that it is the next version of, if it is one; "
        "that may be gone.",
    )


class PlanAccess(DocumentAccess, table=True):
    """The right to see a plan."""

    content_hash: str = _hash_of("plandocument")


class AnalysisAccess(DocumentAccess, table=True):
    """The right to see an analysis."""

    content_hash: str = _hash_of("analysisdocument")


class EvaluationAccess(DocumentAccess, table=True):
    """The right to see an evaluation."""

    content_hash: str = _hash_of("evaluationdocument")
