"""Plans that a manager publishes for the planners of participants."""

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.tables.account import MAXIMUM_PARTICIPANT_CHARACTERS
from models.tables.organisation import OrganisationRow
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, UtcDateTime

MAXIMUM_TITLE_CHARACTERS = 200


class Publication(OrganisationRow, table=True):
    """A plan that is published to one participant. A withdrawn one has no row.

    Each participant knows the plan by another id. No participant sees its
    hash, which changes with figures of the others.
    """

    __table_args__ = (
        UniqueConstraint(
            "organisation", "plan_hash", "participant", name="uq_publication_plan"
        ),
    )

    id: str = Field(max_length=36, primary_key=True, description="Public name.")
    plan_hash: str = Field(
        max_length=NUMBER_OF_HASH_CHARACTERS,
        foreign_key="plandocument.content_hash",
        index=True,
    )
    participant: str = Field(
        max_length=MAXIMUM_PARTICIPANT_CHARACTERS,
        index=True,
        description="Whose planners see it.",
    )
    title: str = Field(max_length=MAXIMUM_TITLE_CHARACTERS)
    published_at: dt.datetime = Field(sa_type=UtcDateTime)
