"""The audit log, who did what: entries are added with their change, and listed.

The entries of a transaction are written at its end, each with a hash over itself and
the hash before it. Writers wait for each other only from there to the commit.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.tables import AuditEntry
from service.store.audit_chain import BEGINNING, hash_of
from service.store.concurrency import lock

_PENDING = "audit entries"


@dataclass(frozen=True, slots=True)
class Author:
    """The actor of a change, and the request or command that made it.

    key and address: the prefix of the key and where the request came from, if it did.
    """

    actor: str
    request_id: str
    key: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Adds entries of one author, within the transaction of `session`."""

    session: Session
    author: Author
    at: dt.datetime

    def add(self, verb: str, noun: str, *names: str, result: str | None = None) -> None:
        """Add an entry for each name: what is done to that thing.

        result: content hash of the document that came of it.
        """
        pending: list[AuditEntry] = self.session.info.setdefault(_PENDING, [])
        pending += [
            AuditEntry(
                at=self.at,
                actor=self.author.actor,
                verb=verb,
                noun=noun,
                name=name,
                request_id=self.author.request_id,
                key=self.author.key,
                address=self.author.address,
                result=result,
            )
            for name in names
        ]


def write_entries(session: Session) -> None:
    """Write the entries of a transaction that is about to be committed."""
    pending: list[AuditEntry] = session.info.pop(_PENDING, [])
    if not pending:
        return
    # What may still wait for another transaction does so before the lock.
    session.flush()
    lock(session.connection(), "audit")
    last = head(session)
    for entry in pending:
        last = entry.chain_hash = hash_of(entry, last)
    session.add_all(pending)
    session.flush()


def head(session: Session) -> str:
    """Return the latest hash of the chain."""
    query = (
        select(AuditEntry.chain_hash)
        .where(col(AuditEntry.chain_hash).is_not(None))
        .order_by(col(AuditEntry.sequence).desc())
        .limit(1)
    )
    return session.exec(query).first() or BEGINNING


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
