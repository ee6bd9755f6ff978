"""A worker that looks after jobs, as long as its lease is not over."""

import datetime as dt

from sqlmodel import Field

from models.tables.row import Row, UtcDateTime

MAXIMUM_NAME_CHARACTERS = 255


class Worker(Row, table=True):
    """A worker process. Its row goes when it ends, or when it is known to be dead."""

    id: str = Field(
        max_length=MAXIMUM_NAME_CHARACTERS,
        primary_key=True,
        description="Host, process and a random part: never used twice.",
    )
    number_of_slots: int = Field(description="Jobs that it solves at the same time.")
    version: str = Field(description="Of Strongroom.")
    started_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at_s: float = Field(
        description="End of its lease: seconds since 1970 by the database's clock."
    )
