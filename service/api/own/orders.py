"""Orders of a planner: the analyses of the registry that tell nothing of others."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError, create_model

from models.tables import Publication
from service.analyses.parameters import AnalysisParameters
from service.analyses.registry import ANALYSES, Analysis, Subject, own_operation_of
from service.api.answers import order_answers
from service.api.bodies import JsonBody
from service.api.context import Context, ServiceContext
from service.api.identity import requesting_author, requesting_reader
from service.api.orders import (
    JobOrderHeaders,
    OrderHeaders,
    admit,
    answered_as,
    described_body,
)
from service.api.own_resource import OwnJobResource, own_job, own_job_in
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.errors import MalformedOrderError, PublicationNotFoundError
from service.files.validation import mistakes_in
from service.identity.reader import Reader
from service.jobs.analyses import AnalysisOrder, completed_analysis, submit_analysis
from service.jobs.submission import OwnOrder
from service.store.audit_log import Author
from service.store.plans import PlanRepository
from service.store.publications import PublicationRepository

router = APIRouter(prefix=VERSION, tags=["own"])

# The account says of whom the analysis is.
PARTICIPANT = "participant"


def own_order_path(analysis: Analysis) -> str:
    """Return the path at which a planner orders an analysis."""
    return f"/own/plans/{{publication_id}}/analyses/{analysis.name}"


@cache
def own_order_model(analysis: Analysis) -> type[BaseModel]:
    """Return the body of an order: the parameters but the participant."""
    name = "".join(word.capitalize() for word in analysis.name.split("-"))
    fields: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in analysis.parameters.model_fields.items()
        if name != PARTICIPANT
    }
    made: type[BaseModel] = create_model(
        f"Own{name}Order", __base__=AnalysisParameters, **fields
    )
    made.__doc__ = f"{analysis.parameters.__doc__}"
    return made


def _endpoint(
    analysis: Analysis,
) -> Callable[..., Coroutine[Any, Any, OwnJobResource]]:
    """Return the function that orders an analysis."""

    async def order(
        publication_id: str,
        raw: JsonBody,
        request: Request,
        response: Response,
        context: ServiceContext,
        headers: JobOrderHeaders,
    ) -> OwnJobResource:
        submit = partial(
            ordered_own_analysis,
            context,
            request,
            analysis,
            publication_id,
            raw,
            headers,
        )
        return await answered_as(context, response, headers.wait_s, submit, own_job_in)

    order.__doc__ = f"Queue this analysis for the participant. {analysis.title}"
    return order


def ordered_own_analysis(
    context: Context,
    request: Request,
    analysis: Analysis,
    publication_id: str,
    raw: object,
    headers: OrderHeaders,
) -> OwnJobResource:
    """Queue an analysis for the participant of the account; return the job.

    Raises MalformedOrderError and PublicationNotFoundError.
    """
    reader = requesting_reader(request)
    parameters = _parameters(analysis, reader, raw)
    with context.database.reading() as session:
        publication = PublicationRepository(session).get(publication_id)
    order = _order(analysis, parameters, publication, headers)
    whole = context.within(reader.organisation)
    return _submitted(whole, requesting_author(request), order)


def _parameters(analysis: Analysis, reader: Reader, raw: object) -> AnalysisParameters:
    """Return the parameters that were sent, and the participant of the account.

    Raises MalformedOrderError.
    """
    try:
        # As JSON: a list is read as such, and a number is no text.
        body = own_order_model(analysis).model_validate_json(json.dumps(raw))
    except ValidationError as error:
        raise MalformedOrderError(mistakes_in(error, "order")) from None
    chosen = {**body.model_dump(), PARTICIPANT: reader.participant}
    return analysis.parameters.model_validate(chosen)


def _order(
    analysis: Analysis,
    parameters: AnalysisParameters,
    publication: Publication,
    headers: OrderHeaders,
) -> AnalysisOrder:
    return AnalysisOrder(
        analysis,
        parameters,
        publication.plan_hash,
        own=OwnOrder(publication.participant, publication.id),
        idempotency_key=headers.idempotency_key,
        is_fresh=headers.is_fresh,
    )


def _submitted(
    context: Context, author: Author, order: AnalysisOrder
) -> OwnJobResource:
    """Queue an order in the store of the organisation: a planner only reads."""
    with context.database.reading() as session:
        if order.analysis.subject is Subject.CASE:
            case_hash = PlanRepository(session).case_hash(order.subject_hash)
            order = replace(order, subject_hash=case_hash)
        completed = completed_analysis(session, order)
    with context.database.transaction() as session:
        job, is_new = submit_analysis(session, completed, context.clock)
        admit(session, context, author, job, is_new=is_new)
        return own_job(job)


for _analysis in ANALYSES.values():
    if _analysis.is_own:
        router.add_api_route(
            own_order_path(_analysis),
            _endpoint(_analysis),
            methods=["POST"],
            status_code=202,
            name=own_operation_of(_analysis),
            summary=_analysis.title,
            openapi_extra=described_body(own_order_model(_analysis)),
            responses=order_answers(OwnJobResource)
            | problems(PublicationNotFoundError),
        )
