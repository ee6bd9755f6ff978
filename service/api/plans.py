"""Plans, each of which was checked before it was stored."""

from fastapi import APIRouter, Request, Response

from models.plan import Plan
from service.api.answers import model_schema
from service.api.context import ServiceContext
from service.api.formats import StoredDocument, format_responses, formatted
from service.api.paths import VERSION, versioned
from service.api.wanted_format import RequestedFormat
from service.errors import PlanNotFoundError
from service.store.plans import PlanRepository

router = APIRouter(prefix=f"{VERSION}/plans", tags=["plans"])


def plan_path(content_hash: str) -> str:
    """Return the path of a plan."""
    return versioned(f"/plans/{content_hash}")


@router.get(
    "/{content_hash}",
    response_class=Response,
    responses=format_responses(model_schema(Plan), PlanNotFoundError),
)
def get_plan(
    content_hash: str,
    request: Request,
    context: ServiceContext,
    wanted: RequestedFormat,
) -> Response:
    """Return the plan as canonical JSON, its tables as files, or a page."""
    with context.database.reading() as session:
        text = PlanRepository(session).text(content_hash)
    return formatted(request, plan_document(content_hash, text), wanted)


def plan_document(content_hash: str, text: str) -> StoredDocument:
    """Return a plan as a document that has tables and a report."""
    return StoredDocument(
        "plan",
        content_hash,
        text,
        read=lambda: Plan.model_validate_json(text),
        report=_report,
    )


def _report(plan: Plan) -> str:
    # Slow to load, and seldom needed.
    from service.analyses.reports import plan_report  # noqa: PLC0415

    return plan_report(plan)
