"""Jobs: the list, and one with its log and its best plan so far."""

from collections.abc import Hashable
from threading import Lock
from typing import Annotated, Literal, NamedTuple

from cachetools import LRUCache, cached
from fastapi import Depends, Response
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response as Answer

from models.tables import Job, JobKind, JobState
from service.api.context import ServiceContext
from service.api.cursors import FilterText, Listed
from service.api.following import cancelled
from service.api.identity import RequestingAuthor
from service.api.job_resource import (
    current_resource,
    progress_resource,
)
from service.api.jobs import JobFilter, list_jobs
from service.console.cases import FURTHER_OPTIONS, USUAL_OPTIONS, case_names
from service.console.registry import FORMS, PAGES
from service.console.rendering import rendered
from service.console.view import OpenView, View, page_router, redirect
from service.jobs.states import is_finished
from service.pictures.convergence import convergence_picture
from service.store.jobs import JobRepository
from service.store.progress import ProgressRepository

# Of a log; the interface has all of it.
MOST_LINES_SHOWN, MOST_LINES_DRAWN = 50, 500
MOST_LOGS_KEPT = 64

router = page_router()


class JobFilters(NamedTuple):
    """Which jobs a list shows. Forms send an empty text for any."""

    state: JobState | Literal[""]
    kind: JobKind | Literal[""]
    case: str
    portion_of: str


async def job_filters(
    state: JobState | Literal[""] = "",
    kind: JobKind | Literal[""] = "",
    case: FilterText = "",
    portion_of: FilterText = "",
) -> JobFilters:
    """Return what the address of a list asks for."""
    return JobFilters(state, kind, case, portion_of)


@router.get(PAGES["show_jobs"].path)
def show_jobs(
    view: OpenView,
    context: ServiceContext,
    response: Response,
    listed: Listed,
    chosen: Annotated[JobFilters, Depends(job_filters)],
) -> Answer:
    """Return the jobs, in pages."""
    wanted = JobFilter(
        chosen.state or None,
        chosen.kind or None,
        chosen.case or None,
        chosen.portion_of or None,
    )
    page = list_jobs(context, response, listed, wanted)
    return view.page(
        jobs=page.items,
        following=page.next,
        case_names=case_names(context, page.items),
        chosen=chosen,
        states=list(JobState),
        kinds=list(JobKind),
    )


@router.get(PAGES["show_job"].path)
def show_job(job_id: str, view: OpenView, context: ServiceContext) -> Answer:
    """Return a job with its log, and how best plan and bound approach each other."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        resource = current_resource(session, job)
        # Many watch, and most ask before there is another line.
        tag = view.tag_of(resource)
        if (unchanged := view.unchanged(tag)) is not None:
            return unchanged
        last = 0 if resource.progress is None else resource.progress.number
        read = _log if view.figures is None else _read_log
        log = read(session, job, last, view)
    return view.page(
        tag,
        job=resource,
        case_name=case_names(context, [resource]).get(resource.case, resource.case),
        log=log,
        is_over=is_finished(resource.state),
        option_labels=USUAL_OPTIONS | FURTHER_OPTIONS,
    )


def _read_log(session: Session, job: Job, last: int, view: View) -> Markup:
    """Return the part of a page with the log of a job up to a line."""
    first = max(0, last - MOST_LINES_DRAWN)
    found = ProgressRepository(session).page(job, after=first, limit=MOST_LINES_DRAWN)
    lines = [progress_resource(x) for x in found if x.number <= last]
    is_bounded = any(x.lower_bound_usd is not None for x in lines)
    text = rendered(
        view.language,
        "job_log.html",
        lines=lines[-MOST_LINES_SHOWN:],
        convergence=view.drawn(lambda look: convergence_picture(lines, look))
        if is_bounded
        else None,
    )
    return Markup(text)  # noqa: S704 - a page has escaped it


def _key(_: Session, job: Job, last: int, view: View) -> Hashable:
    return job.id, last, view.language, view.address


# The first who asks after a line has its log read and drawn for all who watch.
_log = cached(LRUCache[Hashable, Markup](MOST_LOGS_KEPT), _key, Lock())(_read_log)


@router.post(FORMS["cancel"].path)
def cancel(job_id: str, context: ServiceContext, author: RequestingAuthor) -> Answer:
    """Cancel a job, and lead back to it."""
    cancelled(context, author, job_id, None, current_resource)
    return redirect(f"/console/jobs/{job_id}")
