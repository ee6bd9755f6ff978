"""Why a plan is as it is: the worth of each tranche, lot and limit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from models.explanation import (
    Alternative,
    Explanation,
    LotWorth,
    MaterialReason,
    RightReason,
    TrancheWorth,
)
from models.instance import Instance
from models.material import Material
from models.plan import Level, Plan
from optimizer.cores import on_one_thread
from optimizer.executors import opened
from optimizer.explanation.codependence import codependences
from optimizer.explanation.drivers import drivers
from optimizer.explanation.limits import (
    ShareLimits,
    money_limits,
    payable,
    share_limits,
)
from optimizer.explanation.lots import HoldingLots, Move, candidate_name
from optimizer.explanation.reasons import (
    IN_FORCE,
    reason,
    reason_elsewhere,
    reason_of_right,
)
from optimizer.explanation.rights import AwardedRight, awarded_rights
from optimizer.explanation.viewpoint import Viewpoint, viewpoint
from optimizer.first_stage.limit_text import Key, limit_texts
from optimizer.frontier import frontier
from optimizer.point import TrialPoint
from optimizer.policies.holding import holding_name
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.solve import executors_for

OnStep = Callable[[str], None]


@on_one_thread
def explain(
    instance: Instance,
    plan: Plan,
    *,
    factors: Sequence[float] = (),
    given: ScenarioSet | None = None,
    on_step: OnStep = lambda _: None,
    executors: Sequence[Executor] | None = None,
) -> Explanation:
    """Return why a plan is as it is, on the scenarios that it was made with.

    factors scale the budgets for which the case is solved again; on_step gets the name
    of each step. Without executors, processes of this machine are used if the case is
    large. given are the scenarios of a file, for a plan that was made for such: budgets
    are left out then. Raises PlanMismatchError if the plan is not of the case's menu,
    or was made for other scenarios.
    """
    with opened(executors or executors_for(instance, given)) as workers:
        on_step("the plan on its planning scenarios")
        with viewpoint(instance, plan, workers, given) as view:
            found = _explained(view, instance, plan, on_step)
            as_solved = view.problem.instance
        if not factors or plan.provenance.scenarios_hash is not None:
            return found
        on_step("budgets around that of the case")
        around = frontier(as_solved, factors, executors=workers)
    return found.model_copy(update={"frontier": around})


def _explained(
    view: Viewpoint, instance: Instance, plan: Plan, on_step: OnStep
) -> Explanation:
    promise = plan.promise
    on_step("tranches")
    tranches = tuple(_tranches(view, plan))
    levels = _levels(instance, plan)
    worth = {
        m: view.worth(view.without((m,)))
        for m, level in enumerate(levels)
        if level.tonnes > 0
    }
    shares = share_limits(view)
    looked_at = list(_lots(view, plan, levels, shares, on_step))
    on_step("rights")
    rights = _rights(view, shares)
    on_step("limits")
    grown = [tried for _, tried in rights if tried is not None]
    answers = _payable(view, looked_at, grown)
    reached = [*shares.reached(view.trial), *money_limits(view, plan)]
    reached += [key for x in looked_at if x.grown for key in x.grown.broken]
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
            _reason(view, level, worth.get(m, 0.0), x, answers)
            for m, (level, x) in enumerate(zip(levels, looked_at, strict=True))
        ),
        tranches=tranches,
        rights=tuple(_reason_of_right(view, *right, answers) for right in rights),
        limits=limit_texts(view.problem, reached),
        events=events,
        driving_scenarios=scenarios,
        codependences=needed,
    )


def _tranches(view: Viewpoint, plan: Plan) -> Iterator[TrancheWorth]:
    """Yield what each tranche is worth, in the plan's order."""
    names = view.problem.instance.index.participant_name
    for (h, c), tranche in zip(view.places, plan.tranches(), strict=True):
        yield TrancheWorth(
            material=tranche.material,
            offer=tranche.offer,
            participant=tranche.participant,
            participant_name=names.get(tranche.participant or ""),
            candidate=candidate_name(view.problem.menus[h].candidates[c]),
            lots=tranche.lots,
            tonnes=tranche.tonnes,
            avoided_usd=view.worth(view.without_tranche(h, c)),
            text=tranche.text,
        )


def _levels(instance: Instance, plan: Plan) -> tuple[Level, ...]:
    """Return the level of every material, in the order of the case."""
    printed = {level.material: level for level in plan.levels}
    return tuple(
        printed.get(material.id) or _nothing_held(material)
        for material in instance.materials
    )


