"""Who did what: entries are added beside the change that they tell of, and listed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.tables import AuditEntry


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks, in which request or command."""

    actor: str
    request_id: str


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Entries in the name of an author, within the transaction of `session`."""

    session: Session
    author: Author
    at: dt.datetime

    def add(self, verb: str, noun: str, *names: str) -> None:
        """Say what is done to the things of those names."""
        self.session.add_all(
            AuditEntry(
                at=self.at,
                actor=self.author.actor,
                verb=verb,
                noun=noun,
                name=name,
                request_id=self.author.request_id,
            )
            for name in names
        )


def entries(
    session: Session, *, before: int | None, limit: int
) -> Sequence[AuditEntry]:
    """Return up to `limit` entries, latest first, before that position."""
    query = select(AuditEntry)
    if before is not None:
        query = query.where(col(AuditEntry.sequence) < before)
    return session.exec(
        query.order_by(col(AuditEntry.sequence).desc()).limit(limit)
    ).all()
