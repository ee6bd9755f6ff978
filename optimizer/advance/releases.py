"""Orders to release: how much of each tranche, why, and for whom."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.instance import Instance
from models.orders import Allotment, HandOver, ReleaseOrder
from optimizer.advance.binding import binding_limit
from optimizer.advance.tranche_month import TrancheMonth
from optimizer.evaluation.replay import PlanReplay, tonnes_of_others
from optimizer.policies.order_text import alert_text, gap_text, release_text
from optimizer.policies.policy_text import tonnes
from optimizer.scenarios.scenario_set import Floats

# What a solver leaves of an allocation.
DUST = 1e-9


def release_orders(
    instance: Instance,
    happened: PlanReplay,
    months: Sequence[TrancheMonth],
    since: Mapping[str, dt.date],
) -> Iterator[ReleaseOrder]:
    """Yield the orders of tranches that see a gap, those that release nothing too.

    since has the first day of the alert by material.
    """
    for month in months:
        if month.gap <= 0 or month.at_start <= 0:
            continue
        tranche, bound_by = month.tranche, binding_limit(month)
        alert = alert_text(month.alert, since.get(tranche.material))
        owner = instance.index.participant_name.get(tranche.participant or "")
        coverage = float(month.policy.coverage[0, month.alert])
        gap = gap_text(month.gap, coverage, owner)
        shares = dict(_beneficiaries(instance, happened, months, month))
        yield ReleaseOrder(
            material=tranche.material,
            offer=tranche.offer,
            tranche=month.name,
            label=month.label,
            tonnes=month.released,
            reason=release_text(alert, month.at_start, month.released, bound_by, gap),
            rule=tranche.text,
            alert=month.alert,
            alert_since=since.get(tranche.material),
            gap_tonnes=month.gap,
            on_hand_tonnes=month.at_start,
            bound_by=bound_by,
            beneficiaries=tuple(
                Allotment(participant=name, tonnes=amount)
                for name, amount in shares.items()
            ),
            unallotted_tonnes=_rest(month.released, sum(shares.values())),
        )


def hand_overs(months: Sequence[TrancheMonth]) -> Iterator[HandOver]:
    """Yield what beneficiaries take at the end of their rights."""
    for month in months:
        tranche = month.tranche
        if month.handed_over > 0 and tranche.participant is not None:
            yield HandOver(
                material=tranche.material,
                offer=tranche.offer,
                tranche=month.name,
                label=month.label,
                tonnes=month.handed_over,
                reason=(
                    f"The right ends in this period: {tonnes(month.handed_over)} are "
                    "left"
                ),
                participant=tranche.participant,
            )


def _beneficiaries(
    instance: Instance,
    happened: PlanReplay,
    months: Sequence[TrancheMonth],
    month: TrancheMonth,
) -> Iterator[tuple[str, float]]:
    """Yield who gets how much of a release, in the order of the case.

    A right serves its holder. Of what is pooled of a material, each tranche gives each
    participant the same part as all others do.
    """
    if month.released <= 0:
        return
    if month.tranche.participant is not None:
        yield month.tranche.participant, month.released
        return
    recourse, m = happened.recourse, month.part.holding.m
    to_all = _pooled(instance, happened, months, m)
    part = (month.released - month.for_others) / to_all if to_all > 0 else 0.0
    by_gap = part * happened.allocation.allocated
    by_gap = by_gap + tonnes_of_others(recourse, m, _alone(happened, month.for_others))
    owners = np.array(happened.market.pairs).reshape(-1, 2)[recourse.gap_pair]
    found: dict[int, float] = defaultdict(float)
    for g in np.flatnonzero((owners[:, 1] == m) & (recourse.gap_t == 0)):
        found[int(owners[g, 0])] += float(by_gap[g])
    for o, amount in sorted(found.items()):
        if amount > DUST * month.released:
            yield instance.participants[o].id, amount


def _pooled(
    instance: Instance, happened: PlanReplay, months: Sequence[TrancheMonth], m: int
) -> float:
    """Return what pools and contracts supply to all members, tonnes."""
    material = instance.materials[m].id
    by_contract = sum(
        float(x.delivered[0, 0])
        for x in happened.contracts
        if x.contract.material == material and x.contract.beneficiary is None
    )
    return by_contract + sum(
        x.released - x.for_others
        for x in months
        if x.tranche.material == material and x.tranche.offer is None
    )


def _alone(happened: PlanReplay, tonnes_in_first: float) -> Floats:
    """Return tonnes of the first period as an array (w, t)."""
    array = np.zeros_like(happened.cost)
    array[0, 0] = tonnes_in_first
    return array


def _rest(released: float, allotted: float) -> float:
    left = released - allotted
    return left if left > DUST * released else 0.0
