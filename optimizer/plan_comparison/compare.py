"""Two plans side by side: what changes, the facts behind it, what keeping one costs."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from models.instance import Instance
from models.moved_on import moved_on
from models.options import SolveOptions
from models.plan import Plan
from models.plan_comparison import ComparedPlan, KeptPlan, PlanComparison
from models.reading import InvalidCaseError
from optimizer.cores import on_one_thread
from optimizer.evaluation.decisions import PlanMismatchError
from optimizer.plan_comparison.changes import (
    contract_changes,
    figure_changes,
    level_changes,
    right_changes,
    sale_changes,
    step_changes,
    tranche_changes,
)
from optimizer.plan_comparison.effects import topic_changes
from optimizer.plan_comparison.facts import fact_changes
from optimizer.plan_comparison.keeping import keep
from optimizer.scenarios.scenario_set import ScenarioSet


@dataclass(frozen=True, slots=True)
class PlanOfCase:
    """A plan with the case that it was made for."""

    case: Instance
    plan: Plan

    def as_solved(self) -> Instance:
        """Return the case with the options that the plan was made with."""
        options = SolveOptions.model_validate(self.plan.provenance.options)
        return self.case.model_copy(update={"options": options})


def plan_changes(
    before: Plan,
    after: Plan,
    cases: tuple[Instance, Instance] | None = None,
) -> PlanComparison:
    """Return what changes from one plan to another, without facts and costs of keeping.

    The cases only say when the plans start.
    """
    old, new = before.promise, after.promise
    starts = (None, None) if cases is None else [x.horizon.start for x in cases]
    was, now = (
        ComparedPlan(
            plan_hash=plan.content_hash,
            instance_id=plan.provenance.instance_id,
            instance_hash=plan.provenance.instance_hash,
            number_of_periods=len(plan.financing),
            start=start,
            number_of_scenarios=plan.provenance.number_of_scenarios,
            seed=plan.provenance.seed,
            fresh_cost_usd=(
                None if plan.fresh is None else plan.fresh.expected_shortage_cost_usd
            ),
            fresh_interval_usd=(
                None if plan.fresh is None else plan.fresh.confidence_interval_usd
            ),
        )
        for plan, start in zip((before, after), starts, strict=True)
    )
    return PlanComparison(
        before=was,
        after=now,
        figures=tuple(figure_changes(before, after)),
        best_objective_change_usd=(
            new.lower_bound_usd - old.objective_usd,
            new.objective_usd - old.lower_bound_usd,
        ),
        levels=tuple(level_changes(before, after)),
        tranches=tuple(tranche_changes(before, after)),
        steps=tuple(step_changes(before, after)),
        rights=tuple(right_changes(before, after)),
        contracts=tuple(contract_changes(before, after)),
        sales=tuple(sale_changes(before, after)),
    )


def as_it_stands(before: Instance, after: Instance) -> tuple[Instance, int]:
    """Return a case at the start of a later one, and how many periods later that is.

    The case itself, and 0, if no period of it starts then or it cannot be moved on.
    """
    horizon = before.horizon
    for k in range(1, horizon.number_of_periods):
        if horizon.start_of(k) == after.horizon.start:
            try:
                return moved_on(before, k).case, k
            except InvalidCaseError:
                break
    return before, 0


@on_one_thread
def compare_plans(  # noqa: PLR0913 - each is a choice of the caller
    before: PlanOfCase,
    after: PlanOfCase,
    *,
    number_of_scenarios: int,
    seed: int,
    given: ScenarioSet | None = None,
    on_stage: Callable[[str], None] = lambda _: None,
    executors: tuple[Executor, ...] | None = None,
) -> PlanComparison:
    """Return what changes from one plan to another, why, and what keeping it costs.

    number_of_scenarios are fresh ones, on which both plans are followed in the case of
    the second, unless scenarios are given. Nothing is solved.
    """
    cases = before.as_solved(), after.as_solved()
    found = plan_changes(before.plan, after.plan, cases)
    on_stage("following the first plan with the facts of the second case, by topic")
    was, periods_later = as_it_stands(*cases)
    topics = topic_changes(
        (was, cases[1]), fact_changes(was, cases[1]), before.plan, periods_later
    )
    kept: KeptPlan | None = None
    reason: str | None = None
    update = {"periods_later": periods_later, "topics": tuple(topics)}
    on_stage("following both plans in the second case")
    try:
        kept = keep(
            cases[1],
            after.plan,
            before.plan,
            periods_later=periods_later,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            given=given,
            executors=executors,
        )
    except PlanMismatchError as error:
        reason = str(error)
    return found.model_copy(update={**update, "kept": kept, "not_kept_because": reason})
