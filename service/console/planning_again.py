"""Planning again from where a reserve stands, beside the plan in force."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from models.tables import JobKind
from service.analyses.registry import ANALYSES
from service.api.analyses import order_of, ordered_analysis
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.job_resource import JobResource, job_resource
from service.api.jobs import JobOrder, ordered_job
from service.api.orders import read_order
from service.api.reserve_resource import StandingReserveResource
from service.api.reserves import get_reserve
from service.console.forms import AS_IT_COMES, Fields, number_in
from service.console.registry import FORMS
from service.console.view import page_router, redirect
from service.jobs.states import is_finished
from service.store.analyses import AnalysisRepository
from service.store.audit_log import Author
from service.store.jobs import JobRepository
from service.store.part import Part

COMPARISON = "compare-plans"
CAP = "level_change_cap_days"
NUMBER_OF_SOLVES_SHOWN, NUMBER_OF_ANSWERS_READ = 5, 50

router = page_router()


@dataclass(frozen=True, slots=True)
class PlannedAgain:
    """A solve of the last position. comparison: of its plan with the one in force.

    words: what that comparison found, in English.
    """

    job: JobResource
    plan: str | None
    is_in_force: bool
    comparison: JobResource | None
    words: Sequence[str]

    @property
    def is_at_work(self) -> bool:
        """Whether it, or its comparison, waits or runs."""
        jobs = (self.job, self.comparison)
        return any(x is not None and not is_finished(x.state) for x in jobs)


def planned_again(
    context: Context, reserve: StandingReserveResource
) -> Sequence[PlannedAgain]:
    """Return the latest solves of the last position of a reserve."""
    if reserve.position is None:
        return []
    with context.database.reading() as session:
        jobs = JobRepository(session).page(
            Part(NUMBER_OF_SOLVES_SHOWN),
            kind=JobKind.SOLVE,
            case_hash=reserve.position.content_hash,
        )
        found = [job_resource(x, None) for x in jobs]
        return [_planned_again(session, reserve, x) for x in found]


def _planned_again(
    session: Session, reserve: StandingReserveResource, job: JobResource
) -> PlannedAgain:
    plan = None if job.result is None else job.result.plan
    in_force = None if reserve.plan is None else reserve.plan.content_hash
    comparison, words = None, list[str]()
    if plan is not None and in_force is not None and plan != in_force:
        comparison = _comparison(session, plan, job.solved_case, in_force)
    if comparison is not None and comparison.analysis_document is not None:
        text = AnalysisRepository(session).text(comparison.analysis_document)
        words = json.loads(text).get("in_words", [])
    return PlannedAgain(job, plan, plan == in_force, comparison, words)


def _comparison(
    session: Session, plan: str, case: str, against: str
) -> JobResource | None:
    """Return the latest comparison of a plan with another one."""
    part = Part(NUMBER_OF_ANSWERS_READ)
    for job in JobRepository(session).about_plan(part, plan, case):
        if job.analysis == COMPARISON and job.compared_plan_hash == against:
            return job_resource(job, None)
    return None


def order_solve(
    context: Context,
    author: Author,
    reserve: StandingReserveResource,
    fields: Mapping[str, str],
) -> None:
    """Order a solve of the last position, or raise MalformedOrderError."""
    if reserve.position is None:
        return
    options: dict[str, Any] = {}
    if fields.get(CAP):
        options[CAP] = number_in(fields[CAP])
    order = {"case": reserve.position.content_hash, "options": options}
    ordered_job(context, author, read_order(JobOrder, order), AS_IT_COMES)


@router.post(FORMS["compare_with_plan_in_force"].path)
def compare_with_plan_in_force(
    reserve_id: str, context: ServiceContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Order the comparison of a plan with the one in force, and lead back."""
    reserve = get_reserve(reserve_id, context)
    if reserve.plan is not None:
        against = {"against": reserve.plan.content_hash}
        plan = fields.get("plan", "")
        order = order_of(ANALYSES[COMPARISON], plan, against, AS_IT_COMES)
        ordered_analysis(context, author, order)
    return redirect(f"/console/reserves/{reserve_id}#plans")
