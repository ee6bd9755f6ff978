"""Organisations. What one of them stores is not there for the others."""

import datetime as dt

from sqlalchemy import Index
from sqlmodel import Field

from models.roles import DEFAULT_ORGANISATION, MAXIMUM_ORGANISATION_CHARACTERS
from models.tables.row import Row, UtcDateTime


class Organisation(Row, table=True):
    """Accounts, and all that they store. The default organisation has no row."""

    name: str = Field(max_length=MAXIMUM_ORGANISATION_CHARACTERS, primary_key=True)
    created_at: dt.datetime = Field(sa_type=UtcDateTime)


class OrganisationRow(Row):
    """A row of one organisation. The store hides it from the others."""

    organisation: str = Field(
        default="",
        max_length=MAXIMUM_ORGANISATION_CHARACTERS,
        index=True,
        sa_column_kwargs={"server_default": DEFAULT_ORGANISATION},
        description="Whose it is; a new row gets that of its transaction.",
    )


def list_index(table: str) -> Index:
    """Return the index by which a list of an organisation is read, latest first.

    With it, what the others have stored since takes no time.
    """
    return Index(f"ix_{table}_organisation_sequence", "organisation", "sequence")
