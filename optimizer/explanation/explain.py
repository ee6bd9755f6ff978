"""Why a plan is as it is: each part changed by a little, and followed again."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from models.explanation import (
    Alternative,
    Explanation,
    LotWorth,
    MaterialReason,
    TrancheWorth,
)
from models.instance import Instance
from models.plan import Level, Plan
from optimizer.decomposition.trial import Trial
from optimizer.executors import open_executors
from optimizer.explanation.bundles import codependences
from optimizer.explanation.drivers import drivers
from optimizer.explanation.limits import (
    money_limits,
    share_limits,
)
from optimizer.explanation.lots import Pool, candidate_name
from optimizer.explanation.money import payable
from optimizer.explanation.reasons import reason
from optimizer.explanation.viewpoint import Viewpoint, viewpoint
from optimizer.first_stage.limit_text import Key, limit_texts
from optimizer.frontier import frontier
from optimizer.policies.holding import holding_name
from optimizer.problem import outline
from optimizer.solve import number_of_responses, planning_scenarios, where_to_work

OnStep = Callable[[str], None]


def _silent(step: str) -> None:
    """Tell nobody."""


def explain(
    instance: Instance,
    plan: Plan,
    *,
    factors: Sequence[float] = (),
    on_step: OnStep = _silent,
    executors: Sequence[Executor] | None = None,
) -> Explanation:
    """Return why a plan is as it is, on the scenarios that it was made with.

    factors are those of the budgets for which the case is solved again; on_step is told
    what is looked at next. Without executors processes of this machine
    are used if the case is large. Raises UnknownPartError if the plan is not of the
    case's menu.
    """
    if executors is None:
        problem = outline(instance, planning_scenarios(instance))
        with open_executors(where_to_work(number_of_responses(problem))) as opened:
            return explain(
                instance, plan, factors=factors, on_step=on_step, executors=opened
            )
    on_step("the plan on its planning scenarios")
    with viewpoint(instance, plan, executors) as view:
        found = _explained(view, instance, plan, on_step)
        as_solved = view.problem.instance
    if not factors:
        return found
    on_step("budgets around that of the case")
    around = frontier(as_solved, factors, executors=executors)
    return found.model_copy(update={"frontier": around})


def _explained(
    view: Viewpoint, instance: Instance, plan: Plan, on_step: OnStep
) -> Explanation:
    promise = plan.promise
    on_step("tranches")
    tranches = tuple(_tranches(view, plan))
    worth = {
        m: view.worth(view.without((m,)))
        for m, level in enumerate(plan.levels)
        if level.tonnes > 0
    }
    looked_at = list(_lots(view, plan, on_step))
    on_step("limits")
    is_payable = _payable(view, looked_at)
    reached = [*share_limits(view).reached(view.trial), *money_limits(view, plan)]
    reached += [key for x in looked_at for key in x.broken]
    on_step("materials that need each other")
    needed = codependences(view, worth)
    events, scenarios = drivers(view)
    return Explanation(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=len(view.costs),
        expected_shortage_cost_usd=promise.expected_shortage_cost_usd,
        gap=promise.gap,
        budget_shadow_price=promise.budget_shadow_price,
        materials=tuple(
            _reason(view, level, worth.get(m, 0.0), x, is_payable=is_payable[m])
            for m, (level, x) in enumerate(zip(plan.levels, looked_at, strict=True))
        ),
        tranches=tranches,
        limits=limit_texts(view.problem, reached),
        events=events,
        driving_scenarios=scenarios,
        codependences=needed,
    )


def _tranches(view: Viewpoint, plan: Plan) -> Iterator[TrancheWorth]:
    """Yield what each tranche is worth, in the plan's order."""
    for (h, c), tranche in zip(view.places, plan.tranches(), strict=True):
        yield TrancheWorth(
            material=tranche.material,
            offer=tranche.offer,
            participant=tranche.participant,
            candidate=candidate_name(view.problem.menus[h].candidates[c]),
            lots=tranche.lots,
            tonnes=tranche.tonnes,
            avoided_usd=view.worth(view.without_tranche(h, c)),
            text=tranche.text,
        )


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """A lot less, a lot more and a lot elsewhere of one material.

    trial is the plan with a lot more, None if the menu has none; broken are the limits
    on shares that it does not keep.
    """

    last: LotWorth | None
    next: LotWorth | None
    best: Alternative | None
    trial: Trial | None
    broken: list[Key]


def _lots(view: Viewpoint, plan: Plan, on_step: OnStep) -> Iterator[_LookedAt]:
    """Yield what is found for each material, in the order of the case."""
    limits = share_limits(view)
    names = [holding.name for holding in view.problem.holdings]
    price = plan.promise.budget_shadow_price or 0.0
    for level in plan.levels:
        on_step(level.name)
        h = names.index(holding_name(level.material, None))
        pool = Pool(view, h, price)
        found = pool.next_lot()
        if found is None:
            yield _LookedAt(pool.last_lot(), None, pool.next_best(), None, [])
            continue
        worth, move = found
        trial = view.with_share(h, move.changes)
        broken = limits.broken(trial)
        if pool.is_beyond_limit(move):
            broken.append(("tranche_limit", (names[h],)))
        yield _LookedAt(pool.last_lot(), worth, pool.next_best(), trial, broken)


def _payable(view: Viewpoint, looked_at: Sequence[_LookedAt]) -> list[bool]:
    """Say by material whether a lot more fits and can be paid for."""
    fitting = [
        (m, x.trial)
        for m, x in enumerate(looked_at)
        if x.trial is not None and not x.broken
    ]
    answers = payable(view.problem, [trial for _, trial in fitting])
    is_payable = [False] * len(looked_at)
    for (m, _), answer in zip(fitting, answers, strict=True):
        is_payable[m] = answer
    return is_payable


def _reason(
    view: Viewpoint,
    level: Level,
    avoided_usd: float,
    looked_at: _LookedAt,
    *,
    is_payable: bool,
) -> MaterialReason:
    limits = limit_texts(view.problem, looked_at.broken)
    text = reason(looked_at.next, limits, view.objective_usd, is_payable=is_payable)
    return MaterialReason(
        material=level.material,
        name=level.name,
        lots=level.lots,
        tonnes=level.tonnes,
        days_of_cover=level.days_of_cover,
        avoided_usd=avoided_usd,
        last_lot=looked_at.last,
        next_lot=looked_at.next,
        next_best=looked_at.best,
        limits=limits,
        reason=text,
    )
