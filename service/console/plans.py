"""A plan: promise, levels, rules, rights, money and what stays uncovered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlmodel import Session
from starlette.responses import Response

from models.explanation import Explanation, MaterialReason
from models.horizon import Horizon
from models.plan import FinancingPeriod, Plan
from models.record import Record
from models.tables import Job
from models.trajectories import PlanTrajectories
from service.analyses.registry import ANALYSES, Subject, operation_of
from service.api.context import ServiceContext
from service.api.job_resource import job_resource
from service.api.plans import plan_path
from service.console.analysis_fields import questions_about
from service.console.answers import pictures_of
from service.console.downloads import downloads
from service.console.heat import HeatTable, heat_table
from service.console.page import translatable
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, page_router
from service.printing.financing import by_row
from service.store.analyses import AnalysisRepository
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.part import Part
from service.store.plans import PlanRepository

# By alert level.
ALERTS = (
    translatable("Calm"),
    translatable("Watch"),
    translatable("High"),
    translatable("Severe"),
)
NUMBER_OF_ANSWERS_SHOWN = 20

router = page_router()


@dataclass(frozen=True, slots=True)
class CaseNames:
    """What a case calls the things that plans name by their identifiers.

    routes: as JSON, by identifier.
    """

    title: str
    participants: Mapping[str, str]
    facilities: Mapping[str, str]
    routes: Mapping[str, Mapping[str, Any]]
    horizon: Horizon

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "CaseNames":
        """Return the names in a stored case, as JSON."""
        participants = {x["id"]: x["name"] for x in content["participants"]}
        facilities = {x["id"]: x["name"] for x in content["financing"]["facilities"]}
        routes = {x["id"]: x for x in content["routes"]}
        horizon = Horizon.model_validate(content["horizon"])
        return cls(content["name"], participants, facilities, routes, horizon)


@dataclass(frozen=True, slots=True)
class FinancingRow:
    """Money in a month, or in the three months that a row of a long plan has.

    drawn_usd, owed_usd: by facility that is drawn by schedule; the expected and the
    worst of the scenarios: by facility that the cash rule draws. In the order of the
    facilities of the page.
    """

    first: FinancingPeriod
    drawn_usd: Sequence[float]
    owed_usd: Sequence[float]
    expected_usd: Sequence[float]
    highest_usd: Sequence[float]
    interest_and_fees_usd: float
    expected_cash_usd: float
    lowest_cash_usd: float


class _Answer(NamedTuple):
    """What an analysis found, and the hash of its answer; None if it has none."""

    content_hash: str
    found: Record | None


@router.get(PAGES["show_plan"].path)
def show_plan(content_hash: str, view: OpenView, context: ServiceContext) -> Response:
    """Return all that a plan says, on one page."""
    with context.database.reading() as session:
        plan = Plan.model_validate_json(PlanRepository(session).text(content_hash))
        case_hash = PlanRepository(session).case_hash(content_hash)
        names = CaseNames.read(json.loads(CaseRepository(session).text(case_hash)))
        part = Part(NUMBER_OF_ANSWERS_SHOWN)
        jobs = JobRepository(session).about_plan(part, content_hash, case_hash)
        readable: Sequence[Job] = jobs if view.may("get_analysis") else ()
        over_time = _latest(session, readable, "pictures")
        why = _latest(session, readable, "explain")
        financed = _latest(session, readable, "financing")
        audited = _latest(session, readable, "audit")
    scheduled, ruled = _facilities(plan)
    return view.page(
        plan=plan,
        content_hash=content_hash,
        downloads=downloads(plan_path(content_hash), "plan", plan),
        case_hash=case_hash,
        names=names,
        alerts=ALERTS,
        reasons=_reasons(why.found),
        explained_by=why.content_hash,
        explain=FORMS[operation_of(ANALYSES["explain"])],
        financed_by=financed.content_hash,
        audited_by=audited.content_hash,
        audit=FORMS[operation_of(ANALYSES["audit"])],
        finance=FORMS[operation_of(ANALYSES["financing"])],
        pictures=[view.drawn(draw) for draw in pictures_of(over_time.found, {})],
        heat=_heat(over_time.found),
        scheduled=scheduled,
        ruled=ruled,
        questions=[
            *questions_about(Subject.PLAN, content_hash),
            *questions_about(Subject.CASE, case_hash),
        ],
        answers=[job_resource(x, None) for x in jobs] if view.may("list_jobs") else [],
        money=[_row(group, scheduled, ruled) for _, group in by_row(plan.financing)],
        by_month=[_row([x], scheduled, ruled) for x in plan.financing],
    )


def _latest(session: Session, jobs: Sequence[Job], name: str) -> _Answer:
    """Return the answer of an analysis by the latest job that has one."""
    for job in jobs:
        if job.analysis == name and job.analysis_hash is not None:
            text = AnalysisRepository(session).text(job.analysis_hash)
            return _Answer(job.analysis_hash, ANALYSES[name].read(text))
    return _Answer("", None)


def _heat(over_time: Record | None) -> HeatTable | None:
    return heat_table(over_time) if isinstance(over_time, PlanTrajectories) else None


def _reasons(why: Record | None) -> Mapping[str, MaterialReason]:
    """Return why so much of each material is held, by material."""
    materials = why.materials if isinstance(why, Explanation) else ()
    return {x.material: x for x in materials}


def _facilities(plan: Plan) -> tuple[Sequence[str], Sequence[str]]:
    """Return the facilities that are drawn by schedule, and by the cash rule."""
    ruled = {name for x in plan.financing for name in x.expected_balances_usd}
    scheduled = {name for x in plan.financing for name in x.balances_usd}
    return sorted(scheduled - ruled), sorted(ruled)


def _row(
    group: Sequence[FinancingPeriod], scheduled: Sequence[str], ruled: Sequence[str]
) -> FinancingRow:
    last = group[-1]
    return FinancingRow(
        group[0],
        [sum(x.draws_usd.get(name, 0.0) for x in group) for name in scheduled],
        [last.balances_usd.get(name, 0.0) for name in scheduled],
        [last.expected_balances_usd.get(name, 0.0) for name in ruled],
        [max(x.highest_balances_usd.get(name, 0.0) for x in group) for name in ruled],
        sum(x.interest_and_fees_usd for x in group),
        last.expected_cash_usd,
        min(x.lowest_cash_usd for x in group),
    )
