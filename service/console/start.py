"""The start page: where a new reader begins, and what is new for the others."""

from collections.abc import Sequence

from starlette.responses import Response

from models.tables import JobKind, JobState
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.job_resource import JobResource, job_resource
from service.api.own.plans import list_own_plans
from service.api.reserve_resource import ReserveResource, reserve_resource
from service.console.cases import case_names, order_solve_of, shipped_cases
from service.console.forms import Fields
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, page_router, redirect
from service.store.jobs import JobRepository
from service.store.part import Part
from service.store.progress import ProgressRepository
from service.store.reserves import ReserveRepository

NUMBER_SHOWN = 5

router = page_router()


@router.get(PAGES["show_start"].path)
def show_start(view: OpenView, context: ServiceContext) -> Response:
    """Return what an account may see of the latest; a tour if there is nothing yet."""
    solved: Sequence[JobResource] = []
    unfinished: Sequence[JobResource] = []
    reserves: Sequence[ReserveResource] = []
    if view.may("list_jobs"):
        solved = _latest(context, JobState.SUCCEEDED, JobKind.SOLVE)
        unfinished = [
            *_latest(context, JobState.RUNNING),
            *_latest(context, JobState.QUEUED),
        ]
    if view.may("list_reserves"):
        with context.database.reading() as session:
            found = ReserveRepository(session).page(Part(NUMBER_SHOWN))
            reserves = [reserve_resource(x) for x in found]
    return view.page(
        own_plans=list_own_plans(context) if view.may("list_own_plans") else [],
        solved=solved,
        unfinished=unfinished,
        reserves=reserves,
        case_names=case_names(context, [*solved, *unfinished]),
        shipped=shipped_cases() if view.may("list_shipped_cases") else [],
    )


@router.post(FORMS["solve_shipped_case"].path)
def solve_shipped_case(
    context: ServiceContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Store a shipped case, order its solve, and lead to the job."""
    job = order_solve_of(context, author, fields.get("case", ""))
    return redirect(f"/console/jobs/{job.id}")


def _latest(
    context: Context, state: JobState, kind: JobKind | None = None
) -> Sequence[JobResource]:
    with context.database.reading() as session:
        part = Part(NUMBER_SHOWN)
        jobs = JobRepository(session).page(part, state=state, kind=kind)
        lines = ProgressRepository(session).latest(jobs)
        return [job_resource(x, lines.get(x.sequence or 0)) for x in jobs]
