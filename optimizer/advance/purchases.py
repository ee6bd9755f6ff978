"""Orders to buy: over which route, for which tranche, at which landed price."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from models.held_stock import PILES, Pile
from models.instance import Instance
from models.orders import PurchaseOrder, RotationOrder
from models.prices_today import price_level
from optimizer.advance.tranche_month import TrancheMonth
from optimizer.evaluation.replay import PlanReplay
from optimizer.in_force.lots import DUST
from optimizer.policies.order_text import (
    alert_text,
    build_up_text,
    coming_text,
    replenishment_text,
    rotation_text,
)
from optimizer.policies.policy_text import tonnes
from optimizer.policies.route_supply import usable_shares
from optimizer.policies.sourcing import Purchase, landed_price
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

NAMES: dict[Pile, str] = {"stock": "free stock", "purchases": "what is on the way"}
Purpose = Literal["opening", "build_up", "replenishment", "rotation"]


@dataclass(frozen=True, slots=True)
class _Purchase:
    """What is bought for a tranche, before it is split by route."""

    purpose: Purpose
    tonnes: float
    reason: str


def purchase_orders(
    instance: Instance,
    scenarios: ScenarioSet,
    happened: PlanReplay,
    months: Sequence[TrancheMonth],
    since: Mapping[str, dt.date],
) -> Iterator[PurchaseOrder]:
    """Yield what is bought over each route, tranche by tranche.

    Tonnes are those that open routes deliver. since has the first day of the alert by
    material.
    """
    for month in months:
        bought = _option_of(month)
        yield from _opening(instance, month, bought)
        usable = usable_shares(
            instance,
            scenarios,
            happened.market,
            month.part.holding.material,
            pays_operating_cost=bought.option.pays_operating_cost,
        )
        delivered = {
            r: weight * float(usable[r][0, 0]) for r, weight in bought.routes.items()
        }
        total = sum(delivered.values())
        alert = alert_text(month.market_alert, since.get(month.tranche.material))
        for what in _bought(month, alert, total):
            for r, part in delivered.items():
                if part > 0:
                    price = _landed(instance, r, month.part.holding.price)
                    yield _order(
                        month, what, instance.routes[r].id, part / total, price
                    )


def rotation_orders(months: Sequence[TrancheMonth]) -> Iterator[RotationOrder]:
    """Yield what is sold before it expires."""
    for month in months:
        if month.rotated > 0:
            tranche = month.tranche
            yield RotationOrder(
                material=tranche.material,
                offer=tranche.offer,
                tranche=month.name,
                label=month.label,
                tonnes=month.rotated,
                reason=rotation_text(
                    float(month.policy.rotation[0]), _open_share(month)
                ),
            )


def _opening(
    instance: Instance, month: TrancheMonth, option: Purchase
) -> Iterator[PurchaseOrder]:
    """Yield what is in place when the plan begins: bought, or taken from free stock."""
    holding = month.part.holding
    bought = float(holding.bought_before(month.policy)[0])
    if bought > 0:
        reason = f"{tonnes(bought)} are in place before the start"
        what = _Purchase("opening", bought, reason)
        level = price_level(instance, holding.material.id)
        today = holding.base_price[None, :] * level
        for r, weight in option.routes.items():
            price = _landed(instance, r, today)
            yield _order(month, what, instance.routes[r].id, weight, price)
    elif not month.is_in_force:
        for pile in PILES:
            if (taken := float(holding.taken(month.policy, pile)[0])) > 0:
                reason = f"Take {tonnes(taken)} of {NAMES[pile]}"
                what = _Purchase("opening", taken, reason)
                yield _order(month, what, None, 1.0, 0.0)


def _bought(month: TrancheMonth, alert: str, open_share: float) -> Iterator[_Purchase]:
    policy, tranche = month.policy, month.tranche
    before = month.at_end - month.acquired
    there = f"{tonnes(before)}{coming_text(month.still_coming, tranche.tonnes)}"
    if month.acquired > DUST * tranche.tonnes:
        if month.is_building_up:
            pace = float(policy.build_up[0])
            reason = build_up_text(pace, tranche.tonnes, there, open_share)
            yield _Purchase("build_up", month.acquired, reason)
        else:
            pace = float(policy.replenish[0, month.market_alert])
            reason = replenishment_text(alert, pace, tranche.tonnes, there, open_share)
            yield _Purchase("replenishment", month.acquired, reason)
    if month.rotated > 0:
        reason = rotation_text(float(policy.rotation[0]), open_share)
        yield _Purchase("rotation", month.rotated, reason)


def _order(
    month: TrancheMonth,
    what: _Purchase,
    route: str | None,
    part: float,
    price_usd_per_tonne: float,
) -> PurchaseOrder:
    return PurchaseOrder(
        material=month.tranche.material,
        offer=month.tranche.offer,
        tranche=month.name,
        label=month.label,
        tonnes=part * what.tonnes,
        reason=what.reason,
        route=route,
        sourcing=month.tranche.sourcing,
        purpose=what.purpose,
        price_usd_per_tonne=price_usd_per_tonne,
    )


def _landed(instance: Instance, r: int, price: Floats) -> float:
    """Return what a tonne costs over a route in the first period; price is (w, t)."""
    route = instance.routes[r]
    on_top = instance.index.operation[r].lacking_usd_per_tonne[0]
    return float(landed_price(instance, route, price)[0, 0] + on_top)


def _option_of(month: TrancheMonth) -> Purchase:
    return month.part.holding.purchases[int(month.policy.sourcing[0])]


def _open_share(month: TrancheMonth) -> float:
    return float(_option_of(month).open_share[0, 0])
