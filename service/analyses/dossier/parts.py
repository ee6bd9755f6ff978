"""The documents of a dossier: how each is computed and described in the report.

To add one: a function that computes it, a function that describes it, a line in PARTS.
Its JSON, its tables and its section of the report follow from that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from models.calibration import Calibration
from models.evaluation import Evaluation, Fresh
from models.explanation import Explanation
from models.financing_view import FinancingView
from models.history import History
from models.instance import Instance
from models.manifest import FreshSample
from models.mistakes import Mistake
from models.plan import Plan
from models.reading import InvalidCaseError
from models.record import Record
from models.rule_comparison import RuleComparison
from models.scenario_table import ScenarioTable
from models.sensitivity import Assumption, Sensitivity
from models.trajectories import PlanTrajectories
from service import optimization
from service.analyses.dossier.sections import printed
from service.analyses.parameters import (
    BUDGET_FACTORS,
    DEFAULT_CHANGES,
    DEFAULT_PRICE_FALL,
)
from service.analyses.scenario_results import result_tables
from service.dossier.section import Picture, Section
from service.pictures.cost import cost_picture
from service.pictures.figure import Figure
from service.pictures.files import rendered
from service.pictures.financing import financing_picture
from service.pictures.frontier import frontier_picture
from service.pictures.rules import rules_picture
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.pictures.tornado import tornado_picture
from service.printing import (
    calibration,
    evaluation,
    explanation,
    financing,
    rules,
    variations,
)
from service.tabular.flat_tables import Column

# What rows of the results of an evaluation are of.
BY = {"scenarios": "scenario", "periods": "period"}
Document = TypeVar("Document", bound=Record)


@dataclass(frozen=True, slots=True)
class DossierRequest:
    """The case and plan of a dossier, its fresh scenarios, and the caller's choices.

    scenarios are those of a file, of a plan that was made for such. Parts add files of
    tables that no document has to tables, by their names without ending.
    """

    case: Instance
    plan: Plan
    fresh: FreshSample
    executor: str
    on_stage: Callable[[str], None]
    has_sensitivity: bool = False
    scenarios: ScenarioTable | None = None
    tables: dict[str, Mapping[Column, object]] = field(
        default_factory=dict[str, Mapping[Column, object]]
    )


@dataclass(frozen=True, slots=True)
class DossierPart(Generic[Document]):
    """A document: name of its files, stage to report, how it is made and described."""

    name: str
    stage: str
    compute: Callable[[DossierRequest], Document]
    describe: Callable[[Document, DossierRequest], Section]


def _compute_financing(request: DossierRequest) -> FinancingView:
    return optimization.financing_view(
        request.case,
        request.plan,
        number_of_scenarios=request.fresh.number_of_scenarios,
        seed=request.fresh.seed,
        price_fall=DEFAULT_PRICE_FALL,
        defaulted=None,
    )


def _describe_financing(found: FinancingView, request: DossierRequest) -> Section:
    del request
    return Section(
        title="Financing on fresh scenarios",
        text=(
            "What a lender asks for: the cost of the loans, the range of cash and "
            "collateral, the distance to the covenants, and the effect of a fall of "
            "all prices and of a default of the participant with the largest rights. "
            "The fans are those of the evaluation, on the same scenarios."
        ),
        tables=printed(*financing.financing_tables(found)),
    )


def _compute_evaluation(request: DossierRequest) -> Evaluation:
    number, seed = request.fresh.number_of_scenarios, request.fresh.seed
    fresh = Fresh(number_of_scenarios=number, seed=seed)
    found, results = optimization.evaluate_by_scenario(
        request.case, request.plan, fresh=fresh, executor=request.executor
    )
    for name, table in result_tables(results).items():
        request.tables[f"evaluation_by_{BY[name]}"] = table
    return found


def _describe_evaluation(found: Evaluation, request: DossierRequest) -> Section:
    return Section(
        title="Evaluation on fresh scenarios",
        text=(
            "The plan's rules, followed through scenarios that it was not made with. "
            "The promise is exact for the planning scenarios and an estimate here: the "
            "interval shows how far the mean of these scenarios may be from the true "
            "mean."
        ),
        tables=printed(*evaluation.evaluation_tables(found, request.plan)),
        pictures=(
            _picture(
                "Cash, stock at market price beside debt, collateral cover and debt "
                "service cover over time",
                financing_picture(
                    found.fans,
                    found.scenarios,
                    request.case.financing.collateral_cover,
                ),
            ),
        ),
    )


def _compute_trajectories(request: DossierRequest) -> PlanTrajectories:
    number, seed = request.fresh.number_of_scenarios, request.fresh.seed
    return optimization.trajectories(
        request.case, request.plan, number_of_scenarios=number, seed=seed
    )


def _describe_trajectories(found: PlanTrajectories, request: DossierRequest) -> Section:
    del request
    pictures = (
        ("Stock of each material that is held over time", stock_picture),
        ("Probability of each shortage cost, with and without vault", cost_picture),
        ("Expected shortage by material and period", shortage_picture),
    )
    return Section(
        title="Stock, cost and shortage over time",
        text=f"On the same {found.scenarios:,} fresh scenarios, seed {found.seed}.",
        pictures=tuple(_picture(text, draw(found)) for text, draw in pictures),
    )


def _compute_rules(request: DossierRequest) -> RuleComparison:
    return optimization.compare_rules(
        request.case,
        request.plan,
        number_of_scenarios=request.fresh.number_of_scenarios,
        seed=request.fresh.seed,
        trigger=request.fresh.price_trigger,
        value_scenarios=request.fresh.value_scenarios,
        on_stage=request.on_stage,
        executor=request.executor,
    )


def _describe_rules(found: RuleComparison, request: DossierRequest) -> Section:
    value = rules.value(found)
    text = (
        "Other release rules with the levels of the plan, on the same scenarios. The "
        "clairvoyant knows the future; no rule can be better."
    )
    return Section(
        title="Other rules beside those of the plan",
        text=f"{text}\n\n{value}" if isinstance(value, str) else text,
        tables=printed(*rules.rule_tables(found, request.case)),
        pictures=(
            _picture(
                "Expected shortage cost by rule, with intervals",
                rules_picture(found),
            ),
        ),
    )


def _compute_explanation(request: DossierRequest) -> Explanation:
    return optimization.explain(
        request.case,
        request.plan,
        factors=BUDGET_FACTORS,
        table=request.scenarios,
        on_step=_silent,
        executor=request.executor,
    )


def _silent(step: str) -> None:
    """Report no step: the stage is reported as one."""


def _describe_explanation(found: Explanation, request: DossierRequest) -> Section:
    del request
    around = found.frontier
    return Section(
        title="Why the plan is as it is",
        text=(
            "On the planning scenarios: what all, the last and the next lot of each "
            "material avoid, what each tranche is worth, which limits have no room, "
            "what causes the cost, which materials depend on each other, and what "
            "other budgets would buy. Each value is that of one change alone."
        ),
        tables=printed(
            explanation.worth(found),
            explanation.why_not_more(found),
            explanation.tranches(found),
            explanation.limits(found),
            explanation.events(found),
            explanation.scenarios(found),
            explanation.codependences(found),
            None
            if around is None
            else variations.budgets(around, variations.SOLVED_ANEW),
        ),
        pictures=()
        if around is None
        else (
            _picture(
                "Shortage cost and its bound over the budgets around the case's",
                frontier_picture(around.points),
            ),
        ),
    )


def _compute_sensitivity(request: DossierRequest) -> Sensitivity:
    found = optimization.sensitivity(
        request.case,
        tuple(Assumption),
        DEFAULT_CHANGES,
        request.on_stage,
        lambda: False,
        executor=request.executor,
    )
    if isinstance(found, Sensitivity):
        return found
    ended = found.termination.value
    raise InvalidCaseError([Mistake("--sensitivity", ended, "a case with a plan")])


def _describe_sensitivity(found: Sensitivity, request: DossierRequest) -> Section:
    is_same = found.plan_hash == request.plan.content_hash
    return Section(
        title="The answer under other assumptions",
        text=(
            "The case solved again with each assumption lowered and raised, and with "
            "several changed together. The base plan is the case solved once more, "
            f"{'the plan audited here' if is_same else 'not the plan audited here'}. "
            f"Materials are ranked by the money spent on them. {found.headline() or ''}"
        ).strip(),
        tables=printed(*variations.sensitivity_tables(found, request.case)),
        pictures=(
            _picture(
                "Expected shortage cost as each assumption is lowered and raised",
                tornado_picture(found.bars(), found.expected_shortage_cost_usd),
            ),
        ),
    )


def _compute_history(request: DossierRequest) -> History:
    return optimization.replay_history(request.case, request.plan, None)


def _describe_history(found: History, request: DossierRequest) -> Section:
    del request
    text = (
        "What the plan would have done in past disruptions. Days are counted in whole "
        "periods; a period counts as its worst day. Only affected products are "
        "listed; the tables in the zip have all."
    )
    return Section(
        title="The plan in history",
        text=text if found.replays else "The case has no historic replays.",
        tables=printed(*evaluation.history_tables(found)),
    )


def _compute_calibration(request: DossierRequest) -> Calibration:
    return optimization.calibrate(request.case)


def _describe_calibration(found: Calibration, request: DossierRequest) -> Section:
    del request
    parts = calibration.calibration_tables(found)
    words = " ".join(part for part in parts if isinstance(part, str))
    return Section(
        title="Losses beside published figures",
        text=(
            "What a year without one supplier costs in the case, without a reserve, "
            "and what was published. Losses given the cut-off and losses weighted by "
            "its probability are different kinds: each is compared with its own.\n\n"
            f"{words}"
        ),
        tables=printed(*parts),
    )


def _picture(text: str, figure: Figure) -> Picture:
    return Picture(text, rendered(figure, "svg"))


PARTS: tuple[DossierPart[Any], ...] = (
    DossierPart(
        "explanation",
        "why the plan is as it is",
        _compute_explanation,
        _describe_explanation,
    ),
    DossierPart(
        "evaluation", "fresh scenarios", _compute_evaluation, _describe_evaluation
    ),
    DossierPart(
        "trajectories", "trajectories", _compute_trajectories, _describe_trajectories
    ),
    DossierPart("financing", "financing view", _compute_financing, _describe_financing),
    DossierPart("rule_comparison", "other rules", _compute_rules, _describe_rules),
    DossierPart("history", "historic replays", _compute_history, _describe_history),
    DossierPart(
        "calibration", "published losses", _compute_calibration, _describe_calibration
    ),
)
SENSITIVITY: DossierPart[Sensitivity] = DossierPart(
    "sensitivity", "other assumptions", _compute_sensitivity, _describe_sensitivity
)


def parts_of(request: DossierRequest) -> tuple[DossierPart[Any], ...]:
    """Return the parts requested, in the order of the report."""
    return (*PARTS, SENSITIVITY) if request.has_sensitivity else PARTS
