"""How an entry comes into the ledger of a reserve: after the last one, or not at all.

Who adds names the entry that it has seen last. Of two who add at once, one comes first,
and the other is told what it has not seen. What is said is checked before the reserve
is held: the ledger is the same as long as its last entry is.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlmodel import Session

from models.content import canonical_json, content_hash
from models.mistakes import Mistake
from models.tables import EntryKind, Reserve, ReserveEntry
from service.errors import MalformedOrderError, PredecessorNotLastError
from service.reserves.content import FIELDS, EntryContent, Place, document_of
from service.store.cases import CaseRepository
from service.store.compression import pack
from service.store.plans import PlanRepository
from service.store.reserves import ReserveLedger, ReserveRepository


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to add after that of a hash, the predecessor.

    content: None takes the entry back that is corrected.
    """

    predecessor: str
    kind: EntryKind
    content: EntryContent | None
    corrects: str | None = None
    reason: str | None = None


def open_reserve(session: Session, name: str, at: dt.datetime) -> Reserve:
    """Open a reserve, whose ledger is empty."""
    new = Reserve(id=str(uuid.uuid4()), name=name, created_at=at, head="")
    ReserveRepository(session).add(new)
    return new


def checked_entry(
    session: Session, reserve_id: str, new: NewEntry, *, account: str, at: dt.datetime
) -> ReserveEntry:
    """Return an entry that may follow its predecessor.

    Raises ReserveNotFoundError, PredecessorNotLastError, EntryNotFoundError, and what
    `document_of` raises.
    """
    ledger = ReserveLedger(session, ReserveRepository(session).get(reserve_id))
    _check_last(ledger, new.predecessor)
    corrected = _corrected(ledger, new)
    entry = ReserveEntry(
        kind=new.kind,
        at=at,
        account=account,
        predecessor=new.predecessor,
        corrects=new.corrects,
        reason=new.reason,
    )
    if new.content is None:
        return entry
    entry.case_hash, entry.plan_hash = new.content.case, new.content.plan
    kind = new.kind if corrected is None else EntryKind(corrected.kind)
    document = document_of(Place(ledger, corrected), kind, new.content)
    if document is not None:
        entry.document_hash = content_hash(document)
        entry.content = pack(canonical_json(document))
    return entry


def append_entry(session: Session, reserve_id: str, entry: ReserveEntry) -> None:
    """Add a checked entry, or raise PredecessorNotLastError if another was faster."""
    ledger = ReserveLedger(session, ReserveRepository(session).held(reserve_id))
    _check_last(ledger, entry.predecessor)
    if entry.case_hash is not None:
        CaseRepository(session).hold(entry.case_hash)
    if entry.plan_hash is not None:
        PlanRepository(session).held(entry.plan_hash)
    ledger.append(entry)


def _check_last(ledger: ReserveLedger, predecessor: str) -> None:
    head, number = ledger.of.head, ledger.of.number_of_entries
    if predecessor != head:
        raise PredecessorNotLastError({"hash": head, "number": number})


def _corrected(ledger: ReserveLedger, new: NewEntry) -> ReserveEntry | None:
    """Return the entry that is corrected, if the new one can correct it."""
    if new.corrects is None:
        return None
    corrected = ledger.entry(new.corrects)
    if corrected.kind == EntryKind.CORRECTION:
        expected = f"the entry that it corrects, {corrected.corrects}"
        raise MalformedOrderError([Mistake("corrects", new.corrects, expected)])
    field = FIELDS[EntryKind(corrected.kind)]
    wrong = [
        Mistake(name, found, f"absent: what is corrected has a {field}")
        for name in dict.fromkeys(FIELDS.values())
        if name != field and (found := getattr(new.content, name, None)) is not None
    ]
    if wrong:
        raise MalformedOrderError(wrong)
    return corrected
