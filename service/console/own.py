"""What a planner sees of its own participant: published plans, and what it asks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from starlette.responses import Response as Answer

from models.mistakes import Mistake
from service.analyses.parameters import DEFAULT_NUMBER_OF_SCENARIOS
from service.analyses.registry import ANALYSES, Analysis, own_operation_of
from service.analyses.reports import own_section
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.own.jobs import cancel_own_job, list_own_jobs
from service.api.own.orders import ordered_own_analysis, own_order_model
from service.api.own.plans import get_own_plan, list_own_plans
from service.api.own_resource import own_job
from service.console.forms import AS_IT_COMES, Fields, number_in
from service.console.page import translatable
from service.console.registry import FORMS, OWN_QUESTIONS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.dossier.section import Section
from service.errors import MalformedOrderError
from service.jobs.states import is_finished
from service.store.analyses import AnalysisRepository
from service.store.jobs import JobRepository
from service.store.part import Part

NUMBER_OF_ANSWERS_SHOWN = 20
LOTS = "lots"
# What a planner may choose of a question: what a form calls it, and what it means.
PARAMETERS: Mapping[str, tuple[str, str]] = {
    "number_of_scenarios": (
        translatable("Number of scenarios"),
        translatable("More are more exact, and take longer."),
    ),
    "seed": (
        translatable("Seed"),
        translatable("Another one draws other scenarios; empty: one that fits."),
    ),
    LOTS: (
        translatable("Quantities, lots"),
        translatable("Separated by commas; empty: eight up to the most asked for."),
    ),
}

router = page_router()


@router.get(PAGES["show_own"].path)
def show_own(
    view: OpenView, context: ServiceContext, response: Response, listed: Listed
) -> Answer:
    """Return the plans that are published to the participant; its jobs in pages."""
    page = list_own_jobs(context, response, listed)
    plans = list_own_plans(context)
    return view.page(
        plans=plans,
        titles={x.id: x.title for x in plans},
        jobs=page.items,
        following=page.next,
        questions=OWN_QUESTIONS,
    )


@router.get(PAGES["show_own_plan"].path)
def show_own_plan(
    publication_id: str, view: OpenView, context: ServiceContext
) -> Answer:
    """Return a published plan: what can be asked of it, and what was."""
    return _plan_page(publication_id, view, context, "", {}, [])


@router.get(PAGES["show_own_job"].path)
def show_own_job(job_id: str, view: OpenView, context: ServiceContext) -> Answer:
    """Return what was asked, and the answer as soon as it is there."""
    with context.database.reading() as session:
        job = JobRepository(session).get(job_id)
        resource = own_job(job)
        section = None
        if job.analysis_hash is not None:
            text = AnalysisRepository(session).text(job.analysis_hash)
            section = _answer(resource.analysis, text)
    return view.page(
        job=resource,
        plan=get_own_plan(resource.plan, context),
        section=section,
        questions=OWN_QUESTIONS,
        is_over=is_finished(resource.state),
    )


@router.post(FORMS["cancel_own"].path)
def cancel_own(job_id: str, request: Request, context: ServiceContext) -> Answer:
    """Cancel a job of the participant, and lead back to it."""
    cancel_own_job(job_id, request, context)
    return redirect(f"/console/own/jobs/{job_id}")


def _plan_page(
    publication_id: str,
    view: View,
    context: Context,
    asked: str,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Answer:
    plan = get_own_plan(publication_id, context)
    with context.database.reading() as session:
        part = Part(NUMBER_OF_ANSWERS_SHOWN)
        jobs = JobRepository(session).of_publication(part, publication_id)
        shown = [own_job(x) for x in jobs]
    return view.answer(
        PAGES["show_own_plan"].template,
        PAGES["show_own_plan"],
        status=422 if mistakes else 200,
        plan=plan,
        jobs=shown,
        questions=OWN_QUESTIONS,
        forms={x: FORMS[own_operation_of(ANALYSES[x])] for x in OWN_QUESTIONS},
        fields={
            x: [y for y in PARAMETERS if y in own_order_model(ANALYSES[x]).model_fields]
            for x in OWN_QUESTIONS
        },
        labels=PARAMETERS,
        defaults={"number_of_scenarios": DEFAULT_NUMBER_OF_SCENARIOS},
        asked=asked,
        given=given,
        wrong={x.path.partition("[")[0]: x.expected for x in mistakes},
    )


def _answer(name: str, text: str) -> Section | None:
    found = ANALYSES[name].read(text)
    return None if found is None else own_section(found)


def _asking(analysis: Analysis) -> Callable[..., Any]:
    """Return the function that orders an analysis of a published plan."""

    def ask(
        publication_id: str,
        request: Request,
        view: OpenView,
        context: ServiceContext,
        fields: Fields,
    ) -> Answer:
        typed = {x: fields[x] for x in PARAMETERS if fields.get(x)}
        order: dict[str, object] = {x: number_in(y) for x, y in typed.items()}
        if LOTS in typed:
            order[LOTS] = [number_in(x.strip()) for x in typed[LOTS].split(",")]
        try:
            job = ordered_own_analysis(
                context, request, analysis, publication_id, order, AS_IT_COMES
            )
        except MalformedOrderError as error:
            return _plan_page(
                publication_id, view, context, analysis.name, fields, error.mistakes
            )
        return redirect(f"/console/own/jobs/{job.id}")

    return ask


for _name in OWN_QUESTIONS:
    _operation = own_operation_of(ANALYSES[_name])
    router.add_api_route(
        FORMS[_operation].path,
        _asking(ANALYSES[_name]),
        methods=["POST"],
        name=_operation,
    )
