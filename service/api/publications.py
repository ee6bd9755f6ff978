"""Publications: a manager says which plans the planners of participants see."""

import json
from collections.abc import Sequence

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel import Session

from models.reading import read_stored_instance
from models.tables import Publication
from models.tables.publication import MAXIMUM_TITLE_CHARACTERS
from service.api.bodies import JsonBody
from service.api.context import ServiceContext
from service.api.identity import RequestingAuthor
from service.api.orders import described_body, read_order
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.errors import PlanNotFoundError, PublicationNotFoundError
from service.store.audit_log import AuditTrail
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository
from service.store.publications import PublicationRepository

router = APIRouter(prefix=f"{VERSION}/plans", tags=["plans"])


class PublicationTerms(BaseModel):
    """How a plan is published."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: str = Field(
        min_length=1,
        max_length=MAXIMUM_TITLE_CHARACTERS,
        description="What planners call the plan: they see neither its hash nor the "
        "name of its case.",
    )


class PublicationResource(BaseModel):
    """A published plan, as its manager sees it."""

    plan: str = Field(description="Hash of the plan.")
    title: str = Field(description="What planners call it.")
    published_at: AwareDatetime = Field(description="UTC.")
    participants: list[str] = Field(
        description="Whose planners see it: those of its case."
    )


@router.put(
    "/{content_hash}/publication",
    openapi_extra=described_body(PublicationTerms),
    responses={201: {"model": PublicationResource, "description": "Published."}}
    | problems(PlanNotFoundError),
)
def put_publication(
    content_hash: str,
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
) -> PublicationResource:
    """Show a plan to the planners of the participants of its case."""
    body, now = read_order(PublicationTerms, raw), context.clock()
    with context.database.transaction() as session:
        participants = _participants(session, content_hash)
        publications = PublicationRepository(session)
        if publications.publish(content_hash, participants, body.title, at=now):
            AuditTrail(session, author, now).add("publish", "plan", content_hash)
            response.status_code = 201
        session.flush()
        return _resource(content_hash, publications.of_plan(content_hash))


@router.get(
    "/{content_hash}/publication",
    responses=problems(PlanNotFoundError, PublicationNotFoundError),
)
def get_publication(content_hash: str, context: ServiceContext) -> PublicationResource:
    """Return to whom a plan is shown; 404 if to nobody."""
    with context.database.reading() as session:
        PlanRepository(session).case_hash(content_hash)
        found = PublicationRepository(session).of_plan(content_hash)
    if not found:
        detail = f"The plan {content_hash} is not published."
        raise PublicationNotFoundError(detail)
    return _resource(content_hash, found)


@router.delete(
    "/{content_hash}/publication",
    status_code=204,
    responses=problems(PlanNotFoundError),
)
def delete_publication(
    content_hash: str, context: ServiceContext, author: RequestingAuthor
) -> None:
    """Withdraw a plan: planners see neither it nor what they ordered of it."""
    with context.database.transaction() as session:
        PlanRepository(session).held(content_hash)
        publications = PublicationRepository(session)
        if publications.of_plan(content_hash):
            publications.withdraw(content_hash)
            trail = AuditTrail(session, author, context.clock())
            trail.add("withdraw", "plan", content_hash)


def _participants(session: Session, plan_hash: str) -> Sequence[str]:
    """Return the participants of the case of a plan, which is held."""
    case_hash = PlanRepository(session).held(plan_hash).case_hash
    case = read_stored_instance(json.loads(CaseRepository(session).text(case_hash)))
    return [participant.id for participant in case.participants]


def _resource(
    content_hash: str, publications: Sequence[Publication]
) -> PublicationResource:
    first = publications[0]
    return PublicationResource(
        plan=content_hash,
        title=first.title,
        published_at=first.published_at,
        participants=[each.participant for each in publications],
    )
