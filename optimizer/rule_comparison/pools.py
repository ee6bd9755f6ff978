"""What a plan holds in its pools, and any rule of the menu put on it.

Levels are the plan's: tonnes by pool, sourcing option and build-up. A pool under one
rule is run as one: it covers the rule's share of the whole gap and has the whole
outload, whatever shares the tranches had. What was bought in different ways keeps its
own stock and does its part of the rule, in proportion to its tonnes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.rule import ReleaseRule
from optimizer.evaluation.replay import HoldingReplay
from optimizer.policies.candidates import Paces, paces_of, rule_steps
from optimizer.policies.holding import Holding
from optimizer.policies.policy import Policies
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class PooledStock:
    """What is bought in one way for a pool: several tranches as one stock.

    target, in place at the start (initial), build_up, rotation and fastest
    replenishment of the plan's tranches (a period) in tonnes; periods from build_start
    on, build_end excluded; build_cap as a multiple of the undisrupted price; sourcing
    is the position among the holding's purchases; initial_expired the part of what is
    in place at the start that has expired by the end of a period (t), None if none of
    it is older than the start. on_order is what is on the way by purchase (i), None if
    nothing is.
    """

    sourcing: int
    target: float
    initial: float
    build_up: float
    rotation: float
    build_start: int
    build_end: int
    build_cap: float
    replenish: float
    initial_expired: Floats | None
    on_order: Floats | None


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool of one material with its parts; outload in an average period, tonnes."""

    holding: Holding
    parts: tuple[PooledStock, ...]
    outload: float

    @property
    def tonnes(self) -> float:
        """All that is to be held."""
        return sum(part.target for part in self.parts)


def pools_of(instance: Instance, held: Sequence[HoldingReplay]) -> tuple[Pool, ...]:
    """Return the pools of a plan; outload is what the rights of a material leave."""
    # In the shortest period the least is left.
    shortest = instance.horizon.shortest_period_share
    rights: dict[int, float] = {}
    for right in held:
        if right.holding.offer is not None:
            m, most = right.holding.m, right.policies.most_released(shortest).sum()
            rights[m] = rights.get(m, 0.0) + float(most) / shortest
    days = instance.horizon.average_period_days
    made: list[Pool] = []
    for x in held:
        if x.holding.offer is None:
            site = x.holding.storage.outload_tonnes_per_day * days
            left = site - rights.get(x.holding.m, 0.0)
            own = float(x.policies.most_released(shortest).sum()) / shortest
            made.append(Pool(x.holding, _parts(x.policies), max(left, own)))
    return tuple(made)


def rule_policies(
    instance: Instance, pool: Pool, rules: Sequence[ReleaseRule]
) -> Policies:
    """Return the policies of rules on a pool, rule by rule and part by part."""
    parts = [part for _ in rules for part in pool.parts]
    share = np.array([part.target / pool.tonnes for part in parts])
    steps = [
        rule_steps(rule, pool.tonnes, _paces_of(instance, pool, part))
        for rule in rules
        for part in pool.parts
    ]
    draw, coverage, floor, replenish, price_cap = (
        np.array([x[name] for x in steps])
        for name in ("draw", "coverage", "floor", "replenish", "price_cap")
    )
    return Policies(
        share=share,
        target=_column(parts, "target"),
        draw=draw * share[:, None],
        coverage=coverage * share[:, None],
        floor=floor * share[:, None],
        replenish=replenish * share[:, None],
        price_cap=price_cap,
        outload=pool.outload * share,
        build_up=_column(parts, "build_up"),
        rotation=_column(parts, "rotation"),
        build_start=_column(parts, "build_start").astype(np.int64),
        build_end=_column(parts, "build_end").astype(np.int64),
        build_cap=_column(parts, "build_cap"),
        initial=_column(parts, "initial"),
        sourcing=_column(parts, "sourcing").astype(np.int64),
        initial_expired=_expired(parts),
        on_order=_on_order(parts),
    )


def _paces_of(instance: Instance, pool: Pool, part: PooledStock) -> Paces:
    return paces_of(instance, pool.holding, pool.holding.purchases[part.sourcing])


def fastest_replenishment(
    instance: Instance, pool: Pool, rules: Sequence[ReleaseRule]
) -> Floats:
    """Return the most that any rule or the plan buys back in a period, by part."""
    own = _column(pool.parts, "replenish")
    if not rules:
        return own
    by_rule = rule_policies(instance, pool, rules).replenish.max(axis=1)
    return np.maximum(own, by_rule.reshape(len(rules), -1).max(axis=0))


def _parts(policies: Policies) -> tuple[PooledStock, ...]:
    """Return the tranches of a pool as one stock for each way of buying."""
    ways = np.column_stack(
        [
            policies.sourcing,
            policies.build_start,
            policies.build_end,
            policies.build_cap,
        ]
    )
    # Infinite caps compare equal, which is all that is needed here.
    distinct, of_way = np.unique(ways, axis=0, return_inverse=True)
    return tuple(
        _part(policies.select(np.flatnonzero(of_way.ravel() == i)))
        for i in range(len(distinct))
    )


def _part(policies: Policies) -> PooledStock:
    return PooledStock(
        sourcing=int(policies.sourcing[0]),
        target=float(policies.target.sum()),
        initial=float(policies.initial.sum()),
        build_up=float(policies.build_up.sum()),
        rotation=float(policies.rotation.sum()),
        build_start=int(policies.build_start[0]),
        build_end=int(policies.build_end[0]),
        build_cap=float(policies.build_cap[0]),
        replenish=float(policies.replenish.max(axis=1).sum()),
        initial_expired=_expired_of_all(policies),
        on_order=None if policies.on_order is None else policies.on_order.sum(axis=0),
    )


def _expired_of_all(policies: Policies) -> Floats | None:
    """Return what has expired of all that policies have in place, as a part (t)."""
    expired, initial = policies.initial_expired, policies.initial
    if expired is None:
        return None
    return np.average(expired, axis=0, weights=initial if initial.any() else None)


def _expired(parts: Sequence[PooledStock]) -> Floats | None:
    """Return `Policies.initial_expired` of parts; all have it or none."""
    found = [x.initial_expired for x in parts if x.initial_expired is not None]
    return np.stack(found) if found else None


def _on_order(parts: Sequence[PooledStock]) -> Floats | None:
    """Return `Policies.on_order` of parts; all have it or none."""
    found = [x.on_order for x in parts if x.on_order is not None]
    return np.stack(found) if found else None


def _column(parts: Sequence[PooledStock], name: str) -> Floats:
    return np.array([getattr(part, name) for part in parts], dtype=np.float64)
