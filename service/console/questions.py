"""Questions about a plan: forms that order an analysis each, and lead to its job."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from service.analyses.registry import ANALYSES, Analysis, Subject, operation_of
from service.api.analyses import order_of, ordered_analysis
from service.api.context import ServiceContext
from service.api.evaluations import EvaluationRequest, ordered_evaluation
from service.api.identity import RequestingAuthor
from service.console.forms import AS_IT_COMES
from service.console.registry import FORMS, QUESTIONS
from service.console.view import page_router, redirect
from service.store.plans import PlanRepository

router = page_router()


def _asking(analysis: Analysis) -> Callable[..., Any]:
    """Return the function that orders an analysis of a plan, or of its case."""

    def ask(
        content_hash: str, context: ServiceContext, author: RequestingAuthor
    ) -> Response:
        subject = content_hash
        if analysis.subject is Subject.CASE:
            with context.database.reading() as session:
                subject = PlanRepository(session).case_hash(content_hash)
        order = order_of(analysis, subject, {}, AS_IT_COMES)
        job = ordered_analysis(context, author, order)
        return redirect(f"/console/jobs/{job.id}")

    return ask


for _name in QUESTIONS:
    _operation = operation_of(ANALYSES[_name])
    router.add_api_route(
        FORMS[_operation].path,
        _asking(ANALYSES[_name]),
        methods=["POST"],
        name=_operation,
    )


@router.post(FORMS["evaluate_plan"].path)
def evaluate_plan(
    content_hash: str, context: ServiceContext, author: RequestingAuthor
) -> Response:
    """Order an evaluation of a plan on fresh scenarios, and lead to its job."""
    body = EvaluationRequest()
    job = ordered_evaluation(context, author, content_hash, body, AS_IT_COMES)
    return redirect(f"/console/jobs/{job.id}")
