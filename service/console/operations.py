"""Operations: who works on jobs, what waits and runs, and why jobs failed."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import Request, Response
from starlette.responses import Response as Answer

from models.tables import JobState, Worker
from service.api.context import Context, ServiceContext, StoreContext
from service.api.cursors import Listed, RequestedList
from service.api.health import get_health
from service.api.job_resource import JobResource
from service.api.jobs import JobFilter, list_jobs
from service.console.cases import case_names
from service.console.registry import PAGES
from service.console.view import OpenView, page_router
from service.store.workers import WorkerRepository

router = page_router()


@router.get(PAGES["show_operations"].path)
def show_operations(
    view: OpenView,
    request: Request,
    store: StoreContext,
    context: ServiceContext,
    listed: Listed,
) -> Answer:
    """Return the health of the service, unfinished jobs, and failed ones in pages."""
    running = _first(context, listed, JobState.RUNNING)
    # The oldest is next, unless another one is more urgent.
    waiting = _first(context, replace(listed, sort="oldest"), JobState.QUEUED)
    failed = list_jobs(context, Response(), listed, JobFilter(JobState.FAILED))
    return view.page(
        health=get_health(request, Response(), store),
        workers=_workers(store) if view.may("list_workers") else [],
        running=running,
        waiting=waiting,
        failed=failed.items,
        following=failed.next,
        case_names=case_names(context, [*running, *waiting, *failed.items]),
        states=list(JobState),
    )


def _workers(store: Context) -> Sequence[Worker]:
    """Return the workers that are alive."""
    with store.database.reading() as session:
        return WorkerRepository(session).all_living()


def _first(
    context: Context, listed: RequestedList, state: JobState
) -> Sequence[JobResource]:
    """Return as many jobs in a state as a page has."""
    first = replace(listed, seen=None)
    return list_jobs(context, Response(), first, JobFilter(state)).items
