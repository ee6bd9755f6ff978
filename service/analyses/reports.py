"""Documents as pages that print: the tables that commands show of them.

The pictures of an analysis are files of its own. Nothing here computes anything.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich.table import Table

from models.batch import BatchResult
from models.calibration import Calibration
from models.evaluation import Evaluation
from models.explanation import Explanation
from models.financing_view import FinancingView
from models.frontier import Frontier
from models.historic_rehearsal import HistoricRehearsal
from models.history import History
from models.instance import Instance
from models.orders import Orders
from models.participant_view import ParticipantView
from models.plan import Plan
from models.plan_comparison import PlanComparison
from models.record import Record
from models.rehearsal import Rehearsal
from models.right_menu import RightMenus
from models.rule_comparison import RuleComparison
from models.sensitivity import Sensitivity
from service.analyses.dossier.sections import (
    headline_section,
    holdings_sections,
    printed,
    shortfall_section,
    unmodelled_section,
)
from service.dossier.report import rendered_report
from service.dossier.section import Section
from service.printing import explanation, participant
from service.printing.batch import frontier_table, variants_table
from service.printing.calibration import calibration_tables
from service.printing.evaluation import evaluation_tables, history_tables
from service.printing.financing import financing_tables
from service.printing.historic_rehearsal import historic_tables
from service.printing.orders import order_tables
from service.printing.plan import provenance
from service.printing.plan_comparison import comparison_tables
from service.printing.rehearsal import rehearsal_tables
from service.printing.right_menu import right_tables
from service.printing.rules import rule_tables
from service.printing.variations import SOLVED_ANEW, budgets, sensitivity_tables

Shown = Iterable[Table | str | None]


def plan_report(plan: Plan) -> str:
    """Return a plan as a page: what `strongroom show` prints."""
    sections = (
        headline_section(plan),
        *holdings_sections(plan),
        shortfall_section(plan),
        unmodelled_section(plan),
        _section("How the plan was made", [provenance(plan)]),
    )
    return rendered_report(f"Plan for {plan.provenance.instance_id}", None, sections)


def evaluation_report(evaluation: Evaluation, plan: Plan) -> str:
    """Return an evaluation of a plan as a page."""
    title = f"Evaluation of a plan for {plan.provenance.instance_id}"
    return rendered_report(title, None, [evaluation_section(evaluation, plan)])


def evaluation_section(evaluation: Evaluation, plan: Plan) -> Section:
    """Return the tables of an evaluation of a plan."""
    return _section("On fresh scenarios", evaluation_tables(evaluation, plan))


def batch_report(batch: BatchResult, name: str) -> str:
    """Return a batch as a page: what `strongroom batch` prints."""
    shown = [*batch.warnings, variants_table(batch), frontier_table(batch)]
    title = f"Batch {name}".strip()
    return rendered_report(title, None, [_section("Side by side", shown)])


def analysis_report(found: Record, title: str, case: Instance) -> str:
    """Return what an analysis found as a page.

    A participant's view has nothing of the case.
    """
    return rendered_report(title, None, [analysis_section(found, case)])


def analysis_section(found: Record, case: Instance) -> Section:
    """Return the tables of what an analysis found, with the sentences among them."""
    return _section("Result", TABLES[type(found)](found, case))


def own_section(found: Record) -> Section:
    """Return the tables of what a planner asked, which need nothing of the case."""
    return _section("Result", OWN_TABLES[type(found)](found))


def _section(title: str, shown: Shown) -> Section:
    """Return a section of tables below the sentences among them."""
    parts = list(shown)
    text = "\n\n".join(part for part in parts if isinstance(part, str))
    return Section(title, text, printed(*parts))


def _explanation(found: Explanation, case: Instance) -> Shown:
    del case
    around = found.frontier
    return (
        explanation.worth(found),
        explanation.why_not_more(found),
        explanation.tranches(found),
        explanation.rights(found),
        explanation.limits(found),
        None if around is None else budgets(around, SOLVED_ANEW),
        explanation.events(found),
        explanation.scenarios(found),
        explanation.codependences(found),
    )


def _participant(found: ParticipantView) -> Shown:
    return (
        participant.headline(found),
        participant.rights(found),
        participant.terms(found),
        participant.repurchases(found),
        participant.lines(found),
    )


OWN_TABLES: Mapping[type[Record], Callable[[Any], Shown]] = {
    ParticipantView: _participant,
    RightMenus: right_tables,
}
TABLES: Mapping[type[Record], Callable[[Any, Instance], Shown]] = {
    Explanation: _explanation,
    ParticipantView: lambda found, _: _participant(found),
    RuleComparison: rule_tables,
    PlanComparison: lambda found, _: comparison_tables(found),
    Rehearsal: rehearsal_tables,
    HistoricRehearsal: historic_tables,
    Sensitivity: sensitivity_tables,
    Orders: order_tables,
    History: lambda found, _: history_tables(found),
    FinancingView: lambda found, _: financing_tables(found),
    Frontier: lambda found, _: [budgets(found)],
    Calibration: lambda found, _: calibration_tables(found),
    RightMenus: lambda found, _: right_tables(found),
}
