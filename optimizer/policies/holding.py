"""A holding: the pool of a material, the right of an offer or the sale of a surplus."""

import math
from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass, replace

import numpy as np

from models.entitlement import EntitlementOffer
from models.held_stock import Pile, expired_parts, free_stock, free_tonnes
from models.horizon import Horizon
from models.instance import Instance
from models.material import SHELF_LIFE_ROUNDING, Material, StorageClass
from models.on_order import free_purchases, purchases_for
from models.opening_position import RightInForce, SaleTerms
from models.origin_shares import cap_in_force
from models.rights_in_force import (
    expired_parts_of_right,
    left_to_buy,
    right_in_force,
    tonnes_of,
)
from models.surplus_sale import sale_terms
from optimizer.deadline import look
from optimizer.policies.market import (
    Market,
    alert_with_notice,
    gap_after_notice,
    serves_others,
)
from optimizer.policies.on_order import OnOrder, on_order_of
from optimizer.policies.policy import Integers, Policies
from optimizer.policies.simulator import Observables
from optimizer.policies.sourcing import Purchase, purchase_of, purchases
from optimizer.scenarios.scenario_set import Booleans, Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Holding:
    """What all tranches of one pool or right share, or what a sale of a surplus reads.

    name is the material's or the offer's identifier, prefixed by its kind; m is the
    position of the material and o that of the beneficiary, None for a pool or a sale;
    held_expired the part of free stock that has expired by the end of a period (t),
    None without any or if it keeps. in_force is set for a right that was awarded before
    the start: its stock of held_tonnes is a pile of its own, and held_expired is of it;
    left_to_buy is what its build-up still has to buy, tonnes. on_order is what is on
    the way by purchase (i), free or for the right in force; None if nothing is.
    """

    name: str
    material: Material
    storage: StorageClass
    offer: EntitlementOffer | None
    m: int
    o: int | None
    purchases: tuple[Purchase, ...]
    observables: Observables
    price: Floats
    base_price: Floats
    held_expired: Floats | None
    in_force: RightInForce | None = None
    held_tonnes: float = 0.0
    left_to_buy: float = 0.0
    on_order: Floats | None = None
    sale: SaleTerms | None = None

    @property
    def is_pool(self) -> bool:
        """Whether it is the pool of a material: neither a right nor a sale."""
        return self.offer is None and self.sale is None

    @property
    def origin_cap(self) -> float:
        """Return the largest share of planned buying from any refining country.

        It counts the countries of this holding's options; a pool has all of them.
        """
        origins = [x.origins for x in self.purchases if not x.option.is_held]
        return cap_in_force(self.material.origin_share_cap, origins)

    def takes(self, sourcing: Integers, pile: Pile) -> Booleans:
        """Say of sourcing options, by position, whether they take of a pile (c)."""
        if self.sale is not None:
            return np.full(len(sourcing), pile == "stock")
        options = [purchase.option for purchase in self.purchases]
        takes = [x.is_held if pile == "stock" else x.is_on_order for x in options]
        return np.array(takes, dtype=np.bool_)[sourcing]

    def with_purchases(self, policies: Policies) -> Policies:
        """Return policies (c) with what is on the way for them.

        What those that take purchases have in place at the start becomes that part of
        every purchase.
        """
        if self.on_order is None:
            return policies
        if self.in_force is not None:
            return replace(policies, on_order=np.outer(policies.share, self.on_order))
        takes = self.takes(policies.sourcing, "purchases")
        taken = np.where(takes, policies.initial, 0.0)
        return replace(
            policies,
            initial=np.where(takes, 0.0, policies.initial),
            on_order=np.outer(taken, self.on_order / self.on_order.sum()),
        )

    def initial_expired(self, sourcing: Integers) -> Floats | None:
        """Return what `Policies.initial_expired` is with such sourcing (c, t).

        What was held already is alone older than the start. Each tranche has its part
        of every lot.
        """
        if self.held_expired is None:
            return None
        if self.in_force is not None:
            return np.tile(self.held_expired, (len(sourcing), 1))
        return np.outer(self.takes(sourcing, "stock"), self.held_expired)

    def held(self, policies: Policies) -> Floats:
        """Return what policies have in place and do not buy (c), tonnes.

        It is free stock that they take, or what policies in force hold.
        """
        is_held = self.takes(policies.sourcing, "stock")
        if policies.is_in_force is not None:
            is_held = is_held | policies.is_in_force
        return np.where(is_held, policies.initial, 0.0)

    def taken(self, policies: Policies, pile: Pile) -> Floats:
        """Return what policies take of free stock, or of what is on the way (c)."""
        if self.in_force is not None:
            return np.zeros(policies.number_of_policies)
        return self.held(policies) if pile == "stock" else policies.coming()

    def bought_before(self, policies: Policies) -> Floats:
        """Return what is bought before the start (c): the rest of what is in place."""
        return policies.initial - self.held(policies)

    def bought(self, policies: Policies, number_of_periods: int) -> Floats:
        """Return planned buying (c), that before the start included, tonnes."""
        planned = policies.planned(number_of_periods).sum(axis=1)
        return self.bought_before(policies) + planned


