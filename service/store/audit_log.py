"""The audit log, who did what: entries are added with their change, and listed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.tables import AuditEntry


@dataclass(frozen=True, slots=True)
class Author:
    """The actor of a change, and the request or command that made it."""

    actor: str
    request_id: str


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Adds entries of one author, within the transaction of `session`."""

    session: Session
    author: Author
    at: dt.datetime

    def add(self, verb: str, noun: str, *names: str) -> None:
        """Add an entry for each name: what is done to that thing."""
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
