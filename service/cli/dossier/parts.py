"""The documents of an audit, one after the other: how each is found and told.

To add one: a function that finds it, a function that tells it, a line in PARTS. Its
JSON, its tables and its section in the report follow from that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

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
from models.sensitivity import Assumption, Sensitivity
from models.trajectories import PlanTrajectories
from service import optimization
from service.cli.dossier.sections import printed
from service.cli.options import BUDGET_FACTORS, DEFAULT_CHANGES, DEFAULT_PRICE_FALL
from service.cli.tables import evaluation, explanation, financing, rules, variations
from service.dossier.section import Picture, Section
from service.pictures.cost import cost_picture
from service.pictures.financing import financing_picture
from service.pictures.frontier import frontier_picture
from service.pictures.rules import rules_picture
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.pictures.style import rendered
from service.pictures.tornado import tornado_picture

Document = TypeVar("Document", bound=Record)


@dataclass(frozen=True, slots=True)
class Request:
    """What is audited, on which fresh scenarios, and who is told how it goes."""

    case: Instance
    plan: Plan
    fresh: FreshSample
    executor: str
    on_stage: Callable[[str], None]
    has_sensitivity: bool = False


@dataclass(frozen=True, slots=True)
class Part(Generic[Document]):
    """A document of the audit: name of its files, how it is found, how it is told."""

    name: str
    doing: str
    find: Callable[[Request], Document]
    tell: Callable[[Document, Request], Section]


def _find_financing(request: Request) -> FinancingView:
    return optimization.financing_view(
        request.case,
        request.plan,
        number_of_scenarios=request.fresh.number_of_scenarios,
        seed=request.fresh.seed,
        price_fall=DEFAULT_PRICE_FALL,
        defaulted=None,
    )


def _tell_financing(found: FinancingView, request: Request) -> Section:
    del request
    return Section(
        title="Financing on fresh scenarios",
        text=(
            "What a lender asks: what the loans cost, how cash and collateral may "
            "develop, how near the covenants come, and what a fall of all prices and "
            "the default of the participant with the largest rights would do. The fans "
            "are those drawn with the evaluation, on the same scenarios."
        ),
        tables=printed(
            financing.schedule(found),
            financing.fans(found),
            financing.covenants(found),
            financing.stresses(found),
        ),
    )


def _find_evaluation(request: Request) -> Evaluation:
    fresh = Fresh(
        number_of_scenarios=request.fresh.number_of_scenarios, seed=request.fresh.seed
    )
    return optimization.evaluate(
        request.case, request.plan, [], fresh=fresh, executor=request.executor
    )


def _tell_evaluation(found: Evaluation, request: Request) -> Section:
    return Section(
        title="Evaluation on fresh scenarios",
        text=(
            "The plan's rules, followed through scenarios that it was not made with. "
            "The promise is exact for the planning scenarios and an estimate here: the "
            "interval says how far the mean of these scenarios may be from the true "
            "one."
        ),
        tables=printed(
            evaluation.statistics(found, request.plan),
            financing.few_periods(found),
            evaluation.materials(found),
            evaluation.products(found),
            evaluation.replays(found),
        ),
        pictures=(
            Picture(
                "Cash, stock at market price beside debt, collateral cover and debt "
                "service cover over time",
                _financing_svg(found, request.case),
            ),
        ),
    )


def _financing_svg(found: Evaluation, case: Instance) -> bytes:
    limit = case.financing.collateral_cover
    draw = partial(financing_picture, found.fans, found.scenarios, limit)
    return rendered(draw, "svg")


def _find_trajectories(request: Request) -> PlanTrajectories:
    return optimization.trajectories(
        request.case,
        request.plan,
        number_of_scenarios=request.fresh.number_of_scenarios,
        seed=request.fresh.seed,
    )


def _tell_trajectories(found: PlanTrajectories, request: Request) -> Section:
    del request
    drawn = (
        ("Stock of each material that is held over time", stock_picture),
        ("Probability of each shortage cost, with and without vault", cost_picture),
        ("Expected shortage by material and period", shortage_picture),
    )
    return Section(
        title="Stock, cost and shortage over time",
        text=f"On the same {found.scenarios:,} fresh scenarios, seed {found.seed}.",
        pictures=tuple(
            Picture(text, rendered(partial(picture, found), "svg"))
            for text, picture in drawn
        ),
    )


def _find_rules(request: Request) -> RuleComparison:
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


def _tell_rules(found: RuleComparison, request: Request) -> Section:
    value = rules.value(found)
    text = (
        "Other release rules with the levels of the plan, on the same scenarios. The "
        "clairvoyant knows all that will happen; no rule can be better."
    )
    return Section(
        title="Other rules beside those of the plan",
        text=f"{text}\n\n{value}" if isinstance(value, str) else text,
        tables=printed(
            rules.rules(found),
            rules.best_rules(found, request.case),
            value,
        ),
        pictures=(
            Picture(
                "Expected shortage cost by rule, with intervals",
                rendered(partial(rules_picture, found), "svg"),
            ),
        ),
    )


def _find_explanation(request: Request) -> Explanation:
    return optimization.explain(
        request.case,
        request.plan,
        factors=BUDGET_FACTORS,
        on_step=_ignore,
        executor=request.executor,
    )


def _ignore(step: str) -> None:
    """Say nothing of the steps: they are one part."""


def _tell_explanation(found: Explanation, request: Request) -> Section:
    del request
    around = found.frontier
    return Section(
        title="Why the plan is as it is",
        text=(
            "On the planning scenarios: what all, the last and the next lot of each "
            "material avoid, what each tranche is worth, which limits have no room, "
            "what the cost comes from, which materials need each other, and what other "
            "budgets would buy. Each worth is that of one change, all else as it is."
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
            Picture(
                "Shortage cost and its bound over the budgets around the case's",
                rendered(partial(frontier_picture, around.points), "svg"),
            ),
        ),
    )


def _find_sensitivity(request: Request) -> Sensitivity:
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


def _tell_sensitivity(found: Sensitivity, request: Request) -> Section:
    names = {material.id: material.name for material in request.case.materials}
    is_same = found.plan_hash == request.plan.content_hash
    return Section(
        title="The answer under other assumptions",
        text=(
            "The case solved again with each assumption lowered and raised, and with "
            "several together. The base is the case solved once more, "
            f"{'the plan audited here' if is_same else 'not the plan audited here'}. "
            "The order of materials is that of the money spent on them."
        ),
        tables=printed(
            variations.tornado(found),
            variations.combinations(found),
            variations.flips(found, names),
        ),
        pictures=(
            Picture(
                "Expected shortage cost as each assumption is lowered and raised",
                rendered(
                    partial(
                        tornado_picture, found.bars(), found.expected_shortage_cost_usd
                    ),
                    "svg",
                ),
            ),
        ),
    )


def _find_history(request: Request) -> History:
    return optimization.replay_history(request.case, request.plan, None)


def _tell_history(found: History, request: Request) -> Section:
    del request
    text = (
        "What the plan would have done in past disruptions. Days are counted in whole "
        "periods, each by its worst. Only what was touched is listed; the tables of "
        "the file have all."
    )
    return Section(
        title="The plan in history",
        text=text if found.replays else "The case has no historic replays.",
        tables=printed(*evaluation.history_tables(found)),
    )


PARTS: tuple[Part[Any], ...] = (
    Part(
        "explanation", "why the plan is as it is", _find_explanation, _tell_explanation
    ),
    Part("evaluation", "fresh scenarios", _find_evaluation, _tell_evaluation),
    Part("trajectories", "trajectories", _find_trajectories, _tell_trajectories),
    Part("financing", "financing view", _find_financing, _tell_financing),
    Part("rule_comparison", "other rules", _find_rules, _tell_rules),
    Part("history", "historic replays", _find_history, _tell_history),
)
SENSITIVITY: Part[Sensitivity] = Part(
    "sensitivity", "other assumptions", _find_sensitivity, _tell_sensitivity
)


def parts_of(request: Request) -> tuple[Part[Any], ...]:
    """Return the parts that are asked for, in the order of the report."""
    return (*PARTS, SENSITIVITY) if request.has_sensitivity else PARTS