def holdings(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    names: Container[str] | None = None,
) -> tuple[Holding, ...]:
    """Return a holding for each material's pool, each offer and each sale.

    In this order. With names, only those that have one of them: each takes a while.
    """
    position = instance.index.material
    pools = [(m, None) for m in range(len(instance.materials))]
    rights = [(position[x.material], x) for x in instance.index.offer.values()]
    tranches = [
        _holding(instance, scenarios, market, m, offer)
        for m, offer in (*pools, *rights)
        if names is None
        or holding_name(instance.materials[m].id, offer and offer.id) in names
    ]
    sales = [
        _sale(instance, scenarios, market, m, terms)
        for m, material in enumerate(instance.materials)
        if (terms := sale_terms(instance, material)) is not None
        and (names is None or sale_name(material.id) in names)
    ]
    return (*tranches, *sales)


def holding_name(material: str, offer: str | None) -> str:
    """Return the name of the pool of a material, or of the right of an offer."""
    return f"pool:{material}" if offer is None else f"right:{offer}"


def sale_name(material: str) -> str:
    """Return the name of the sale of a material's surplus."""
    return f"sale:{material}"


def _holding(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    m: int,
    offer: EntitlementOffer | None,
) -> Holding:
    look()
    material, horizon = instance.materials[m], instance.horizon
    o = None if offer is None else instance.index.participant[offer.participant]
    right = None if offer is None else right_in_force(instance, offer.id)
    options = tuple(
        purchases(instance, scenarios, market, material)
        if right is None
        else [purchase_of(instance, scenarios, market, material, right.sourcing)]
    )
    gap, first = market.served_gap[m], market.members_gap[m]
    if o is not None:
        own = [market.gap[i] for i, pair in enumerate(market.pairs) if pair == (o, m)]
        gap = own[0] if own else np.zeros_like(gap)
    release_alert = alert_with_notice(instance, m, market.alert[m])
    on_order = on_order_of(instance, scenarios, material)
    observables = Observables(
        release_alert=release_alert,
        alert=market.alert[m],
        gap=gap_after_notice(instance, m, gap, release_alert),
        members_gap=gap_after_notice(instance, m, first, release_alert)
        if o is None and serves_others(instance)
        else None,
        price_ratio=scenarios.price[m] / scenarios.base_price[m],
        open_share=np.stack([x.open_share for x in options] or [np.zeros_like(gap)]),
        relative_length=np.array(horizon.period_lengths_days)
        / horizon.average_period_days,
        shelf_periods=shelf_periods(horizon, material),
        repurchase_period=None if offer is None else offer.repurchase_period,
        on_order=on_order,
    )
    return Holding(
        holding_name(material.id, None if offer is None else offer.id),
        material,
        instance.index.storage[material.id],
        offer,
        m,
        o,
        options,
        observables,
        scenarios.price[m],
        scenarios.base_price[m],
        _held_expired(instance, material, right),
        right,
        0.0 if right is None else tonnes_of(instance, material, right),
        0.0 if right is None else left_to_buy(instance, material, right),
        _coming(instance, material, right, on_order),
    )


