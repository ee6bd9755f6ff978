"""Who did what, and when. Rows are added, and never changed or deleted."""

import datetime as dt

from sqlmodel import Field

from models.tables.row import Row, UtcDateTime

MAXIMUM_NAME_CHARACTERS = 255


class AuditEntry(Row, table=True):
    """One change of the store, written in the transaction of the change itself."""

    sequence: int | None = Field(
        default=None, primary_key=True, description="Order of arrival."
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
