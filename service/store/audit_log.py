"""The audit log, who did what: entries are added with their change, and listed.

The entries of a transaction are written at its end, each with a hash over itself and
the hash before it in its organisation. Writers wait for each other only from there to
the commit.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.tables import DEFAULT_ORGANISATION, AuditEntry
from service.store.audit_chain import beginning_of, hash_of
from service.store.concurrency import lock
from service.store.part import Part
from service.store.tenancy import restricted_to

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
    """Adds entries of one author, within the transaction of `session`.

    organisation: whose log has the entries. None: that of the transaction; what
    concerns the whole store belongs to the default one.
    """

    session: Session
    author: Author
    at: dt.datetime
    organisation: str | None = None

    def add(self, verb: str, noun: str, *names: str, result: str | None = None) -> None:
        """Add an entry for each name: what is done to that thing.

        result: content hash of the document that came of it.
        """
        own = self.organisation or restricted_to(self.session) or DEFAULT_ORGANISATION
        pending: list[AuditEntry] = self.session.info.setdefault(_PENDING, [])
        pending += [
            AuditEntry(
                organisation=own,
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
    for organisation in sorted({entry.organisation for entry in pending}):
        number, last = end_of(session, organisation)
        own = (x for x in pending if x.organisation == organisation)
        for place, entry in enumerate(own, start=number + 1):
            entry.number = place
            last = entry.chain_hash = hash_of(entry, last)
    session.add_all(pending)
    session.flush()


def end_of(session: Session, organisation: str) -> tuple[int, str]:
    """Return number and hash of the latest entry of an organisation."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.organisation == organisation)
        .order_by(col(AuditEntry.sequence).desc())
        .limit(1)
    )
    latest = session.exec(query).first()
    if latest is None:
        return 0, beginning_of(organisation)
    return latest.number, latest.chain_hash or beginning_of(organisation)


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries are wanted; None: whatever they have there."""

    actor: str | None = None
    verb: str | None = None
    noun: str | None = None
    name: str | None = None

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Return the conditions of entries that are wanted."""
        wanted = asdict(self).items()
        return [col(getattr(AuditEntry, x)) == y for x, y in wanted if y is not None]


def entries(
    session: Session, part: Part, wanted: EntryFilter | None = None
) -> Sequence[AuditEntry]:
    """Return a part of the entries in order of their numbers.

    The numbers are those of an organisation, or of the store if the session sees it.
    """
    is_of_one = restricted_to(session) is not None
    number = AuditEntry.number if is_of_one else AuditEntry.sequence
    query = select(AuditEntry).where(*(wanted or EntryFilter()).conditions())
    return session.exec(part.of(query, col(number))).all()
