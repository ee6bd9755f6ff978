"""What participants hold of the rights that a round awarded, and draw of them.

Each change is an entry of a ledger; what is held is the sum of its entries. That the
alert and the own gap permit a draw is for the operator to see: the service knows
neither.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.mistakes import Mistake
from models.plan import Plan
from models.round import OfferedRight, OfferKey
from models.tables import LedgerEntry, LedgerKind, RightTransfer, Round
from service.errors import MalformedOrderError, RightNotHeldError
from service.rounds.conduct import rights_of
from service.rounds.states import RoundAction, check
from service.rounds.transfer_states import TransferState, transfer_state
from service.store.rights import RightRepository
from service.store.rounds import RoundRepository

MONTH = dt.timedelta(days=30)
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class HeldRight:
    """What a participant has of a right.

    reserved_lots: those that it offers to others, which it may not draw on.
    drawn_tonnes: of the last 30 days.
    """

    right: OfferedRight
    lots: int
    tonnes: float
    reserved_lots: int
    drawn_tonnes: float

    @property
    def size_tonnes(self) -> float:
        """The tonnes of the right when nothing is drawn."""
        return self.lots * self.right.lot_tonnes

    @property
    def free_tonnes(self) -> float:
        """The tonnes in hand that are not offered to others."""
        return self.tonnes - self.reserved_lots * self.right.lot_tonnes

    @property
    def most_drawn_tonnes(self) -> float:
        """The most that may be drawn now."""
        month = self.right.draw_limit_per_month * self.size_tonnes - self.drawn_tonnes
        return max(min(self.free_tonnes, month), 0.0)

    @property
    def missing_tonnes(self) -> float:
        """What may be replenished."""
        return max(self.size_tonnes - self.tonnes, 0.0)


def enter_awards(session: Session, found: Round, plan: Plan, account: str) -> None:
    """Begin the ledger of a round with the awards of the plan that it publishes."""
    rights = {x.id: x for x in rights_of(found)}
    names = {
        OfferKey(participant, right).offer: right
        for participant in found.participants
        for right in rights
    }
    assert found.published_at is not None  # noqa: S101 - it is published just now
    RightRepository(session, found).add(
        *(
            LedgerEntry(
                round_sequence=found.sequence or 0,
                participant=award.participant,
                right=names[award.offer],
                kind=LedgerKind.AWARD,
                lots=award.lots,
                tonnes=award.tonnes,
                paid_usd=award.upfront_fee_usd,
                account=account,
                at=found.published_at,
            )
            for award in plan.awards
        )
    )


def holdings(
    rights: RightRepository, participant: str, now: dt.datetime
) -> list[HeldRight]:
    """Return what a participant has of each right that it holds."""
    entries = rights.entries(participant)
    transfers = rights.transfers()
    found = (
        _holding(x, participant, entries, transfers, now) for x in rights_of(rights.of)
    )
    return [x for x in found if x.lots > 0]


def held_right(
    rights: RightRepository, participant: str, right: str, now: dt.datetime
) -> HeldRight:
    """Return what a participant has of a right, or raise RightNotHeldError."""
    for found in holdings(rights, participant, now):
        if found.right.id == right:
            return found
    raise RightNotHeldError(right)


def draw(
    session: Session, round_id: str, key: OfferKey, tonnes: float, *, account: str
) -> LedgerEntry:
    """Enter a draw; raise MalformedOrderError if it is more than may be drawn now."""
    rights, now = opened_ledger(session, round_id, key.participant)
    found = held_right(rights, key.participant, key.right, now)
    _check_at_most(tonnes, found.most_drawn_tonnes, "can be drawn now")
    price = found.right.price_usd_per_tonne * tonnes
    return _entered(rights, key, LedgerKind.DRAW, -tonnes, price, account, now)


def replenish(
    session: Session, round_id: str, key: OfferKey, tonnes: float, *, account: str
) -> LedgerEntry:
    """Enter what is put back; raise MalformedOrderError if it is more than missing."""
    rights, now = opened_ledger(session, round_id, key.participant)
    found = held_right(rights, key.participant, key.right, now)
    _check_at_most(tonnes, found.missing_tonnes, "is missing")
    return _entered(rights, key, LedgerKind.REPLENISHMENT, tonnes, 0.0, account, now)


def opened_ledger(
    session: Session, round_id: str, participant: str | None = None
) -> tuple[RightRepository, dt.datetime]:
    """Return the rights of a published round, which nobody else changes, and the time.

    Raises RoundNotFoundError if the participant has no part in it, and RoundStateError
    if it is not published.
    """
    rounds = RoundRepository(session)
    if participant is not None:
        rounds.of(round_id, participant)
    found = rounds.held(round_id)
    now = rounds.now()
    check(found, RoundAction.USE_RIGHTS, now)
    return RightRepository(session, found), now


def read_ledger(
    session: Session, round_id: str, participant: str | None = None
) -> tuple[RightRepository, dt.datetime]:
    """Return the same to read. A published round stays so: nothing is locked."""
    rounds = RoundRepository(session)
    if participant is None:
        found = rounds.get(round_id)
    else:
        found = rounds.of(round_id, participant)
    now = rounds.now()
    check(found, RoundAction.USE_RIGHTS, now)
    return RightRepository(session, found), now


def _holding(
    right: OfferedRight,
    participant: str,
    entries: Sequence[LedgerEntry],
    transfers: Iterable[RightTransfer],
    now: dt.datetime,
) -> HeldRight:
    own = [x for x in entries if x.right == right.id]
    drawn = (x for x in own if x.kind == LedgerKind.DRAW and x.at > now - MONTH)
    pending = {TransferState.OFFERED, TransferState.TAKEN}
    return HeldRight(
        right=right,
        lots=sum(x.lots for x in own),
        tonnes=sum(x.tonnes for x in own),
        reserved_lots=sum(
            x.lots
            for x in transfers
            if (x.holder, x.right) == (participant, right.id)
            and transfer_state(x) in pending
        ),
        drawn_tonnes=-sum(x.tonnes for x in drawn),
    )


def _entered(  # noqa: PLR0913, PLR0917 - the cells of an entry
    rights: RightRepository,
    key: OfferKey,
    kind: LedgerKind,
    tonnes: float,
    paid_usd: float,
    account: str,
    now: dt.datetime,
) -> LedgerEntry:
    entry = LedgerEntry(
        round_sequence=rights.of.sequence or 0,
        participant=key.participant,
        right=key.right,
        kind=kind,
        lots=0,
        tonnes=tonnes,
        paid_usd=paid_usd,
        account=account,
        at=now,
    )
    rights.add(entry)
    return entry


def _check_at_most(tonnes: float, most: float, why: str) -> None:
    if tonnes > most * (1 + ROUNDING) + ROUNDING:
        expected = f"at most {most:,.6g} t, which {why}"
        raise MalformedOrderError([Mistake("tonnes", tonnes, expected)])
