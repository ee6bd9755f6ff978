"""What an entry says, checked against the ledger that it comes into."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from sqlmodel import Session

from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation
from models.observation_reading import read_observation
from models.orders import Orders
from models.reading import InvalidCaseError, read_stored_instance
from models.reserve import StatedPosition, wrong_next_position
from models.tables import EntryKind, ReserveEntry
from service.analyses.run import without_additions
from service.errors import (
    CaseNotFoundError,
    MalformedJsonError,
    MalformedOrderError,
    PositionNotLastError,
)
from service.files.validation import mistakes_in
from service.reserves.known_lots import known_lots
from service.reserves.standing import StandingEntry, last_standing, stated_by
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository
from service.store.reserves import ReserveLedger

# What has the content of an entry, in a request and in the table.
FIELDS: Mapping[EntryKind, str] = {
    EntryKind.POSITION: "case",
    EntryKind.PLAN: "plan",
    EntryKind.OBSERVATION: "document",
    EntryKind.ORDERS: "document",
}
DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class EntryContent:
    """What an entry says: a stored case or plan, or a document as it was sent."""

    case: str | None = None
    plan: str | None = None
    document: object = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a ledger something is said: at its end, or in the place of an entry."""

    ledger: ReserveLedger
    corrected: ReserveEntry | None = None

    def last(self, kind: EntryKind) -> StandingEntry | None:
        """Return the last entry of a kind that counts, before this place."""
        end = None if self.corrected is None else self.corrected.number
        return last_standing(self.ledger, kind, end)

    def position(self) -> StandingEntry:
        """Return the last position, or raise PositionNotLastError."""
        last = self.last(EntryKind.POSITION)
        if last is None:
            raise PositionNotLastError(None)
        return last


def document_of(
    place: Place, kind: EntryKind, content: EntryContent
) -> StatedPosition | Observation | Orders | None:
    """Return what the table keeps of an entry; None of a plan, which is stored.

    Raises CaseNotFoundError, PlanNotFoundError, PositionNotLastError for what is of
    another position, or MalformedOrderError with all mistakes.
    """
    match kind:
        case EntryKind.POSITION:
            return _position(place, content.case or "")
        case EntryKind.PLAN:
            _check_plan(place, content.plan or "")
            return None
        case EntryKind.OBSERVATION:
            return _observation(place, content.document)
        case _:
            return _orders(place, content.document)


def _position(place: Place, case_hash: str) -> StatedPosition:
    stated = _position_in_store(place.ledger.session, case_hash)
    if place.corrected is not None:
        day = stated_by(place.corrected).start
        if stated.start != day:
            expected = f"{day}, the day of the entry"
            mistake = Mistake("case.horizon.start", str(stated.start), expected)
            raise MalformedOrderError([mistake])
        return stated
    last = place.last(EntryKind.POSITION)
    before = None if last is None else stated_by(last.said)
    mistakes = list(wrong_next_position(stated, before, known_lots(place.ledger)))
    if mistakes:
        raise MalformedOrderError(mistakes)
    return stated


def _check_plan(place: Place, plan_hash: str) -> None:
    """Raise PositionNotLastError for a plan of a case with another position."""
    case_hash = PlanRepository(place.ledger.session).case_hash(plan_hash)
    _check_case(place.ledger.session, case_hash, place.position())


def _observation(place: Place, raw: object) -> Observation:
    last = place.position()
    _check_first(place, EntryKind.OBSERVATION, last)
    try:
        return read_observation(raw, _case(place.ledger.session, last))
    except InvalidCaseError as error:
        raise MalformedOrderError([_inside(x) for x in error.mistakes]) from None
    except RecursionError:
        detail = "It is nested too deeply."
        raise MalformedJsonError(detail) from None


def _orders(place: Place, raw: object) -> Orders:
    last = place.position()
    try:
        orders = Orders.model_validate(without_additions(raw))
    except ValidationError as error:
        found = mistakes_in(error, "")
        raise MalformedOrderError([_inside(x) for x in found]) from None
    _check_case(place.ledger.session, orders.instance_hash, last)
    _check_first(place, EntryKind.ORDERS, last)
    mistakes = list(_of_others(place, orders, last))
    if mistakes:
        raise MalformedOrderError(mistakes)
    return orders


def _of_others(
    place: Place, orders: Orders, position: StandingEntry
) -> Iterator[Mistake]:
    """Yield that orders are not of the position, its facts or the plan in force."""
    observed, in_force = place.last(EntryKind.OBSERVATION), place.last(EntryKind.PLAN)
    if observed is not None and observed.entry.number < position.entry.number:
        observed = None
    seen = None if observed is None else observed.said.document_hash
    plan = None if in_force is None else in_force.said.plan_hash
    start = str(stated_by(position.said).start)
    for name, found, expected, what in (
        ("start", str(orders.start), start, "last position"),
        ("observation_hash", orders.observation_hash, seen, "last observation"),
        ("plan_hash", orders.plan_hash, plan, "plan in force"),
    ):
        if found != expected:
            known = expected or "a hash that the ledger has yet to get"
            yield Mistake(f"{DOCUMENT}.{name}", found, f"{known}, that of the {what}")


def _check_case(session: Session, case_hash: str, last: StandingEntry) -> None:
    """Raise PositionNotLastError for a case with another position.

    Its options may be others: those of the job that made a plan.
    """
    try:
        is_of_it = has_position(session, case_hash, last.said)
    except CaseNotFoundError:
        raise PositionNotLastError(named(last.said)) from None
    if not is_of_it:
        raise PositionNotLastError(named(last.said))


def has_position(session: Session, case_hash: str, said: ReserveEntry) -> bool:
    """Whether a stored case begins with the position that an entry states.

    Raises CaseNotFoundError.
    """
    if case_hash == said.case_hash:
        return True
    return _position_in_store(session, case_hash) == stated_by(said)


def _check_first(place: Place, kind: EntryKind, position: StandingEntry) -> None:
    """Raise MalformedOrderError if the ledger has one of the kind for a position."""
    earlier = place.last(kind)
    if place.corrected is None and earlier is not None:
        number = earlier.entry.number
        if number > position.entry.number:
            expected = f"a correction of entry {number}, {earlier.entry.entry_hash}"
            raise MalformedOrderError([Mistake("kind", kind.value, expected)])


def named(said: ReserveEntry) -> Mapping[str, object]:
    """Return what a client is told of an entry that it has not seen."""
    return {"hash": said.entry_hash, "number": said.number}


def _position_in_store(session: Session, case_hash: str) -> StatedPosition:
    """Return the position of a stored case, or raise CaseNotFoundError."""
    case = json.loads(CaseRepository(session).text(case_hash))
    return StatedPosition.model_validate(
        {"start": case["horizon"]["start"], "position": case.get("position", {})}
    )


def _case(session: Session, position: StandingEntry) -> Instance:
    text = CaseRepository(session).text(position.said.case_hash or "")
    return read_stored_instance(json.loads(text))


def _inside(mistake: Mistake) -> Mistake:
    """Return a mistake of a document as one of the body that has it."""
    path = f"{DOCUMENT}.{mistake.path}" if mistake.path else DOCUMENT
    return Mistake(path, mistake.value, mistake.expected)
