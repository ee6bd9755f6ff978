"""Analyses of cases and plans: an operation for each one of the registry."""

import json
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Path, Request, Response
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    create_model,
)

from models.mistakes import Mistake
from models.reading import read_stored_instance
from models.record import Record
from models.tables import Priority
from service.analyses.parameters import AnalysisParameters
from service.analyses.registry import ANALYSES, Analysis, Subject, operation_of
from service.api.answers import document, file_answer, order_answers
from service.api.bodies import JsonBody
from service.api.context import Context, ServiceContext
from service.api.formats import StoredDocument, format_responses, formatted
from service.api.identity import RequestingAuthor
from service.api.job_resource import JobResource, analysis_path
from service.api.orders import (
    JobOrderHeaders,
    OrderedPriority,
    OrderHeaders,
    accept,
    answered,
    described_body,
)
from service.api.paths import VERSION, versioned
from service.api.problem_types import problems
from service.api.wanted_format import RequestedFormat
from service.errors import (
    AnalysisNotFoundError,
    CaseNotFoundError,
    FileNotInAnalysisError,
    MalformedOrderError,
    PlanNotFoundError,
    UnknownAnalysisError,
    UnsupportedMediaTypeError,
)
from service.files.validation import mistakes_in
from service.jobs.analyses import AnalysisOrder, completed_analysis, submit_analysis
from service.jobs.limits import Limits
from service.store.analyses import AnalysisRepository, AnalysisSubject
from service.store.audit_log import Author
from service.store.cases import CaseRepository
from service.variants.changing import nearest

router = APIRouter(prefix=VERSION, tags=["analyses"])


# How routes that only refuse are described.
NEVER_FOUND: dict[str, Any] = {
    "status_code": 404,
    "response_class": Response,
    "response_description": "",
    # The second: what the operation of a known name says to a request without a body.
    "responses": problems(UnknownAnalysisError, UnsupportedMediaTypeError),
}


class AnalysisTerms(Limits):
    """How an analysis is run, beside its parameters."""

    model_config = ConfigDict(extra="forbid", strict=True)

    priority: OrderedPriority = Priority.INTERACTIVE


class AnalysisResource(BaseModel):
    """An analysis of the registry."""

    name: str
    title: str
    subject: Subject = Field(description="What it is of.")
    parameters: dict[str, Any] = Field(description="JSON Schema of its parameters.")
    files: list[str] = Field(
        description="Media types of the files that its answer may have."
    )
    order_path: str = Field(description="Where it is ordered by POST.")


class AnalysisFileResource(BaseModel):
    """A file of an analysis."""

    name: str
    media_type: str
    sha256: str
    number_of_bytes: int
    href: str


def order_path(analysis: Analysis) -> str:
    """Return the path at which an analysis is ordered."""
    return f"/{analysis.subject.value}s/{{content_hash}}/analyses/{analysis.name}"


def order_model(analysis: Analysis) -> type[BaseModel]:
    """Return the body of an order: the parameters, and terms of the job."""
    name = "".join(word.capitalize() for word in analysis.name.split("-"))
    bases: Any = (analysis.parameters, AnalysisTerms)
    made: type[BaseModel] = create_model(f"{name}Order", __base__=bases)
    made.__doc__ = f"{analysis.parameters.__doc__}"
    return made


@router.get("/analyses")
def list_analyses() -> list[AnalysisResource]:
    """List the analyses that can be ordered, with their parameters."""
    return [
        AnalysisResource(
            name=analysis.name,
            title=analysis.title,
            subject=analysis.subject,
            parameters=analysis.parameters.model_json_schema(),
            files=list(analysis.files),
            order_path=versioned(order_path(analysis)),
        )
        for analysis in ANALYSES.values()
    ]


@router.get(
    "/analyses/{content_hash}",
    response_class=Response,
    responses=format_responses({"type": "object"}, AnalysisNotFoundError),
)
def get_analysis(
    content_hash: str,
    request: Request,
    context: ServiceContext,
    wanted: RequestedFormat,
) -> Response:
    """Return the answer of an analysis as JSON, its tables as files, or a page."""
    with context.database.reading() as session:
        analyses = AnalysisRepository(session)
        subject, text = analyses.subject(content_hash), analyses.text(content_hash)
    analysis = ANALYSES[subject.name]
    stored = StoredDocument(
        kind_of(analysis),
        content_hash,
        text,
        read=lambda: analysis.read(text),
        report=partial(_report, context, subject) if analysis.has_report else None,
    )
    return formatted(request, stored, wanted)


def kind_of(analysis: Analysis) -> str:
    """Return the name of its tables and files."""
    return analysis.name.replace("-", "_")


def _report(context: Context, subject: AnalysisSubject, found: Record) -> str:
    # Slow to load, and seldom needed.
    from service.analyses.reports import analysis_report  # noqa: PLC0415

    with context.database.reading() as session:
        text = CaseRepository(session).text(subject.case_hash)
    case = read_stored_instance(json.loads(text))
    return analysis_report(found, ANALYSES[subject.name].title, case)


