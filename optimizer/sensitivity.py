"""How the plan depends on its assumptions: the case solved again for each change.

All variants are solved in one session, on scenarios from the base's strata and random
numbers: unless hazards change, each event happens when it does in the base.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import combinations

from models.instance import Instance
from models.outcome import Outcome
from models.plan import Plan
from models.sensitivity import Assumption, RankFlip, Sensitivity, SensitivityVariant
from optimizer.assumptions import (
    COMBINATIONS,
    SCALED,
    changed,
    largest_participants,
)
from optimizer.cores import on_one_thread
from optimizer.deadline import IsInterrupted
from optimizer.decomposition.session import SolveSession
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.evaluation.statistics import mean
from optimizer.membership import members_of, with_members
from optimizer.progress import SolveCallbacks
from optimizer.scenarios.scenario_set import Floats
from optimizer.solve import planning_scenarios, solve_in_session

CHANGES = (0.15, 0.2)
LEAST_SPENT = 0.01  # of all money spent; a smaller difference is no order


class NoBasePlanError(RuntimeError):
    """The case as it is has no plan, so there is nothing to compare with.

    outcome has the reason.
    """

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        ended = outcome.termination.value
        super().__init__(f"the case ended as {ended}, expected a plan to compare with")


@dataclass(frozen=True, slots=True)
class VariantRequest:
    """A variant to be solved: its name, and the factor of each assumption.

    Or the participant that leaves the members, or that joins them.
    """

    name: str
    factors: Mapping[Assumption, float] = field(default_factory=dict[Assumption, float])
    leaves: str | None = None
    joins: str | None = None

    def applied_to(self, instance: Instance) -> Instance:
        """Return a case with its changes."""
        members = members_of(instance)
        if self.leaves is not None:
            members = tuple(x for x in members if x != self.leaves)
            return with_members(instance, members)
        if self.joins is not None:
            return with_members(instance, (*members, self.joins))
        return changed(instance, self.factors)


def variant_requests(
    instance: Instance,
    assumptions: Sequence[Assumption] = tuple(Assumption),
    changes: Sequence[float] = CHANGES,
) -> tuple[VariantRequest, ...]:
    """Return each assumption lowered and raised, then the named combinations.

    Of membership, each of the largest participants leaves it or joins it. Combinations
    are made with the largest change, of assumptions that are all wanted.
    """
    scaled = [x for x in assumptions if x in SCALED]
    members = _members(instance) if Assumption.MEMBERSHIP in assumptions else ()
    return (*_singly(scaled, changes), *members, *_together(scaled, max(changes)))


@on_one_thread
def sensitivity(
    instance: Instance,
    wanted: Sequence[VariantRequest],
    *,
    on_variant: Callable[[str], None] | None = None,
    is_interrupted: IsInterrupted | None = None,
    executors: Sequence[Executor] | None = None,
) -> Sensitivity:
    """Solve the case and each variant; variants after an interruption are left out.

    on_variant gets the name of what is solved next, and how far that is. Raises
    NoBasePlanError if the case as it is has no plan.
    """
    callbacks = SolveCallbacks(is_interrupted=is_interrupted)
    with SolveSession(executors or "local") as session:
        if on_variant is not None:
            on_variant("base")
        outcome = solve_in_session(session, instance, callbacks=callbacks)
        plan = outcome.plan
        if plan is None:
            raise NoBasePlanError(outcome)
        done: list[SensitivityVariant] = []
        for number, request in enumerate(wanted, start=1):
            if callbacks.was_interrupted():
                break
            if on_variant is not None:
                on_variant(f"{request.name} ({number} of {len(wanted)})")
            done.append(_variant(session, instance, plan, request, callbacks))
    return Sensitivity(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        expected_shortage_cost_usd=plan.promise.expected_shortage_cost_usd,
        cost_without_vault_usd=plan.promise.cost_without_vault_usd,
        cost_of_holding_usd=plan.promise.cost_of_holding_usd,
        net_benefit_usd=plan.promise.net_benefit_usd,
        gap=plan.promise.gap,
        spent_usd=_spent(plan),
        variants=tuple(done),
    )


def _singly(
    assumptions: Sequence[Assumption], changes: Sequence[float]
) -> Iterator[VariantRequest]:
    for name in assumptions:
        for change in changes:
            for sign in (-1, 1):
                yield VariantRequest(
                    f"{name.words} {100 * sign * change:+.0f} %",
                    {name: 1 + sign * change},
                )


def _members(instance: Instance) -> Iterator[VariantRequest]:
    members, name = members_of(instance), instance.index.participant_name
    for o in largest_participants(instance):
        if o in members:
            yield VariantRequest(f"without {name[o]}", leaves=o)
        else:
            yield VariantRequest(f"with {name[o]}", joins=o)


def _together(
    assumptions: Sequence[Assumption], change: float
) -> Iterator[VariantRequest]:
    for name, signs in COMBINATIONS.items():
        if set(signs) <= set(assumptions):
            factors = {key: 1 + sign * change for key, sign in signs.items()}
            yield VariantRequest(f"{name} ({100 * change:.0f} %)", factors)


def _variant(
    session: SolveSession,
    instance: Instance,
    plan: Plan,
    request: VariantRequest,
    callbacks: SolveCallbacks,
) -> SensitivityVariant:
    other = request.applied_to(instance)
    scenarios = planning_scenarios(other, like=instance)
    happened = replay(other, scenarios, decisions_of(other, plan))
    outcome = solve_in_session(session, other, like=instance, callbacks=callbacks)
    return _described(request, outcome, plan, happened, scenarios.probability)


def _described(
    request: VariantRequest,
    outcome: Outcome,
    plan: Plan,
    happened: PlanReplay,
    probability: Floats,
) -> SensitivityVariant:
    """Describe a variant; happened is the base's plan in it."""
    found = outcome.plan
    promise = None if found is None else found.promise
    spent = {} if found is None else _spent(found)
    return SensitivityVariant(
        name=request.name,
        factors=dict(request.factors),
        leaves=request.leaves,
        joins=request.joins,
        termination=outcome.termination,
        expected_shortage_cost_usd=promise and promise.expected_shortage_cost_usd,
        objective_usd=promise and promise.objective_usd,
        lower_bound_usd=promise and promise.lower_bound_usd,
        cost_without_vault_usd=promise and promise.cost_without_vault_usd,
        cost_of_holding_usd=promise and promise.cost_of_holding_usd,
        net_benefit_usd=promise and promise.net_benefit_usd,
        base_plan_cost_usd=mean(happened.scenario_costs(), probability),
        base_plan_lowest_cash_usd=float(happened.cash.min()),
        spent_usd=spent,
        flips=flips(_spent(plan), spent) if spent else (),
    )


def flips(
    before: Mapping[str, float], after: Mapping[str, float]
) -> tuple[RankFlip, ...]:
    """Return the pairs of materials whose order by money spent is turned round.

    Only differences of more than 1 % of all that is spent count as an order.
    """
    least = LEAST_SPENT * max(sum(before.values()), sum(after.values()))
    turned: list[RankFlip] = []
    for one, other in combinations(before, 2):
        was, now = before[one] - before[other], after[one] - after[other]
        if min(abs(was), abs(now)) > least and was * now < 0:
            above, below = (one, other) if was > 0 else (other, one)
            turned.append(RankFlip(was_above=above, is_above=below))
    return tuple(turned)


def _spent(plan: Plan) -> dict[str, float]:
    return {level.material: level.cost_usd for level in plan.levels}
