"""How an entry comes into the ledger of a reserve: after the last one, or not at all.

Who adds names the entry that it has seen last. Of two who add at once, one comes first,
and the other is told what it has not seen.
"""

import datetime as dt
import json
import uuid
from dataclasses import dataclass

from sqlmodel import Session

from models.content import canonical_json, content_hash
from models.mistakes import Mistake
from models.reserve import StatedPosition, wrong_next_position
from models.tables import EntryKind, Reserve, ReserveEntry
from service.errors import (
    MalformedOrderError,
    PositionNotLastError,
    PredecessorNotLastError,
)
from service.reserves.standing import StandingEntry, chains_of, standing, stated_by
from service.store.cases import CaseRepository
from service.store.compression import pack
from service.store.plans import PlanRepository
from service.store.reserves import ReserveLedger, ReserveRepository


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to add, of a stored case or plan, or a correction of another one.

    stated: the position of its case, or of the case of its plan.
    """

    kind: EntryKind
    case_hash: str | None = None
    plan_hash: str | None = None
    stated: StatedPosition | None = None
    corrects: str | None = None
    reason: str | None = None


def open_reserve(session: Session, name: str, at: dt.datetime) -> Reserve:
    """Open a reserve, whose ledger is empty."""
    new = Reserve(id=str(uuid.uuid4()), name=name, created_at=at, head="")
    ReserveRepository(session).add(new)
    return new


def position_in_store(
    session: Session, case_hash: str | None, plan_hash: str | None
) -> StatedPosition | None:
    """Return the position of a stored case, or of the case of a stored plan.

    None of neither. Raises CaseNotFoundError or PlanNotFoundError.
    """
    if plan_hash is not None:
        case_hash = PlanRepository(session).case_hash(plan_hash)
    if case_hash is None:
        return None
    case = json.loads(CaseRepository(session).text(case_hash))
    return StatedPosition.model_validate(
        {"start": case["horizon"]["start"], "position": case.get("position", {})}
    )


def append_entry(
    session: Session,
    reserve_id: str,
    predecessor: str,
    new: NewEntry,
    *,
    account: str,
    at: dt.datetime,
) -> ReserveEntry:
    """Add an entry after the last one, which the predecessor names.

    Raises PredecessorNotLastError, EntryNotFoundError, MalformedOrderError with all
    mistakes, or PositionNotLastError for a plan of another position.
    """
    ledger = ReserveLedger(session, ReserveRepository(session).held(reserve_id))
    if predecessor != ledger.of.head:
        raise PredecessorNotLastError(last_entry(ledger))
    if new.case_hash is not None:
        CaseRepository(session).hold(new.case_hash)
    if new.plan_hash is not None:
        PlanRepository(session).held(new.plan_hash)
    if new.kind is EntryKind.CORRECTION:
        _check_correction(ledger, new)
    else:
        _check_next(ledger, new)
    entry = ReserveEntry(
        kind=new.kind,
        at=at,
        account=account,
        case_hash=new.case_hash,
        plan_hash=new.plan_hash,
        corrects=new.corrects,
        reason=new.reason,
    )
    if new.case_hash is not None and new.stated is not None:
        entry.document_hash = content_hash(new.stated)
        entry.content = pack(canonical_json(new.stated))
    ledger.append(entry)
    return entry


def last_entry(ledger: ReserveLedger) -> dict[str, object]:
    """Return what an entry that is added now has to follow; number 0: the beginning."""
    return {"hash": ledger.of.head, "number": ledger.of.number_of_entries}


def last_position(
    ledger: ReserveLedger, before: int | None = None
) -> StandingEntry | None:
    """Return the last position that counts, before the entry of some number or all."""
    found = standing(ledger, EntryKind.POSITION)
    early = [x for x in found if before is None or x.entry.number < before]
    return early[-1] if early else None


def _check_next(ledger: ReserveLedger, new: NewEntry) -> None:
    """Raise unless a position follows the last one, or a plan is one of it."""
    last = last_position(ledger)
    if new.kind is EntryKind.PLAN:
        _check_position(new.stated, last)
        return
    if new.stated is None:
        return
    before = None if last is None else stated_by(last.said)
    mistakes = list(wrong_next_position(new.stated, before, chains_of(ledger)))
    if mistakes:
        raise MalformedOrderError(mistakes)


def _check_position(stated: StatedPosition | None, last: StandingEntry | None) -> None:
    """Raise PositionNotLastError unless it is the same position."""
    if last is None:
        raise PositionNotLastError(None)
    if stated != stated_by(last.said):
        said = last.said
        raise PositionNotLastError({"hash": said.entry_hash, "number": said.number})


def _check_correction(ledger: ReserveLedger, new: NewEntry) -> None:
    """Raise unless the entry can be corrected so."""
    corrected = ledger.entry(new.corrects or "")
    if corrected.kind == EntryKind.CORRECTION:
        expected = f"the entry that it corrects, {corrected.corrects}"
        raise MalformedOrderError([Mistake("corrects", new.corrects, expected)])
    wrong = "plan" if corrected.kind == EntryKind.POSITION else "case"
    given = new.plan_hash if wrong == "plan" else new.case_hash
    if given is not None:
        expected = f"absent: the entry is a {corrected.kind}"
        raise MalformedOrderError([Mistake(wrong, given, expected)])
    if new.plan_hash is not None:
        _check_position(new.stated, last_position(ledger, corrected.number))
    elif new.stated is not None and new.stated.start != stated_by(corrected).start:
        expected = f"{stated_by(corrected).start}, the day of the entry"
        mistake = Mistake("case.horizon.start", str(new.stated.start), expected)
        raise MalformedOrderError([mistake])
