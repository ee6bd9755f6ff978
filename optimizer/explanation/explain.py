"""Why a plan is as it is: each part changed by a little, and followed again."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from models.explanation import (
    Alternative,
    Explanation,
    LotWorth,
    MaterialReason,
    TrancheWorth,
)
from models.instance import Instance
from models.plan import Level, Plan
from optimizer.executors import open_executors
from optimizer.explanation.bundles import codependences
from optimizer.explanation.drivers import drivers
from optimizer.explanation.limits import (
    ShareLimits,
    money_limits,
    share_limits,
)
from optimizer.explanation.lots import Pool, candidate_name
from optimizer.explanation.reasons import Yardsticks, reason
from optimizer.explanation.viewpoint import Viewpoint, viewpoint
from optimizer.first_stage.limit_text import Key, limit_texts
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
    on_step: OnStep = _silent,
    executors: Sequence[Executor] | None = None,
) -> Explanation:
    """Return why a plan is as it is, on the scenarios that it was made with.

    on_step is told what is looked at next. Without executors processes of this machine
    are used if the case is large. Raises UnknownPartError if the plan is not of the
    case's menu.
    """
    if executors is None:
        problem = outline(instance, planning_scenarios(instance))
        with open_executors(where_to_work(number_of_responses(problem))) as opened:
            return explain(instance, plan, on_step=on_step, executors=opened)
    on_step("the plan on its planning scenarios")
    with viewpoint(instance, plan, executors) as view:
        return _explained(view, instance, plan, on_step)


def _explained(
    view: Viewpoint, instance: Instance, plan: Plan, on_step: OnStep
) -> Explanation:
    on_step("limits")
    limits = share_limits(view)
    reached = [*limits.reached(view.trial), *money_limits(view, plan)]
    promise = plan.promise
    against = Yardsticks(
        objective_usd=view.objective_usd,
        gap_usd=promise.objective_usd - promise.lower_bound_usd,
        price_of_money=promise.budget_shadow_price or 0.0,
    )
    on_step("tranches")
    tranches = tuple(_tranches(view, plan))
    worth = {
        m: view.worth(view.without((m,)))
        for m, level in enumerate(plan.levels)
        if level.tonnes > 0
    }
    reasons: list[MaterialReason] = []
    for m, level in enumerate(plan.levels):
        on_step(level.name)
        looked_at = _look_at(view, limits, m, plan)
        limit = limit_texts(view.problem, looked_at.broken)
        text = reason(looked_at.next, limit, against)
        reasons.append(_reason(level, worth.get(m, 0.0), looked_at, limit, text))
        reached += looked_at.broken
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
        materials=tuple(reasons),
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
    """A lot less, a lot more and a lot elsewhere, and what a lot more would break."""

    last: LotWorth | None
    next: LotWorth | None
    best: Alternative | None
    broken: list[Key]


def _look_at(view: Viewpoint, limits: ShareLimits, m: int, plan: Plan) -> _LookedAt:
    names = [holding.name for holding in view.problem.holdings]
    h = names.index(holding_name(view.problem.instance.materials[m].id, None))
    pool = Pool(view, h, plan.promise.budget_shadow_price or 0.0)
    found = pool.next_lot()
    if found is None:
        return _LookedAt(pool.last_lot(), None, pool.next_best(), [])
    worth, move = found
    broken = limits.broken(view.with_share(h, move.changes))
    most = view.problem.instance.options.max_tranches
    if pool.is_new(move) and np.count_nonzero(view.trial.shares[h]) >= most:
        broken.append(("tranche_limit", (names[h],)))
    return _LookedAt(pool.last_lot(), worth, pool.next_best(), broken)


def _reason(
    level: Level,
    avoided_usd: float,
    looked_at: _LookedAt,
    limits: tuple[str, ...],
    text: str,
) -> MaterialReason:
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
