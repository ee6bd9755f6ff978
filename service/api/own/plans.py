"""The published plans of a participant."""

from fastapi import APIRouter

from service.api.context import ServiceContext
from service.api.own_resource import OwnPlanResource, own_plan
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.errors import PublicationNotFoundError
from service.store.publications import PublicationRepository

router = APIRouter(prefix=f"{VERSION}/own/plans", tags=["own"])


@router.get("")
def list_own_plans(context: ServiceContext) -> list[OwnPlanResource]:
    """List the plans that are published to the participant, the latest first."""
    with context.database.reading() as session:
        return [own_plan(x) for x in PublicationRepository(session).all()]


@router.get("/{publication_id}", responses=problems(PublicationNotFoundError))
def get_own_plan(publication_id: str, context: ServiceContext) -> OwnPlanResource:
    """Return a plan that is published to the participant."""
    with context.database.reading() as session:
        return own_plan(PublicationRepository(session).get(publication_id))
