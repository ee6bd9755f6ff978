"""What happens in a round: it opens, takes offers, closes, and awards rights.

Each function works within a transaction that holds the round, and reads the clock of
the database after it holds it. So an offer is in time, and seen by whoever asks after
the closing time, or it is refused.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from pydantic import ValidationError
from sqlmodel import Session

from models.instance import Instance
from models.mistakes import Mistake
from models.options import SolveOptions
from models.plan import Plan
from models.reading import InvalidCaseError
from models.round import (
    OfferedRight,
    OfferKey,
    RoundRight,
    SealedOffer,
    case_of_round,
    offered_right,
    round_mistakes,
)
from models.tables import Round, RoundOffer
from service.errors import (
    ExplanationOfOtherPlanError,
    MalformedOrderError,
    OfferNotFoundError,
    PlanOfOtherCaseError,
    RightNotFoundError,
    RoundNotFoundError,
)
from service.files.validation import mistakes_in
from service.rounds.states import RoundAction, check
from service.store.analyses import AnalysisRepository
from service.store.rounds import RoundRepository

LONGEST = dt.timedelta(days=36_500)
# The analysis that says why rights are awarded.
EXPLANATION = "explain"


def open_round(
    session: Session,
    case: Instance,
    *,
    name: str,
    rights: Sequence[RoundRight],
    participants: Sequence[str],
    closes_at: dt.datetime,
) -> Round:
    """Open a round for a stored case; without participants, for all of the case.

    Raises MalformedOrderError with all mistakes.
    """
    rounds = RoundRepository(session)
    now = rounds.now()
    invited = list(participants) or list(case.index.participant)
    mistakes = list(round_mistakes(case, rights, invited))
    if not now < closes_at <= now + LONGEST:
        since = now.isoformat(timespec="seconds")
        expected = f"a time after now, {since}, within {LONGEST.days} days"
        mistakes.append(Mistake("closes_at", closes_at.isoformat(), expected))
    if mistakes:
        raise MalformedOrderError(mistakes)
    offered = _offered(case, rights)
    mistakes += _wrong_terms(case, offered, invited)
    if mistakes:
        raise MalformedOrderError(mistakes)
    new = Round(
        id=str(uuid.uuid4()),
        name=name,
        case_hash=case.content_hash,
        rights=[right.model_dump(mode="json") for right in offered],
        participants=invited,
        created_at=now,
        closes_at=closes_at.astimezone(dt.UTC),
    )
    rounds.add(new)
    return new


def rights_of(found: Round) -> tuple[OfferedRight, ...]:
    """Return the rights that a round offers."""
    return tuple(OfferedRight.model_validate(x) for x in found.rights)


def place_offer(
    session: Session,
    round_id: str,
    key: OfferKey,
    offer: SealedOffer,
    *,
    account: str,
) -> RoundOffer:
    """Make or change an offer, also one that was withdrawn.

    Raises RoundStateError if the round is not open, RightNotFoundError if it has no
    such right, and MalformedOrderError if it does not offer so many lots.
    """
    rounds = RoundRepository(session)
    found = rounds.held(round_id)
    if key.participant not in found.participants:
        raise RoundNotFoundError(round_id)
    now = rounds.now()
    check(found, RoundAction.OFFER, now)
    right = _right(found, key.right)
    most = right.maximum_lots
    if most is not None and offer.maximum_lots > most:
        expected = f"at most {most}, as the round has it"
        raise MalformedOrderError(
            [Mistake("maximum_lots", offer.maximum_lots, expected)]
        )
    row = _own(rounds, found, key)
    if row is None:
        row = RoundOffer(
            round_sequence=found.sequence or 0,
            participant=key.participant,
            right=key.right,
            minimum_lots=offer.minimum_lots,
            maximum_lots=offer.maximum_lots,
            account=account,
            changed_at=now,
        )
    else:
        row.minimum_lots, row.maximum_lots = offer.minimum_lots, offer.maximum_lots
        row.version, row.account, row.changed_at = row.version + 1, account, now
        row.withdrawn_at = None
    session.add(row)
    session.flush()
    return row


def withdraw_offer(
    session: Session, round_id: str, key: OfferKey, *, account: str
) -> RoundOffer:
    """Take back an offer; raise OfferNotFoundError if there is none."""
    rounds = RoundRepository(session)
    found = rounds.held(round_id)
    if key.participant not in found.participants:
        raise RoundNotFoundError(round_id)
    now = rounds.now()
    check(found, RoundAction.OFFER, now)
    row = _own(rounds, found, key)
    if row is None or row.withdrawn_at is not None:
        raise OfferNotFoundError(key.right)
    row.version, row.account, row.changed_at = row.version + 1, account, now
    row.withdrawn_at = now
    session.add(row)
    session.flush()
    return row


def close_round(session: Session, round_id: str) -> Round:
    """Close a round now, before its time."""
    rounds = RoundRepository(session)
    found = rounds.held(round_id)
    now = rounds.now()
    check(found, RoundAction.CLOSE, now)
    found.closes_at = now
    return found


def cancel_round(session: Session, round_id: str) -> Round:
    """Cancel a round whose awards are not published."""
    rounds = RoundRepository(session)
    found = rounds.held(round_id)
    now = rounds.now()
    check(found, RoundAction.CANCEL, now)
    found.cancelled_at = now
    return found


def sealed_offers(session: Session, round_id: str) -> tuple[Round, list[RoundOffer]]:
    """Return a round with all its offers, which are sealed until it has closed."""
    rounds = RoundRepository(session)
    found = rounds.held(round_id)
    check(found, RoundAction.READ_OFFERS, rounds.now())
    return found, list(rounds.offers(found))


def case_with_offers(
    case: Instance, found: Round, offers: Sequence[RoundOffer]
) -> Instance:
    """Return the case of a round with the offers that stand."""
    standing = {
        OfferKey(x.participant, x.right): SealedOffer(
            minimum_lots=x.minimum_lots, maximum_lots=x.maximum_lots
        )
        for x in offers
        if x.withdrawn_at is None
    }
    return case_of_round(case, rights_of(found), standing)


def check_plan(with_offers: Instance, plan: Plan) -> None:
    """Raise PlanOfOtherCaseError unless the plan is of the case with all offers.

    Only options may differ.
    """
    options = SolveOptions.model_validate(plan.provenance.options)
    as_solved = with_offers.model_copy(update={"options": options})
    if plan.provenance.instance_hash != as_solved.content_hash:
        raise PlanOfOtherCaseError(with_offers.content_hash)


def publish_round(
    session: Session,
    round_id: str,
    plan: Plan,
    explanation_hash: str | None = None,
) -> Round:
    """Let each participant see its awards in a plan that `check_plan` lets pass.

    The case with all offers is the same from then on, for they were sealed at closing.
    explanation_hash: the analysis of the plan that says why, if reasons are published.
    Raises ExplanationOfOtherPlanError if the analysis is not of this plan.
    """
    rounds = RoundRepository(session)
    found = rounds.held(round_id)
    now = rounds.now()
    check(found, RoundAction.PUBLISH, now)
    if explanation_hash is not None:
        subject = AnalysisRepository(session).held(explanation_hash)
        if (subject.name, subject.plan_hash) != (EXPLANATION, plan.content_hash):
            raise ExplanationOfOtherPlanError(plan.content_hash)
    found.published_at, found.plan_hash = now, plan.content_hash
    found.explanation_hash = explanation_hash
    return found


def _right(found: Round, name: str) -> OfferedRight:
    for right in rights_of(found):
        if right.id == name:
            return right
    raise RightNotFoundError(name)


def _own(rounds: RoundRepository, found: Round, key: OfferKey) -> RoundOffer | None:
    for row in rounds.offers(found, key.participant):
        if row.right == key.right:
            return row
    return None


def _offered(case: Instance, rights: Sequence[RoundRight]) -> list[OfferedRight]:
    try:
        return [offered_right(right, case) for right in rights]
    except ValidationError as error:
        raise MalformedOrderError(mistakes_in(error, "rights")) from None


def _wrong_terms(
    case: Instance, rights: Sequence[OfferedRight], invited: Sequence[str]
) -> Sequence[Mistake]:
    """Return what the case says to an offer of each participant for each right."""
    one = SealedOffer(maximum_lots=1)
    tried = {OfferKey(o, right.id): one for o in invited for right in rights}
    try:
        case_of_round(case, rights, tried)
    except InvalidCaseError as error:
        return error.mistakes
    return ()
