"""A holding: the pool of a material or the right of an offer, with its candidates."""

from dataclasses import dataclass

import numpy as np

from models.entitlement import EntitlementOffer
from models.instance import Instance
from models.material import Material, StorageClass
from optimizer.policies.market import Market, alert_with_notice, gap_after_notice
from optimizer.policies.simulator import Observables
from optimizer.policies.sourcing import Purchase, purchases
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Holding:
    """What all tranches of one pool or right share.

    name is the material's or the offer's identifier, prefixed by its kind; m is the
    position of the material and o that of the beneficiary, None for a pool.
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


def holdings(
    instance: Instance, scenarios: ScenarioSet, market: Market
) -> tuple[Holding, ...]:
    """Return a holding for each material's pool, then one for each offer."""
    pools = [
        _holding(instance, scenarios, market, m, None)
        for m in range(len(instance.materials))
    ]
    position = instance.index.material
    rights = [
        _holding(instance, scenarios, market, position[offer.material], offer)
        for offer in instance.entitlement_offers
    ]
    return (*pools, *rights)


def holding_name(material: str, offer: str | None) -> str:
    """Return the name of the pool of a material, or of the right of an offer."""
    return f"pool:{material}" if offer is None else f"right:{offer}"


def _holding(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    m: int,
    offer: EntitlementOffer | None,
) -> Holding:
    material = instance.materials[m]
    o = None if offer is None else instance.index.participant[offer.participant]
    options = tuple(purchases(instance, scenarios, material))
    gap = market.market_gap[m]
    if o is not None:
        own = [market.gap[i] for i, pair in enumerate(market.pairs) if pair == (o, m)]
        gap = own[0] if own else np.zeros_like(gap)
    shelf = material.shelf_life_periods(instance.horizon.period_days)
    release_alert = alert_with_notice(instance, m, market.alert[m])
    observables = Observables(
        release_alert=release_alert,
        alert=market.alert[m],
        gap=gap_after_notice(instance, m, gap, release_alert),
        price_ratio=scenarios.price[m] / scenarios.base_price[m],
        open_share=np.stack([x.open_share for x in options] or [np.zeros_like(gap)]),
        shelf_periods=None if shelf is None else max(1, shelf),
        repurchase_period=None if offer is None else offer.repurchase_period,
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
    )
