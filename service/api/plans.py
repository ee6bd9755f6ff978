"""Plans, each of which was checked before it was stored."""

from fastapi import APIRouter, Request, Response

from models.plan import Plan
from service.api.answers import document, document_answer
from service.api.context import ServiceContext
from service.api.paths import VERSION, versioned
from service.api.problem_types import problems
from service.errors import PlanNotFoundError
from service.store.plans import PlanRepository

router = APIRouter(prefix=f"{VERSION}/plans", tags=["plans"])


def plan_path(content_hash: str) -> str:
    """Return the path of a plan."""
    return versioned(f"/plans/{content_hash}")


@router.get(
    "/{content_hash}",
    response_class=Response,
    responses=document_answer(Plan) | problems(PlanNotFoundError),
)
def get_plan(content_hash: str, request: Request, context: ServiceContext) -> Response:
    """Return the plan as canonical JSON."""
    with context.database.reading() as session:
        text = PlanRepository(session).text(content_hash)
    return document(request, text, content_hash)
