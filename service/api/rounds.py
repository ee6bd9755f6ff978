"""Rounds, as managers conduct them. They see no offer before the round has closed."""

import json
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel import Session

from models.instance import Instance
from models.plan import Plan
from models.reading import read_stored_instance
from models.record import without_nul
from models.round import RoundRight
from models.tables import Round
from service.api.answers import Page
from service.api.bodies import JsonBody
from service.api.cases import StoredCaseResource, put_listed
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.identity import RequestingAuthor
from service.api.orders import described_body, read_order
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.round_resource import (
    ConductedRoundResource,
    ParticipantOfferResource,
    conducted_round,
    participant_offer,
)
from service.errors import (
    AnalysisNotFoundError,
    CaseNotFoundError,
    ExplanationOfOtherPlanError,
    PlanNotFoundError,
    PlanOfOtherCaseError,
    RoundNotFoundError,
    RoundStateError,
)
from service.rounds.conduct import (
    cancel_round,
    case_with_offers,
    check_plan,
    close_round,
    open_round,
    publish_round,
    sealed_offers,
)
from service.rounds.holdings import enter_awards
from service.store.audit_log import AuditTrail, Author
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository
from service.store.rounds import RoundRepository

router = APIRouter(prefix=f"{VERSION}/rounds", tags=["rounds"])

MISSING = problems(RoundNotFoundError)
CHANGED = problems(RoundNotFoundError, RoundStateError)
PUBLISHED = problems(
    RoundNotFoundError,
    PlanNotFoundError,
    AnalysisNotFoundError,
    RoundStateError,
    PlanOfOtherCaseError,
    ExplanationOfOtherPlanError,
)


class RoundOrder(BaseModel):
    """A round to open."""

    model_config = ConfigDict(extra="forbid")

    case: str = Field(description="Hash of a stored case.")
    name: Annotated[str, AfterValidator(without_nul)] = Field(
        min_length=1, max_length=200, description="Name for people."
    )
    rights: list[RoundRight] = Field(min_length=1, description="Rights on offer.")
    participants: list[str] = Field(
        default_factory=list,
        description="Who may make offers. Default: all of the case.",
    )
    closes_at: AwareDatetime = Field(
        description="From then on offers stay as they are, by the database's clock."
    )


class PublicationOrder(BaseModel):
    """The plan whose awards participants are to see."""

    model_config = ConfigDict(extra="forbid")

    plan: str = Field(description="Hash of a plan of the case with all offers.")
    explanation: str | None = Field(
        default=None,
        description="Hash of an analysis `explain` of the plan: each participant then "
        "sees why its own awards are no larger.",
    )


@router.post(
    "",
    status_code=201,
    openapi_extra=described_body(RoundOrder),
    responses=problems(CaseNotFoundError),
)
def open_a_round(
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
) -> ConductedRoundResource:
    """Open a round for a stored case."""
    order = read_order(RoundOrder, raw)
    with context.database.reading() as session:
        case = _case(session, order.case)
    with context.database.transaction() as session:
        CaseRepository(session).hold(order.case)
        new = open_round(
            session,
            case,
            name=order.name,
            rights=order.rights,
            participants=order.participants,
            closes_at=order.closes_at,
        )
        now = RoundRepository(session).now()
        AuditTrail(session, author, now).add("open", "round", new.id)
        resource = conducted_round(new, now)
    response.headers["Location"] = resource.href
    return resource


@router.get("")
def list_rounds(
    response: Response, context: ServiceContext, listed: Listed
) -> Page[ConductedRoundResource]:
    """List the rounds, latest first unless sorted otherwise."""
    with context.database.reading() as session:
        rounds = RoundRepository(session)
        now = rounds.now()
        found = rounds.page(listed.part)
    items = [conducted_round(x, now) for x in listed.shown(found)]
    position = listed.following([x.sequence for x in found])
    return listed.page(response, items, position)


@router.get("/{round_id}", responses=MISSING)
def get_round(round_id: str, context: ServiceContext) -> ConductedRoundResource:
    """Return where a round stands."""
    with context.database.reading() as session:
        rounds = RoundRepository(session)
        return conducted_round(rounds.get(round_id), rounds.now())


@router.post("/{round_id}/close", responses=CHANGED)
def close_a_round(
    round_id: str, context: ServiceContext, author: RequestingAuthor
) -> ConductedRoundResource:
    """Close a round now, before its time."""
    with context.database.transaction() as session:
        found = close_round(session, round_id)
        return _changed(session, author, "close", found)


@router.post("/{round_id}/cancel", responses=CHANGED)
def cancel_a_round(
    round_id: str, context: ServiceContext, author: RequestingAuthor
) -> ConductedRoundResource:
    """Cancel a round whose awards are not published."""
    with context.database.transaction() as session:
        found = cancel_round(session, round_id)
        return _changed(session, author, "cancel", found)


@router.get("/{round_id}/offers", responses=CHANGED)
def list_offers(
    round_id: str, context: ServiceContext
) -> list[ParticipantOfferResource]:
    """List the offers of all participants, once the round has closed."""
    with context.database.transaction() as session:
        _, offers = sealed_offers(session, round_id)
        return [participant_offer(row) for row in offers]


@router.post(
    "/{round_id}/case",
    status_code=201,
    responses={
        200: {"model": StoredCaseResource, "description": "It was there already."},
        **CHANGED,
    },
)
def put_case_of_round(
    round_id: str,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
) -> StoredCaseResource:
    """Store the case with all offers, so that it can be solved."""
    case = case_with_all_offers(context, round_id)
    resource, is_new = put_listed(context, author, case)
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = resource.href
    return resource


@router.post(
    "/{round_id}/publication",
    openapi_extra=described_body(PublicationOrder),
    responses=PUBLISHED,
)
def publish_a_round(
    round_id: str,
    raw: JsonBody,
    context: ServiceContext,
    author: RequestingAuthor,
) -> ConductedRoundResource:
    """Let each participant see what a plan awards to it."""
    order = read_order(PublicationOrder, raw)
    case = case_with_all_offers(context, round_id)
    with context.database.reading() as session:
        plan = _plan(session, order.plan)
    # Outside of the transaction, since it reads the whole case.
    check_plan(case, plan)
    with context.database.transaction() as session:
        PlanRepository(session).held(order.plan)
        found = publish_round(session, round_id, plan, order.explanation)
        enter_awards(session, found, plan, author.actor)
        return _changed(session, author, "publish", found, result=order.plan)


def _changed(
    session: Session,
    author: Author,
    verb: str,
    found: Round,
    *,
    result: str | None = None,
) -> ConductedRoundResource:
    now = RoundRepository(session).now()
    AuditTrail(session, author, now).add(verb, "round", found.id, result=result)
    return conducted_round(found, now)


def case_with_all_offers(context: Context, round_id: str) -> Instance:
    """Return the case of a round that has closed, with all offers."""
    with context.database.transaction() as session:
        found, offers = sealed_offers(session, round_id)
    with context.database.reading() as session:
        case = _case(session, found.case_hash)
    return case_with_offers(case, found, offers)


def _case(session: Session, content_hash: str) -> Instance:
    return read_stored_instance(json.loads(CaseRepository(session).text(content_hash)))


def _plan(session: Session, content_hash: str) -> Plan:
    return Plan.model_validate_json(PlanRepository(session).text(content_hash))
