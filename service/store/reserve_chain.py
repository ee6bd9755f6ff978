"""The hash chains of the ledgers of reserves: made on entry, checked on demand.

Each reserve has its own, which begins with what the reserve is called and whose it is.
A change, a removal and an insertion break it at that entry. The removal of the latest
entries shows by the head that the reserve has, and to whoever noted a later hash.
"""

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from models.tables import Reserve, ReserveEntry
from service.errors import DamagedDocumentError
from service.store.compression import unpack

CHAINED = (
    "number",
    "kind",
    "account",
    "case_hash",
    "plan_hash",
    "document_hash",
    "corrects",
    "reason",
)
ROWS_AT_A_TIME = 200
Row = TypeVar("Row", Reserve, ReserveEntry)


@dataclass(frozen=True, slots=True)
class CheckedLedger:
    """What a check of the ledger of a reserve found.

    broken: numbers of the entries that do not follow from the one before, or whose
    content is not what was entered. is_headless: whether its last entries are gone.
    has_noted_head: whether it has an entry of a hash that somebody noted.
    """

    reserve: Reserve
    number: int
    broken: tuple[int, ...]
    is_headless: bool
    has_noted_head: bool

    @property
    def is_whole(self) -> bool:
        """Whether no entry was changed, removed or inserted, as far as can be seen."""
        return not self.broken and not self.is_headless


def beginning_of(reserve: Reserve) -> str:
    """Return what the first entry of a reserve follows."""
    at = _written(reserve.created_at)
    return _hashed([reserve.organisation, reserve.id, reserve.name, at])


def hash_of(entry: ReserveEntry, predecessor: str) -> str:
    """Return the hash of an entry after that of the one before."""
    cells = [getattr(entry, name) for name in CHAINED]
    return _hashed([predecessor, _written(entry.at), *cells])


def check_ledgers(
    session: Session, noted_head: str | None = None
) -> Iterable[CheckedLedger]:
    """Yield what a check of each ledger finds, in the order of the reserves.

    Those of which `unread_reserves` tells are left out.
    """
    for sequence in _sequences(session):
        reserve = _row(session, Reserve, sequence)
        if reserve is None:
            continue
        yield check_ledger(session, reserve, noted_head)


def check_ledger(
    session: Session, reserve: Reserve, noted_head: str | None = None
) -> CheckedLedger:
    """Return what a check of the ledger of a reserve finds."""
    entries = (
        select(ReserveEntry)
        .where(ReserveEntry.reserve_sequence == reserve.sequence)
        .order_by(col(ReserveEntry.sequence))
    )
    options = {"yield_per": ROWS_AT_A_TIME}
    try:
        found = session.exec(entries, execution_options=options)
        return checked(reserve, found, noted_head)
    except (DBAPIError, TypeError, ValueError) as error:
        if not _is_of_a_cell(error):
            raise
        return checked(reserve, _one_by_one(session, reserve), noted_head)


def unread_reserves(session: Session) -> list[int]:
    """Return the rows of reserves that have a cell of another type."""
    return [x for x in _sequences(session) if _row(session, Reserve, x) is None]


def checked(
    reserve: Reserve,
    entries: Iterable[ReserveEntry | None],
    noted_head: str | None = None,
) -> CheckedLedger:
    """Return what a check of the entries of a reserve in their order finds.

    None is in the place of an entry that cannot be read.
    """
    head: str | None = beginning_of(reserve)
    number, broken = 0, list[int]()
    has_noted_head = head == noted_head
    for entry in entries:
        number += 1
        if entry is None:
            broken.append(number)
            head = None
            continue
        # What follows an entry that cannot be read is followed from there.
        head = entry.predecessor if head is None else head
        place = (entry.organisation, entry.number, entry.predecessor)
        follows = place == (reserve.organisation, number, head)
        is_same = entry.entry_hash == hash_of(entry, head)
        if not (follows and is_same and _has_its_content(entry)):
            broken.append(entry.number)
        # Go on from there, so that one change is one break.
        head, number = entry.entry_hash, entry.number
        has_noted_head = has_noted_head or head == noted_head
    is_headless = (head, number) != (reserve.head, reserve.number_of_entries)
    return CheckedLedger(reserve, number, tuple(broken), is_headless, has_noted_head)


def _has_its_content(entry: ReserveEntry) -> bool:
    if entry.content is None or entry.document_hash is None:
        return entry.content is None and entry.document_hash is None
    try:
        unpack(entry.content, entry.document_hash)
    except DamagedDocumentError:
        return False
    return True


def _sequences(session: Session) -> Sequence[int]:
    query = select(col(Reserve.sequence)).order_by(col(Reserve.sequence))
    return [x for x in session.exec(query).all() if x is not None]


def _one_by_one(session: Session, reserve: Reserve) -> Iterator[ReserveEntry | None]:
    """Yield each entry in its order; None for one with a cell of another type."""
    query = select(ReserveEntry.sequence)
    query = query.where(ReserveEntry.reserve_sequence == reserve.sequence)
    for sequence in session.exec(query.order_by(col(ReserveEntry.sequence))).all():
        yield _row(session, ReserveEntry, sequence)


def _row(session: Session, kind: type[Row], sequence: int | None) -> Row | None:
    """Return a row; None if it has a cell of another type.

    SQLite lets any cell hold anything, if something else has written it.
    """
    try:
        found = session.exec(select(kind).where(kind.sequence == sequence)).one()
        kind.model_validate(found.model_dump(warnings=False), strict=True)
    except (DBAPIError, TypeError, ValueError) as error:
        if not _is_of_a_cell(error):
            raise
        return None
    return found


def _is_of_a_cell(error: Exception) -> bool:
    """Whether an error is no word of the database: it told what it has."""
    if not isinstance(error, DBAPIError):
        return True
    is_of_sqlite = isinstance(error.orig, sqlite3.Error)
    return is_of_sqlite and not hasattr(error.orig, "sqlite_errorcode")


def _written(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _hashed(parts: list[object]) -> str:
    # A cell of SQLite may hold bytes in place of text.
    return hashlib.sha256(json.dumps(parts, default=repr).encode()).hexdigest()