def _nothing_held(material: Material) -> Level:
    return Level(
        material=material.id,
        name=material.name,
        tonnes=0.0,
        pool_tonnes=0.0,
        lots=0,
        days_of_cover=0.0,
        cost_usd=0.0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """The plan after a move, and the limits on shares that it does not keep."""

    trial: TrialPoint
    broken: list[Key]


Answers = Mapping[_Tried, bool]  # whether it can be paid for


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """A lot less, a lot more and a lot elsewhere of one material.

    grown and moved are the plan with a lot more and with a lot elsewhere; None if the
    menu has none.
    """

    last: LotWorth | None
    next: LotWorth | None
    best: Alternative | None
    grown: _Tried | None
    moved: _Tried | None


def _lots(
    view: Viewpoint,
    plan: Plan,
    levels: Sequence[Level],
    limits: ShareLimits,
    on_step: OnStep,
) -> Iterator[_LookedAt]:
    """Yield what is found for each material, in the order of the case."""
    names = [holding.name for holding in view.problem.holdings]
    price = plan.promise.budget_shadow_price or 0.0
    for level in levels:
        on_step(level.name)
        h = names.index(holding_name(level.material, None))
        pool = HoldingLots(view, h, price)
        more, other = pool.next_lot(), pool.next_best()
        yield _LookedAt(
            last=pool.last_lot(),
            next=more and more[0],
            best=other and other[0],
            grown=more and _tried(view, limits, pool, h, more[1]),
            moved=other and _tried(view, limits, pool, h, other[1]),
        )


def _tried(
    view: Viewpoint, limits: ShareLimits, pool: HoldingLots, h: int, move: Move
) -> _Tried:
    trial = view.with_share(h, move.changes)
    broken = limits.broken(trial)
    if pool.is_beyond_limit(move):
        broken.append(("tranche_limit", (view.problem.holdings[h].name,)))
    return _Tried(trial, broken)


def _rights(
    view: Viewpoint, limits: ShareLimits
) -> list[tuple[AwardedRight, _Tried | None]]:
    """Return each offer with the plan that has its next larger award."""
    return [
        (
            right,
            right.larger
            and _Tried(right.larger.trial, limits.broken(right.larger.trial)),
        )
        for right in awarded_rights(view)
    ]


def _payable(
    view: Viewpoint, looked_at: Sequence[_LookedAt], grown: Sequence[_Tried]
) -> Answers:
    """Say of each plan that was tried whether it fits and can be paid for."""
    tried = [x for y in looked_at for x in (y.grown, y.moved) if x is not None]
    tried += grown
    fitting = [x for x in tried if not x.broken]
    answers = payable(view.problem, [x.trial for x in fitting])
    return {
        **dict.fromkeys(tried, False),
        **dict(zip(fitting, answers, strict=True)),
    }


def _reason(
    view: Viewpoint,
    level: Level,
    avoided_usd: float,
    looked_at: _LookedAt,
    answers: Answers,
) -> MaterialReason:
    grown = looked_at.grown
    limits = () if grown is None else limit_texts(view.problem, grown.broken)
    is_payable = grown is not None and answers[grown]
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
        next_best=_elsewhere(view, looked_at, answers),
        limits=limits,
        reason=text,
    )


def _reason_of_right(
    view: Viewpoint, right: AwardedRight, grown: _Tried | None, answers: Answers
) -> RightReason:
    offer, larger = right.offer, right.larger
    limits = () if grown is None else limit_texts(view.problem, grown.broken)
    return RightReason(
        offer=offer.id,
        participant=offer.participant,
        participant_name=view.problem.instance.index.participant_name[
            offer.participant
        ],
        material=offer.material,
        lots=right.lots,
        largest_lots=offer.maximum_lots,
        avoided_usd=right.avoided_usd,
        next_lots=larger and larger.lots,
        next_avoided_usd=larger and larger.avoided_usd,
        limits=limits,
        reason=IN_FORCE
        if right.is_in_force
        else reason_of_right(
            larger and larger.avoided_usd,
            limits,
            view.objective_usd,
            is_whole=right.lots >= offer.maximum_lots,
            is_payable=grown is not None and answers[grown],
        ),
    )


def _elsewhere(
    view: Viewpoint, looked_at: _LookedAt, answers: Answers
) -> Alternative | None:
    """Return the next best candidate with the reason why it is not held."""
    best, moved = looked_at.best, looked_at.moved
    if best is None or moved is None:
        return None
    limits = limit_texts(view.problem, moved.broken)
    text = reason_elsewhere(
        best.extra_cost_usd, limits, view.objective_usd, is_payable=answers[moved]
    )
    return best.model_copy(update={"limits": limits, "reason": text})
