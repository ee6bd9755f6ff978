"""Evaluations of plans on fresh scenarios: jobs, statistics, and Parquet tables."""

from functools import partial

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from models.evaluation import Evaluation, Fresh
from models.plan import Plan
from models.tables import Priority
from service.api.answers import document, file_answer, model_schema, order_answers
from service.api.bodies import JsonBody
from service.api.context import Context, ServiceContext
from service.api.formats import StoredDocument, format_responses, formatted
from service.api.identity import RequestingAuthor
from service.api.job_resource import JobResource, evaluation_path
from service.api.orders import (
    JobOrderHeaders,
    OrderedPriority,
    OrderHeaders,
    accept,
    answered,
    described_body,
    read_order,
)
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.api.wanted_format import PARQUET, RequestedFormat
from service.errors import (
    EvaluationNotFoundError,
    PlanNotFoundError,
    TableNotFoundError,
)
from service.jobs.evaluations import EvaluationOrder, submit_evaluation
from service.jobs.limits import Limits
from service.store.audit_log import Author
from service.store.evaluations import EvaluationRepository
from service.store.plans import PlanRepository

MOST_SCENARIOS = 100_000

router = APIRouter(prefix=VERSION, tags=["evaluations"])


class EvaluationRequest(Limits):
    """An evaluation to order: the scenarios to simulate a plan on."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number_of_scenarios: int = Field(
        default=10_000, ge=1, le=MOST_SCENARIOS, description="Fresh scenarios."
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        le=2**63 - 1,
        description="Of the sampling. None: one that the plan was not made with.",
    )
    precision: float = Field(
        default=0.05,
        ge=0.0001,
        le=1,
        allow_inf_nan=False,
        description="Report how many scenarios give an interval of this width; 0.01 is "
        "+-1 %.",
    )
    replications: int = Field(
        default=0,
        ge=0,
        le=1_000,
        description="Samples to solve for an estimate of the plan's optimality gap: 0, "
        "or 2 and more.",
    )
    replication_scenarios: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="Scenarios in each of these samples.",
    )
    priority: OrderedPriority = Priority.INTERACTIVE

    @field_validator("replications")
    @classmethod
    def _enough(cls, replications: int) -> int:
        if replications == 1:
            msg = "0, or 2 and more"
            raise ValueError(msg)
        return replications


class TableResource(BaseModel):
    """A table of an evaluation."""

    name: str
    sha256: str = Field(description="Of the Parquet file.")
    number_of_bytes: int = Field(description="Of the Parquet file.")
    href: str


@router.post(
    "/plans/{content_hash}/evaluations",
    status_code=202,
    openapi_extra=described_body(EvaluationRequest),
    responses=order_answers(JobResource) | problems(PlanNotFoundError),
)
async def submit_evaluation_of_plan(
    content_hash: str,
    raw: JsonBody,
    response: Response,
    context: ServiceContext,
    author: RequestingAuthor,
    headers: JobOrderHeaders,
) -> JobResource:
    """Queue an evaluation of a stored plan, or answer with a known one."""
    body = read_order(EvaluationRequest, raw)
    submit = partial(ordered_evaluation, context, author, content_hash, body, headers)
    return await answered(context, response, headers.wait_s, submit)


def ordered_evaluation(
    context: Context,
    author: Author,
    plan_hash: str,
    body: EvaluationRequest,
    headers: OrderHeaders,
) -> JobResource:
    """Queue an evaluation, or return the job that answered the same before."""
    order = EvaluationOrder(
        plan_hash,
        body.model_dump(include=set(Fresh.model_fields), exclude_none=True),
        idempotency_key=headers.idempotency_key,
        priority=body.priority,
        is_fresh=headers.is_fresh,
        limits=body,
    )
    with context.database.transaction() as session:
        job, is_new = submit_evaluation(session, order, context.clock)
        return accept(session, context, author, job, is_new=is_new)


@router.get(
    "/evaluations/{content_hash}",
    response_class=Response,
    responses=format_responses(model_schema(Evaluation), EvaluationNotFoundError),
)
def get_evaluation(
    content_hash: str,
    request: Request,
    context: ServiceContext,
    wanted: RequestedFormat,
) -> Response:
    """Return the statistics as canonical JSON, their tables as files, or a page."""
    with context.database.reading() as session:
        text = EvaluationRepository(session).text(content_hash)
    stored = StoredDocument(
        "evaluation",
        content_hash,
        text,
        read=lambda: Evaluation.model_validate_json(text),
        report=partial(_report, context),
    )
    return formatted(request, stored, wanted)


def _report(context: Context, evaluation: Evaluation) -> str:
    # Slow to load, and seldom needed.
    from service.analyses.reports import evaluation_report  # noqa: PLC0415

    with context.database.reading() as session:
        text = PlanRepository(session).text(evaluation.plan_hash)
    return evaluation_report(evaluation, Plan.model_validate_json(text))


@router.get(
    "/evaluations/{content_hash}/tables", responses=problems(EvaluationNotFoundError)
)
def list_tables(content_hash: str, context: ServiceContext) -> list[TableResource]:
    """List the tables: by scenario, by period, and of each list in the document."""
    with context.database.reading() as session:
        tables = EvaluationRepository(session).tables(content_hash)
    return [
        TableResource(
            name=name,
            sha256=table.sha256,
            number_of_bytes=table.number_of_bytes,
            href=f"{evaluation_path(content_hash)}/tables/{name}",
        )
        for name, table in sorted(tables.items())
    ]


@router.get(
    "/evaluations/{content_hash}/tables/{name}",
    response_class=Response,
    responses=file_answer(PARQUET)
    | problems(EvaluationNotFoundError, TableNotFoundError),
)
def get_table(
    content_hash: str, name: str, request: Request, context: ServiceContext
) -> Response:
    """Return a table as a Parquet file."""
    with context.database.reading() as session:
        table = EvaluationRepository(session).table(content_hash, name)
    content = context.objects.get(table.sha256)
    return document(request, content, table.sha256, media_type=PARQUET)
