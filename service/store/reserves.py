"""Reserves in the store, and the entries of their ledgers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.tables import EntryKind, Reserve, ReserveEntry
from service.errors import EntryNotFoundError, ReserveNotFoundError
from service.store.part import Part
from service.store.reserve_chain import beginning_of, hash_of


@dataclass(frozen=True, slots=True)
class ReserveRepository:
    """Queries on reserves, within the transaction of `session`."""

    session: Session

    def add(self, new: Reserve) -> None:
        """Store a new reserve, whose ledger is empty."""
        self.session.add(new)
        # Its organisation is known then, which the beginning of the ledger names.
        self.session.flush()
        new.head = beginning_of(new)

    def get(self, reserve_id: str) -> Reserve:
        """Return a reserve, or raise ReserveNotFoundError."""
        query = select(Reserve).where(Reserve.id == reserve_id)
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise ReserveNotFoundError(reserve_id)
        return found

    def held(self, reserve_id: str) -> Reserve:
        """Return a reserve to which nobody else adds until this transaction ends."""
        query = select(Reserve).where(Reserve.id == reserve_id).with_for_update()
        query = query.execution_options(populate_existing=True)
        found = self.session.exec(query).one_or_none()
        if found is None:
            raise ReserveNotFoundError(reserve_id)
        return found

    def page(self, part: Part) -> Sequence[Reserve]:
        """Return a part of the reserves in order of arrival."""
        return self.session.exec(part.of(select(Reserve), col(Reserve.sequence))).all()


@dataclass(frozen=True, slots=True)
class ReserveLedger:
    """The ledger of a reserve, within the transaction of `session`."""

    session: Session
    of: Reserve

    def append(self, entry: ReserveEntry) -> None:
        """Add an entry after the last one; the reserve must be held."""
        reserve = self.of
        entry.reserve_sequence = reserve.sequence or 0
        entry.number = reserve.number_of_entries + 1
        entry.predecessor = reserve.head
        entry.entry_hash = hash_of(entry, reserve.head)
        reserve.number_of_entries, reserve.head = entry.number, entry.entry_hash
        self.session.add_all((entry, reserve))
        self.session.flush()

    def entry(self, entry_hash: str) -> ReserveEntry:
        """Return an entry, or raise EntryNotFoundError."""
        found = None
        # Half a surrogate pair is no hash, and cannot be sent to the database.
        if entry_hash.isascii():
            query = self._entries().where(ReserveEntry.entry_hash == entry_hash)
            found = self.session.exec(query).one_or_none()
        if found is None:
            raise EntryNotFoundError(entry_hash)
        return found

    def page(self, part: Part, kind: EntryKind | None = None) -> Sequence[ReserveEntry]:
        """Return a part of the entries, of a kind or all, by their numbers."""
        query = self._entries()
        if kind is not None:
            query = query.where(ReserveEntry.kind == kind)
        return self.session.exec(part.of(query, col(ReserveEntry.number))).all()

    def has(self, entry_hash: str) -> bool:
        """Return whether it has an entry."""
        query = select(ReserveEntry.number).where(
            ReserveEntry.reserve_sequence == self.of.sequence,
            ReserveEntry.entry_hash == entry_hash,
        )
        return self.session.exec(query).one_or_none() is not None

    def newest(self, kind: EntryKind, before: int | None) -> Iterator[ReserveEntry]:
        """Yield the entries of a kind, newest first, those before a number if given."""
        while True:
            query = self._entries().where(ReserveEntry.kind == kind)
            if before is not None:
                query = query.where(ReserveEntry.number < before)
            newest = query.order_by(col(ReserveEntry.number).desc()).limit(1)
            found = self.session.exec(newest).one_or_none()
            if found is None:
                return
            yield found
            before = found.number

    def last_correction(self, entry: ReserveEntry) -> ReserveEntry | None:
        """Return the last correction of an entry; None if it was never corrected."""
        query = self._entries().where(
            ReserveEntry.kind == EntryKind.CORRECTION,
            ReserveEntry.corrects == entry.entry_hash,
        )
        newest = query.order_by(col(ReserveEntry.number).desc()).limit(1)
        return self.session.exec(newest).one_or_none()

    def of_kinds(self, *kinds: EntryKind, after: int = 0) -> Sequence[ReserveEntry]:
        """Return all entries of some kinds after a number, oldest first."""
        query = self._entries().where(
            col(ReserveEntry.kind).in_(kinds), ReserveEntry.number > after
        )
        return self.session.exec(query.order_by(col(ReserveEntry.number))).all()

    def _entries(self) -> SelectOfScalar[ReserveEntry]:
        return select(ReserveEntry).where(
            ReserveEntry.reserve_sequence == self.of.sequence
        )
