"""A plan as one participant sees it: its cost, rights and lines, nothing else."""

from concurrent.futures import Executor
from functools import partial

import numpy as np

from models.entitlement import EntitlementOffer
from models.instance import Instance
from models.member_fees import fee_if_member_usd
from models.participant_view import (
    LineRun,
    MembershipView,
    ParticipantView,
)
from models.plan import Plan, Tranche
from optimizer.cores import on_one_thread
from optimizer.evaluation.chunks import executors_for, in_chunks, joined
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.history import replay_history
from optimizer.evaluation.own_cost import OwnCosts, own_costs
from optimizer.evaluation.right_view import right_view
from optimizer.evaluation.statistics import confidence_interval, cvar, mean
from optimizer.executors import map_in_order
from optimizer.problem import discount_factors
from optimizer.scenarios import Batches, sample_batches
from optimizer.scenarios.scenario_set import ScenarioSet


class UnknownParticipantError(ValueError):
    """The case has no such participant; the message does not name the others."""


@on_one_thread
def participant_view(
    instance: Instance,
    plan: Plan,
    participant: str,
    *,
    number_of_scenarios: int,
    seed: int,
    executors: tuple[Executor, ...] | None = None,
) -> ParticipantView:
    """Return what a plan means for one participant, and nothing of any other.

    Costs are its own, without priority weights, discounted. Where several participants
    value a tonne alike, its allocation is one of several equally good ones. Raises
    UnknownParticipantError, or PlanMismatchError if the plan does not fit the case.
    """
    o = position_of(instance, participant)
    decisions = decisions_of(instance, plan)
    drawn = sample_batches(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    found = _followed(instance, decisions, o, drawn.scenarios, executors)
    probability, level = drawn.scenarios.probability, instance.options.cvar_level
    rights = _rights(instance, decisions, participant)
    return ParticipantView(
        participant=participant,
        name=instance.participants[o].name,
        scenarios=number_of_scenarios,
        seed=seed,
        shortage_cost_usd=mean(found.with_plan, probability),
        shortage_cost_interval_usd=confidence_interval(
            found.with_plan, probability, drawn.batch
        ),
        cost_without_vault_usd=mean(found.without_vault, probability),
        cvar_level=level,
        cvar_usd=cvar(found.with_plan, probability, level),
        cvar_without_vault_usd=cvar(found.without_vault, probability, level),
        membership=_membership(instance, o, drawn, found),
        rights=tuple(
            right_view(instance, drawn, found, i, *right)
            for i, right in enumerate(rights)
        ),
        offers_not_awarded=_not_awarded(instance, decisions, participant),
        lines=_lines(instance, plan, participant),
    )


def position_of(instance: Instance, participant: str) -> int:
    """Return the position of a participant, or raise UnknownParticipantError."""
    if participant not in instance.index.participant:
        msg = f"no participant {participant}, expected a participant of the case"
        raise UnknownParticipantError(msg)
    return instance.index.participant[participant]


def _membership(
    instance: Instance, o: int, drawn: Batches, found: OwnCosts
) -> MembershipView | None:
    if instance.membership is None:
        return None
    fee = fee_if_member_usd(instance)[instance.participants[o].id]
    years = np.array(instance.horizon.period_lengths_years)
    probability, avoided = drawn.scenarios.probability, found.by_membership
    return MembershipView(
        is_member=instance.index.is_member[o],
        fee_usd_per_year=fee,
        fees_usd=fee * float(years @ discount_factors(instance)),
        avoided_cost_usd=mean(avoided, probability),
        avoided_cost_interval_usd=confidence_interval(
            avoided, probability, drawn.batch
        ),
    )


def _followed(
    instance: Instance,
    decisions: Decisions,
    o: int,
    scenarios: ScenarioSet,
    executors: tuple[Executor, ...] | None,
) -> OwnCosts:
    """Follow all scenarios, chunk by chunk."""
    follow = partial(own_costs, instance, decisions, o)
    with executors_for(scenarios.number_of_scenarios, executors) as opened:
        parts = list(map_in_order(opened, follow, in_chunks(scenarios)))
    return joined(parts, axis=-1)


def _rights(
    instance: Instance, decisions: Decisions, participant: str
) -> list[tuple[EntitlementOffer, Tranche]]:
    """Return the participant's offers with their tranches, in the order of the case."""
    held = {x.offer: x for x in decisions.tranches if x.offer is not None}
    return [
        (offer, held[offer.id])
        for offer in instance.index.offer.values()
        if offer.participant == participant and offer.id in held
    ]


def _not_awarded(
    instance: Instance, decisions: Decisions, participant: str
) -> tuple[str, ...]:
    held = {x.offer for x in decisions.tranches}
    return tuple(
        offer.id
        for offer in instance.entitlement_offers
        if offer.participant == participant and offer.id not in held
    )


def _lines(instance: Instance, plan: Plan, participant: str) -> tuple[LineRun, ...]:
    return tuple(
        LineRun(
            replay=run.replay,
            replay_name=run.name,
            product=product.product,
            name=product.name,
            with_vault=product.with_vault,
            without_vault=product.without_vault,
        )
        for run in replay_history(instance, plan).replays
        for product in run.products
        if product.participant == participant
    )
