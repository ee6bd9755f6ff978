"""Answers about a plan or case: evaluations and analyses, as pictures and tables.

The tables are those that commands and reports print; their words are English.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends
from sqlmodel import Session
from starlette.responses import Response

from models.evaluation import Evaluation
from models.figures import PlanFigures, figures_of
from models.financing_view import FinancingView
from models.frontier import Frontier
from models.plan import Plan
from models.reading import read_stored_instance
from models.record import Record
from models.rule_comparison import RuleComparison
from models.sensitivity import Sensitivity
from models.trajectories import PlanTrajectories
from service.analyses.registry import ANALYSES
from service.analyses.reports import analysis_section, evaluation_section
from service.api.analyses import kind_of
from service.api.context import ServiceContext
from service.api.cursors import FilterText
from service.api.job_resource import analysis_path, evaluation_path
from service.console.downloads import downloads
from service.console.financing import financing_on_page
from service.console.registry import PAGES
from service.console.replays import ChosenPeriod, chosen_period, replay_on_page
from service.console.view import OpenView, page_router
from service.pictures.cost import cost_picture
from service.pictures.figure import Figure, Look
from service.pictures.financing import financing_picture
from service.pictures.frontier import frontier_picture
from service.pictures.rules import rules_picture
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.pictures.tornado import tornado_picture
from service.store.analyses import AnalysisRepository, AnalysisSubject
from service.store.cases import CaseRepository
from service.store.evaluations import EvaluationRepository
from service.store.plans import PlanRepository

Draw = Callable[[Look], Figure]
Names = Mapping[str, str]

router = page_router()


@router.get(PAGES["show_analysis"].path)
def show_analysis(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    chosen: Annotated[ChosenPeriod, Depends(chosen_period)],
    plan: FilterText = "",
) -> Response:
    """Return what an analysis found: its pictures, its tables and its files.

    plan: the hash of one of the case to show on its frontier.
    """
    with context.database.reading() as session:
        analyses = AnalysisRepository(session)
        subject, text = analyses.subject(content_hash), analyses.text(content_hash)
        case = json.loads(CaseRepository(session).text(subject.case_hash))
        own = _own(session, subject, plan) if view.may("get_plan") else None
    analysis = ANALYSES[subject.name]
    found = analysis.read(text)
    names = {x["id"]: x["name"] for x in case["materials"]}
    financing = financing_on_page(found, case)
    section = None
    if found is not None and financing is None and analysis.has_report:
        section = analysis_section(found, read_stored_instance(case))
    return view.page(
        subject=subject,
        title=analysis.title,
        case_name=case["name"],
        financing=financing,
        replay=replay_on_page(found, names, chosen, view),
        pictures=[view.drawn(draw) for draw in pictures_of(found, names, own)],
        own=own if isinstance(found, Frontier) else None,
        own_hash=plan,
        section=section,
        document=json.loads(text),
        content_hash=content_hash,
        downloads=downloads(
            analysis_path(content_hash),
            kind_of(analysis),
            found,
            has_report=analysis.has_report,
        ),
    )


@router.get(PAGES["show_evaluation"].path)
def show_evaluation(
    content_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return what a plan costs on fresh scenarios."""
    with context.database.reading() as session:
        text = EvaluationRepository(session).text(content_hash)
        found = Evaluation.model_validate_json(text)
        plan = Plan.model_validate_json(PlanRepository(session).text(found.plan_hash))
    return view.page(
        found=found,
        plan=plan,
        # The page tells the worst scenarios itself.
        section=evaluation_section(found.model_copy(update={"worst": ()}), plan),
        downloads=downloads(evaluation_path(content_hash), "evaluation", found),
    )


def _own(session: Session, subject: AnalysisSubject, plan: str) -> PlanFigures | None:
    """Return the figures of a plan; None if it is not one of the case."""
    plans = PlanRepository(session)
    if not plan or plans.case_hash(plan) != subject.case_hash:
        return None
    return figures_of(Plan.model_validate_json(plans.text(plan)))


def pictures_of(
    found: Record | None, names: Names, plan: PlanFigures | None = None
) -> Sequence[Draw]:
    """Return what draws an answer; nothing if it has tables only.

    names: of materials, by identifier. plan: one to show on its frontier.
    """
    if isinstance(found, Frontier):
        return [lambda look: frontier_picture(found.points, look=look, plan=plan)]
    draws = PICTURES.get(type(found))
    return () if draws is None else draws(found, names)


def _of_financing(found: FinancingView, _: Names) -> Sequence[Draw]:
    limit = found.covenants.collateral_cover_limit
    return [lambda look: financing_picture(found.fans, found.scenarios, limit, look)]


def _of_sensitivity(found: Sensitivity, _: Names) -> Sequence[Draw]:
    base = found.expected_shortage_cost_usd
    return [lambda look: tornado_picture(found.bars(), base, look)]


# By the record of an answer; the others have tables only.
PICTURES: Mapping[type[Any], Callable[[Any, Names], Sequence[Draw]]] = {
    FinancingView: _of_financing,
    PlanTrajectories: lambda found, _: [
        lambda x: stock_picture(found, x),
        lambda x: cost_picture(found, x),
        lambda x: shortage_picture(found, x),
    ],
    RuleComparison: lambda found, _: [lambda x: rules_picture(found, x)],
    Sensitivity: _of_sensitivity,
}