def _coming(
    instance: Instance,
    material: Material,
    right: RightInForce | None,
    on_order: OnOrder | None,
) -> Floats | None:
    """Return what is on the way, free or for a right in force (i), tonnes."""
    if right is not None:
        coming = purchases_for(instance, right.offer)
    else:
        coming = free_purchases(instance, material)
    if on_order is None or not coming:
        return None
    return on_order.tonnes(instance, coming)


def _sale(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    m: int,
    terms: SaleTerms,
) -> Holding:
    """Return the sale of a surplus: it sells whatever the alert and the gap are."""
    material, horizon = instance.materials[m], instance.horizon
    nothing = np.zeros_like(scenarios.price[m])
    observables = Observables(
        release_alert=np.zeros_like(market.alert[m]),
        alert=np.zeros_like(market.alert[m]),
        gap=np.full_like(nothing, free_tonnes(instance, material)),
        price_ratio=np.ones_like(nothing),
        open_share=nothing[None],
        relative_length=np.array(horizon.period_lengths_days)
        / horizon.average_period_days,
        shelf_periods=shelf_periods(horizon, material),
        repurchase_period=None,
    )
    return Holding(
        sale_name(material.id),
        material,
        instance.index.storage[material.id],
        None,
        m,
        None,
        (),
        observables,
        scenarios.price[m],
        scenarios.base_price[m],
        _held_expired(instance, material, None),
        sale=terms,
    )


def _held_expired(
    instance: Instance, material: Material, right: RightInForce | None
) -> Floats | None:
    """Return the part of free stock that has expired by the end of each period (t).

    That of its own stock for a right in force.
    """
    if material.shelf_life_days is None:
        return None
    if right is not None:
        return np.array(expired_parts_of_right(instance, material, right))
    if not free_stock(instance, material):
        return None
    return np.array(expired_parts(instance, material))


def rotation_periods(horizon: Horizon, material: Material) -> int | None:
    """Return in how many periods a target is swapped; None if it is not rotated.

    So many that nothing expires: the least shelf life that anything reaches within the
    horizon, and at most one in its longest periods.
    """
    shelf, life = shelf_periods(horizon, material), material.shelf_life_days
    if shelf is None or life is None or material.rotation_spread is None:
        return None
    longest = max(horizon.period_lengths_days)
    periods = math.floor(life / longest + SHELF_LIFE_ROUNDING)
    # What is in place at the start is at most t + 1 periods old at the end of t.
    reached: list[int] = shelf[shelf <= np.arange(1, len(shelf) + 1)].tolist()
    return max(1, min([periods, *reached]))


def shelf_periods(horizon: Horizon, material: Material) -> Integers | None:
    """Return the shelf life in periods at the end of each period (t), if there is one.

    What arrived at the end of period s or before has expired by the end of t if it
    would be too old at the end of t + 1. It is kept for one period at least, and a part
    of a period that is mere rounding is not counted.
    """
    if material.shelf_life_days is None:
        return None
    ends = [horizon.days_between(0, t) for t in range(horizon.number_of_periods + 2)]
    found: list[int] = []
    for t in range(horizon.number_of_periods):
        rounding = SHELF_LIFE_ROUNDING * (ends[t + 2] - ends[t + 1])
        oldest = ends[t + 2] - material.shelf_life_days - rounding
        arrived = min(bisect_left(ends, oldest) - 1, t)
        found.append(t + 1 - arrived)
    return np.array(found, dtype=np.int64)