@router.get("/analyses/{content_hash}/files", responses=problems(AnalysisNotFoundError))
def list_analysis_files(
    content_hash: str, context: ServiceContext
) -> list[AnalysisFileResource]:
    """List the files of an analysis."""
    with context.database.reading() as session:
        files = AnalysisRepository(session).files(content_hash)
    return [
        AnalysisFileResource(
            name=name,
            href=f"{analysis_path(content_hash)}/files/{name}",
            **file.model_dump(),
        )
        for name, file in sorted(files.items())
    ]


@router.get(
    "/analyses/{content_hash}/files/{name}",
    response_class=Response,
    responses=file_answer("*/*")
    | problems(AnalysisNotFoundError, FileNotInAnalysisError),
)
def get_analysis_file(
    content_hash: str, name: str, request: Request, context: ServiceContext
) -> Response:
    """Return a file of an analysis."""
    with context.database.reading() as session:
        file = AnalysisRepository(session).file(content_hash, name)
    content = context.objects.get(file.sha256)
    return document(request, content, file.sha256, media_type=file.media_type)


def _endpoint(analysis: Analysis) -> Callable[..., Coroutine[Any, Any, JobResource]]:
    """Return the function that orders an analysis."""

    async def submit(
        content_hash: str,
        raw: JsonBody,
        response: Response,
        context: ServiceContext,
        author: RequestingAuthor,
        headers: JobOrderHeaders,
    ) -> JobResource:
        order = order_of(analysis, content_hash, raw, headers)
        submit = partial(ordered_analysis, context, author, order)
        return await answered(context, response, headers.wait_s, submit)

    submit.__doc__ = (
        f"Queue this analysis, or answer with a known one. {analysis.title}"
    )
    return submit


def order_of(
    analysis: Analysis, subject_hash: str, raw: object, headers: OrderHeaders
) -> AnalysisOrder:
    """Return an order as it was sent, or raise MalformedOrderError."""
    try:
        # As JSON: a list is read as such, and a number is no text.
        body = order_model(analysis).model_validate_json(json.dumps(raw))
    except ValidationError as error:
        raise MalformedOrderError(mistakes_in(error, "order")) from None
    assert isinstance(body, AnalysisParameters)  # noqa: S101 - the model is made of both
    assert isinstance(body, AnalysisTerms)  # noqa: S101
    chosen = body.model_dump(include=set(analysis.parameters.model_fields))
    return AnalysisOrder(
        analysis,
        analysis.parameters.model_validate(chosen),
        subject_hash,
        idempotency_key=headers.idempotency_key,
        priority=body.priority,
        is_fresh=headers.is_fresh,
        limits=Limits(
            memory_limit_bytes=body.memory_limit_bytes,
            number_of_threads=body.number_of_threads,
        ),
    )


def ordered_analysis(
    context: Context, author: Author, order: AnalysisOrder
) -> JobResource:
    """Queue an analysis, or return the job that answered the same before."""
    with context.database.reading() as session:
        completed = completed_analysis(session, order)
    with context.database.transaction() as session:
        job, is_new = submit_analysis(session, completed, context.clock)
        return accept(session, context, author, job, is_new=is_new)


for _analysis in ANALYSES.values():
    router.add_api_route(
        order_path(_analysis),
        _endpoint(_analysis),
        methods=["POST"],
        status_code=202,
        name=operation_of(_analysis),
        summary=_analysis.title,
        openapi_extra=described_body(order_model(_analysis)),
        responses=order_answers(JobResource)
        | problems(CaseNotFoundError, PlanNotFoundError),
    )


def _names(subject: Subject) -> list[str]:
    return [x.name for x in ANALYSES.values() if x.subject is subject]


# Names of analyses lead to their own operations.
OTHER_OF_PLAN, OTHER_OF_CASE = (
    Path(json_schema_extra={"not": {"enum": list[JsonValue](_names(subject))}})
    for subject in (Subject.PLAN, Subject.CASE)
)


@router.post("/plans/{content_hash}/analyses/{name}", **NEVER_FOUND)
def refuse_analysis_of_plan(
    content_hash: str, name: Annotated[str, OTHER_OF_PLAN]
) -> None:
    """Refuse a name that is no analysis of a plan, with the nearest ones."""
    del content_hash
    _refuse(name, Subject.PLAN)


@router.post("/cases/{content_hash}/analyses/{name}", **NEVER_FOUND)
def refuse_analysis_of_case(
    content_hash: str, name: Annotated[str, OTHER_OF_CASE]
) -> None:
    """Refuse a name that is no analysis of a case, with the nearest ones."""
    del content_hash
    _refuse(name, Subject.CASE)


def _refuse(name: str, subject: Subject) -> NoReturn:
    known = _names(subject)
    detail = str(
        Mistake("name", name, f"an analysis of a {subject} {nearest(name, known)}")
    )
    raise UnknownAnalysisError(detail)
