"""Questions about a plan or a case: a form for each analysis, leading to its job."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from models.mistakes import Mistake
from models.tables import JobKind
from service.analyses.registry import ANALYSES, Analysis, Subject, operation_of
from service.api.analyses import order_of, ordered_analysis
from service.api.context import Context, ServiceContext
from service.api.evaluations import EvaluationRequest, ordered_evaluation
from service.api.identity import RequestingAuthor
from service.console.analysis_fields import (
    NAMING,
    PLANS,
    Choices,
    order_fields,
    typed_order,
)
from service.console.forms import AS_IT_COMES, Fields
from service.console.registry import FORMS, PAGES, QUESTIONS, question_page
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError, PlanNotFoundError
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.part import Part
from service.store.plans import PlanRepository

TEMPLATE = "order_analysis.html"
NUMBER_OF_PLANS_SHOWN = 100

router = page_router()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question is about. named: what parameters can name, by what they name."""

    content_hash: str
    case_hash: str
    case_name: str
    named: Mapping[str, Choices]


def _showing(analysis: Analysis) -> Callable[..., Response]:
    """Return the function of the page with the form of an analysis."""

    def show(content_hash: str, view: OpenView, context: ServiceContext) -> Response:
        return _page(view, analysis, _subject(context, analysis, content_hash), {}, [])

    return show


def _asking(analysis: Analysis) -> Callable[..., Response]:
    """Return the function that orders an analysis, and leads to its job."""

    def ask(
        content_hash: str,
        view: OpenView,
        context: ServiceContext,
        author: RequestingAuthor,
        fields: Fields,
    ) -> Response:
        subject = _subject(context, analysis, content_hash)
        typed = typed_order(analysis.name, subject.named, fields)
        try:
            order = order_of(analysis, content_hash, typed, AS_IT_COMES)
            job = ordered_analysis(context, author, order)
        except MalformedOrderError as error:
            found = error.mistakes
        except PlanNotFoundError as error:
            # That of the address is there.
            found = [
                Mistake("against", str(error), "the hash of a plan that is stored")
            ]
        else:
            return redirect(f"/console/jobs/{job.id}")
        return _page(view, analysis, subject, fields, found)

    return ask


def _page(
    view: View,
    analysis: Analysis,
    subject: _Asked,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Response:
    fields = order_fields(analysis.name, subject.named, given, mistakes)
    names = {x.field.name for x in fields}
    return view.answer(
        TEMPLATE,
        PAGES[question_page(analysis)],
        status=422 if mistakes else 200,
        analysis=analysis,
        form=FORMS[operation_of(analysis)],
        subject=subject,
        fields=fields,
        mistakes=mistakes,
        further=[x for x in mistakes if x.path.partition("[")[0] not in names],
    )


def _subject(context: Context, analysis: Analysis, content_hash: str) -> _Asked:
    """Return what is asked about, or raise CaseNotFoundError or PlanNotFoundError."""
    is_of_plan = analysis.subject is Subject.PLAN
    with context.database.reading() as session:
        case_hash = content_hash
        if is_of_plan:
            case_hash = PlanRepository(session).case_hash(content_hash)
        case = json.loads(CaseRepository(session).text(case_hash))
        named = {x: _listed(case.get(x, ())) for x in NAMING.values()}
        named[PLANS] = _other_plans(session, content_hash) if is_of_plan else ()
    return _Asked(content_hash, case_hash, case["name"], named)


def _listed(elements: Sequence[Mapping[str, Any]]) -> Choices:
    return [(x["id"], x.get("name") or x["id"]) for x in elements]


def _other_plans(session: Session, plan_hash: str) -> Choices:
    """Return the plans of the latest solves but one, with their cases and times."""
    part = Part(NUMBER_OF_PLANS_SHOWN)
    jobs = JobRepository(session).page(part, kind=JobKind.SOLVE)
    names = CaseRepository(session).names({x.case_hash for x in jobs})
    return [
        (x.plan_hash, f"{names[x.case_hash]}, {x.finished_at:%Y-%m-%d %H:%M} UTC")
        for x in jobs
        if x.plan_hash is not None and x.plan_hash != plan_hash and x.finished_at
    ]


for _name in QUESTIONS:
    _analysis = ANALYSES[_name]
    _page_entry, _form = PAGES[question_page(_analysis)], FORMS[operation_of(_analysis)]
    router.add_api_route(_page_entry.path, _showing(_analysis), name=_page_entry.name)
    router.add_api_route(
        _form.path, _asking(_analysis), methods=["POST"], name=_form.name
    )


@router.post(FORMS["evaluate_plan"].path)
def evaluate_plan(
    content_hash: str, context: ServiceContext, author: RequestingAuthor
) -> Response:
    """Order an evaluation of a plan on fresh scenarios, and lead to its job."""
    body = EvaluationRequest()
    job = ordered_evaluation(context, author, content_hash, body, AS_IT_COMES)
    return redirect(f"/console/jobs/{job.id}")
