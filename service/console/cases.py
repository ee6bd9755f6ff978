"""Cases: what each is about, and the order of a solve with its options."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from fastapi import Response as Answer
from pydantic.fields import FieldInfo
from starlette.responses import Response

from models.case_warnings import warnings_of
from models.mistakes import Mistake
from models.options import SolveOptions
from models.reading import read_stored_instance
from service.analyses.registry import Subject
from service.api.cases import (
    ShippedCaseResource,
    case_path,
    list_cases,
    list_shipped_cases,
    put_listed,
)
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.identity import RequestingAuthor
from service.api.job_resource import JobResource, job_resource
from service.api.jobs import JobOrder, ordered_job
from service.api.orders import read_order, shipped_case
from service.casefiles import SIGN
from service.console.analysis_fields import questions_about
from service.console.downloads import downloads
from service.console.forms import AS_IT_COMES, Fields
from service.console.page import translatable
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import CaseNotFoundError, MalformedOrderError
from service.store.audit_log import Author
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.part import Part

NUMBER_OF_JOBS_SHOWN = 10
# What a form calls them. The first are shown at once; the others are folded.
USUAL_OPTIONS: dict[str, str] = {
    "time_limit_s": translatable("Time limit, seconds"),
    "gap": translatable("Gap at which to stop"),
    "number_of_scenarios": translatable("Number of scenarios"),
    "seed": translatable("Seed"),
}
FURTHER_OPTIONS: dict[str, str] = {
    "method": translatable("Method"),
    "max_tranches": translatable("Most tranches"),
    "tranche_worth": translatable("Least worth of a tranche"),
    "menu_refinements": translatable("Refinements of the menu"),
    "cvar_weight": translatable("Weight of the worst costs (CVaR)"),
    "cvar_level": translatable("Level of the worst costs (CVaR)"),
    "cost_of_holding_weight": translatable("Weight of the cost of holding"),
    "level_change_cap_days": translatable("Most change of a level, days"),
}

router = page_router()


@dataclass(frozen=True, slots=True)
class OptionField:
    """An option in a form: what it means, what was given, what is wrong with that.

    choices: the values that it may have, if they are a list.
    """

    name: str
    label: str
    meaning: str
    default: object
    given: str
    mistake: str | None
    choices: Sequence[str]


@router.get(PAGES["show_cases"].path)
def show_cases(
    view: OpenView, context: ServiceContext, response: Answer, listed: Listed
) -> Response:
    """Return the stored cases, in pages, and those that ship."""
    return cases_page(view, context, response, listed)


def cases_page(
    view: View,
    context: Context,
    response: Answer,
    listed: Listed,
    *,
    pasted: str = "",
    mistakes: Sequence[Mistake] = (),
) -> Response:
    """Return the page of the cases; pasted, mistakes: of a case that was refused."""
    page = list_cases(response, context, listed)
    return view.answer(
        PAGES["show_cases"].template,
        PAGES["show_cases"],
        status=422 if mistakes else 200,
        cases=page.items,
        following=page.next,
        shipped=_shipped(),
        pasted=pasted,
        mistakes=mistakes,
    )


@router.get(PAGES["show_case"].path)
def show_case(content_hash: str, view: OpenView, context: ServiceContext) -> Response:
    """Return what a case is about, with the form to order a solve of it."""
    return _page(content_hash, view, context, {}, [])


@router.post(FORMS["solve_case"].path)
def solve_case(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
) -> Response:
    """Order a solve with the options that were given, and lead to the job."""
    known = USUAL_OPTIONS | FURTHER_OPTIONS
    options = {x: _value(fields[x]) for x in known if fields.get(x)}
    try:
        body = read_order(JobOrder, {"case": content_hash, "options": options})
        job = ordered_job(context, author, body, AS_IT_COMES)
    except MalformedOrderError as error:
        return _page(content_hash, view, context, fields, error.mistakes)
    return redirect(f"/console/jobs/{job.id}")


@cache
def _shipped() -> Sequence[tuple[ShippedCaseResource, Sequence[ShippedCaseResource]]]:
    """Return the shipped cases, each with its variants; reading them takes a while."""
    found = list_shipped_cases()
    return [
        (case, [x for x in found if x.case.startswith(f"{case.case}{SIGN}")])
        for case in found
        if SIGN not in case.case
    ]


def order_solve_of(context: Context, author: Author, name: str) -> JobResource:
    """Store a shipped case or variant in the list, and order its solve."""
    case = shipped_case(name)
    if case is None:
        raise CaseNotFoundError(name)
    stored, _ = put_listed(context, author, case)
    order = JobOrder(case=stored.hash)
    return ordered_job(context, author, order, AS_IT_COMES)


def shipped_cases() -> Sequence[ShippedCaseResource]:
    """Return the shipped cases without their variants."""
    return [case for case, _ in _shipped()]


def case_names(context: Context, jobs: Collection[JobResource]) -> Mapping[str, str]:
    """Return what people call the cases of jobs, by hash."""
    with context.database.reading() as session:
        return CaseRepository(session).names({x.case for x in jobs})


def _page(
    content_hash: str,
    view: View,
    context: Context,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Response:
    with context.database.reading() as session:
        text = CaseRepository(session).text(content_hash)
        part = Part(NUMBER_OF_JOBS_SHOWN)
        jobs = JobRepository(session).page(part, case_hash=content_hash)
        versions = CaseRepository(session).versions(content_hash)
        shown = [job_resource(x, None) for x in jobs]
    content = json.loads(text)
    defaults = SolveOptions.model_validate(content["options"])
    wrong = {x.path.removeprefix("options."): x.expected for x in mistakes}
    usual, further = (
        [_field(x, label, defaults, given, wrong) for x, label in labels.items()]
        for labels in (USUAL_OPTIONS, FURTHER_OPTIONS)
    )
    return view.answer(
        PAGES["show_case"].template,
        PAGES["show_case"],
        status=422 if mistakes else 200,
        content_hash=content_hash,
        content=content,
        downloads=downloads(
            case_path(content_hash),
            "case",
            read_stored_instance(content),
            has_report=False,
        ),
        warnings=_warnings(text),
        versions=versions,
        stored={x.case.content_hash for x in versions},
        jobs=shown if view.may("list_jobs") else [],
        questions=questions_about(Subject.CASE, content_hash),
        usual=usual,
        further=further,
        mistakes=mistakes,
    )


@lru_cache(maxsize=16)
def _warnings(text: str) -> Sequence[Mistake]:
    """Return the warnings of a stored case, which never change; it takes a while."""
    return warnings_of(read_stored_instance(json.loads(text)))


def _field(
    name: str,
    label: str,
    defaults: SolveOptions,
    given: Mapping[str, str],
    wrong: Mapping[str, str],
) -> OptionField:
    field = SolveOptions.model_fields[name]
    default = getattr(defaults, name)
    return OptionField(
        name,
        label,
        field.description or "",
        default,
        given.get(name, ""),
        wrong.get(name),
        _choices(field),
    )


def _choices(field: FieldInfo) -> Sequence[str]:
    return [str(x) for x in getattr(field.annotation, "__members__", {}).values()]


def _value(text: str) -> Any:  # noqa: ANN401 - of JSON
    """Return the number that a text writes, or else the text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
