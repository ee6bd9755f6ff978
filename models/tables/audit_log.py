"""Who did what, and when. Rows are added, and never changed or deleted.

Each row has a hash of itself and of the row before it of the same organisation, so that
a change shows.
"""

import datetime as dt

from sqlmodel import Field

from models.tables.account import NUMBER_OF_PREFIX_CHARACTERS
from models.tables.organisation import OrganisationRow, list_index
from models.tables.row import NUMBER_OF_HASH_CHARACTERS, UtcDateTime

MAXIMUM_NAME_CHARACTERS = 255
MAXIMUM_ADDRESS_CHARACTERS = 45


class AuditEntry(OrganisationRow, table=True):
    """One change of the store, written in the transaction of the change itself."""

    __table_args__ = (list_index("auditentry"),)

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
    )
    number: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="Its place among the entries of its organisation.",
    )
    at: dt.datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(
        max_length=MAXIMUM_NAME_CHARACTERS,
        description="Name of the account; `anonymous` in a store without accounts; the "
        "user of the machine who gave a command.",
    )
    verb: str = Field(max_length=MAXIMUM_NAME_CHARACTERS, description="What was done.")
    noun: str = Field(
        max_length=MAXIMUM_NAME_CHARACTERS, description="To what kind of thing."
    )
    name: str = Field(
        max_length=MAXIMUM_NAME_CHARACTERS,
        description="Which one: its content hash, or the id of a job.",
    )
    request_id: str = Field(
        max_length=MAXIMUM_NAME_CHARACTERS,
        description="The same for all that one request or command did.",
    )
    key: str | None = Field(
        default=None,
        max_length=NUMBER_OF_PREFIX_CHARACTERS,
        description="Prefix of the key that the request came with.",
    )
    address: str | None = Field(
        default=None,
        max_length=MAXIMUM_ADDRESS_CHARACTERS,
        description="Where the request came from.",
    )
    result: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        description="Content hash of the document that came of it, if one did.",
    )
    chain_hash: str | None = Field(
        default=None,
        max_length=NUMBER_OF_HASH_CHARACTERS,
        description="SHA-256 of this entry and of the hash before it. None: of an "
        "earlier version.",
    )
