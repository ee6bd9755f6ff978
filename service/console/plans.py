"""A plan: promise, levels, rules, rights, money and what stays uncovered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from models.horizon import Horizon
from models.plan import FinancingPeriod, Plan
from service.analyses.registry import ANALYSES, operation_of
from service.api.context import ServiceContext
from service.api.job_resource import job_resource
from service.console.page import translatable
from service.console.registry import FORMS, PAGES, QUESTIONS
from service.console.view import OpenView, page_router
from service.printing.financing import by_row
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
    """What a case calls the things that plans name by their identifiers."""

    title: str
    participants: Mapping[str, str]
    horizon: Horizon

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "CaseNames":
        """Return the names in a stored case, as JSON."""
        participants = {x["id"]: x["name"] for x in content["participants"]}
        horizon = Horizon.model_validate(content["horizon"])
        return cls(content["name"], participants, horizon)


@dataclass(frozen=True, slots=True)
class FinancingRow:
    """Money in a month, or in the three months that a row of a long plan has.

    drawn_usd, owed_usd: by facility, in the order of the facilities of the page.
    """

    first: FinancingPeriod
    drawn_usd: Sequence[float]
    owed_usd: Sequence[float]
    interest_and_fees_usd: float
    expected_cash_usd: float
    lowest_cash_usd: float


@router.get(PAGES["show_plan"].path)
def show_plan(content_hash: str, view: OpenView, context: ServiceContext) -> Response:
    """Return all that a plan says, on one page."""
    with context.database.reading() as session:
        plan = Plan.model_validate_json(PlanRepository(session).text(content_hash))
        case_hash = PlanRepository(session).case_hash(content_hash)
        names = CaseNames.read(json.loads(CaseRepository(session).text(case_hash)))
        part = Part(NUMBER_OF_ANSWERS_SHOWN)
        jobs = JobRepository(session).about_plan(part, content_hash, case_hash)
    facilities = _facilities(plan)
    return view.page(
        plan=plan,
        content_hash=content_hash,
        case_hash=case_hash,
        names=names,
        alerts=ALERTS,
        facilities=facilities,
        questions={
            text: FORMS[operation_of(ANALYSES[name])]
            for name, text in QUESTIONS.items()
        },
        answers=[job_resource(x, None) for x in jobs] if view.may("list_jobs") else [],
        money=[_row(group, facilities) for _, group in by_row(plan.financing)],
    )


def _facilities(plan: Plan) -> Sequence[str]:
    """Return the facilities that the plan draws, by schedule or by the cash rule."""
    return sorted(
        {
            facility
            for period in plan.financing
            for facility in (*period.balances_usd, *period.expected_balances_usd)
        }
    )


def _row(group: Sequence[FinancingPeriod], facilities: Sequence[str]) -> FinancingRow:
    last = group[-1]
    owed = last.balances_usd | last.expected_balances_usd
    return FinancingRow(
        group[0],
        [sum(x.draws_usd.get(name, 0.0) for x in group) for name in facilities],
        [owed.get(name, 0.0) for name in facilities],
        sum(x.interest_and_fees_usd for x in group),
        last.expected_cash_usd,
        min(x.lowest_cash_usd for x in group),
    )
