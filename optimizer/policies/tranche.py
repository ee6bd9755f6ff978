"""Between candidates and tranches: a share of a policy as printed numbers, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.held_stock import expired_parts_of
from models.instance import Instance
from models.plan import Tranche, TrancheStep
from models.tranche_in_force import TrancheInForce
from optimizer.policies.candidates import Candidate
from optimizer.policies.holding import Holding
from optimizer.policies.policy import Policies, joined
from optimizer.policies.policy_text import policy_text


def to_tranche(
    instance: Instance, holding: Holding, candidate: Candidate, policy: Policies
) -> Tranche:
    """Return the tranche of one scaled policy (c = 1), with its whole rule in numbers.

    The share of the candidate is what the coverage and the tonnes were scaled by.
    """
    offer = holding.offer
    whole = candidate.target_tonnes
    tonnes = float(policy.target[0])
    tranche = Tranche(
        material=holding.material.id,
        offer=None if offer is None else offer.id,
        participant=None if offer is None else offer.participant,
        rule=candidate.rule,
        sourcing=candidate.sourcing,
        level_days_of_cover=candidate.level_days_of_cover,
        share=min(tonnes / whole, 1.0),
        lots=round(tonnes / holding.material.lot_tonnes),
        tonnes=tonnes,
        steps=(_step(policy, 0), _step(policy, 1), _step(policy, 2), _step(policy, 3)),
        outload_tonnes_per_period=float(policy.outload[0]),
        build_up_tonnes_per_period=float(policy.build_up[0]),
        rotation_tonnes_per_period=float(policy.rotation[0]),
        build_up_start_period=int(policy.build_start[0]),
        build_up_periods=int(policy.build_end[0] - policy.build_start[0]),
        build_up_price_cap=_finite(float(policy.build_cap[0])),
        text="",
    )
    return tranche.model_copy(update={"text": policy_text(instance, tranche)})


def to_policies(
    instance: Instance, holding: Holding, tranches: Sequence[Tranche]
) -> Policies:
    """Return the policies of tranches of one holding, from their printed numbers."""
    options = [purchase.option.id for purchase in holding.purchases]
    policies = joined([_policy(tranche, options) for tranche in tranches])
    if holding.in_force is not None:
        initial = policies.share * holding.held_tonnes
        policies = replace(policies, initial=initial, is_in_force=initial >= 0)
    expired = holding.initial_expired(policies.sourcing)
    policies = replace(policies, initial_expired=expired)
    policies = holding.with_purchases(policies)
    in_force = {i: x for i, x in enumerate(tranches) if isinstance(x, TrancheInForce)}
    if not in_force:
        return policies
    seen = holding.observables.on_order
    if seen is not None:
        on_order = policies.on_order
        if on_order is None:
            on_order = np.zeros((len(tranches), len(seen.keys)))
        for i, tranche in in_force.items():
            on_order[i] = seen.tonnes(instance, tranche.on_the_way)
        policies = replace(policies, on_order=on_order)
    return _as_they_stand(instance, policies, in_force)


def _as_they_stand(
    instance: Instance, policies: Policies, in_force: Mapping[int, TrancheInForce]
) -> Policies:
    """Return policies of which some, by position, hold what they have in place."""
    periods, initial = instance.horizon.number_of_periods, policies.initial.copy()
    old = policies.initial_expired
    expired = np.zeros((len(initial), periods)) if old is None else old.copy()
    is_in_force = np.zeros(len(initial), dtype=np.bool_)
    for i, tranche in in_force.items():
        material = instance.materials[instance.index.material[tranche.material]]
        initial[i], is_in_force[i] = tranche.initial_tonnes, True
        expired[i] = expired_parts_of(instance.horizon, material, tranche.in_place)
    return replace(
        policies, initial=initial, initial_expired=expired, is_in_force=is_in_force
    )


def _step(policy: Policies, alert: int) -> TrancheStep:
    return TrancheStep(
        alert=alert,
        release_tonnes_per_period=float(policy.draw[0, alert]),
        coverage=float(policy.coverage[0, alert]),
        floor_tonnes=float(policy.floor[0, alert]),
        replenishment_tonnes_per_period=float(policy.replenish[0, alert]),
        price_cap=_finite(float(policy.price_cap[0, alert])),
    )


def _finite(cap: float) -> float | None:
    return None if np.isinf(cap) else cap


def _policy(tranche: Tranche, options: list[str]) -> Policies:
    steps = sorted(tranche.steps, key=lambda step: step.alert)
    is_in_place = tranche.build_up_periods == 0
    start = tranche.build_up_start_period
    build_cap = tranche.build_up_price_cap
    caps = [np.inf if s.price_cap is None else s.price_cap for s in steps]
    return Policies(
        share=np.array([tranche.share]),
        target=np.array([tranche.tonnes]),
        draw=np.array([[s.release_tonnes_per_period for s in steps]]),
        coverage=np.array([[s.coverage for s in steps]]),
        floor=np.array([[s.floor_tonnes for s in steps]]),
        replenish=np.array([[s.replenishment_tonnes_per_period for s in steps]]),
        price_cap=np.array([caps]),
        outload=np.array([tranche.outload_tonnes_per_period]),
        build_up=np.array([tranche.build_up_tonnes_per_period]),
        rotation=np.array([tranche.rotation_tonnes_per_period]),
        build_start=np.array([start]),
        build_end=np.array([start + tranche.build_up_periods]),
        build_cap=np.array([np.inf if build_cap is None else build_cap]),
        initial=np.array([tranche.tonnes if is_in_place else 0.0]),
        sourcing=np.array([options.index(tranche.sourcing)]),
    )
