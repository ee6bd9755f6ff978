"""What a sourcing option can buy: open share, price, planned origins of its routes."""

from dataclasses import dataclass

import numpy as np

from models.capped_origins import is_usable
from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.material import Material
from models.supply import Route, SourcingOption
from optimizer.policies.market import Market
from optimizer.policies.route_supply import usable_shares, vault_tonnes
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Purchase:
    """One sourcing option for one material.

    open_share is the part of a planned purchase that is delivered (w, t); unit_cost
    what a delivered tonne costs (w, t) in US dollars; opening_unit_cost the same before
    the horizon, in calm; routes the planned share by position of the route, and
    origins by refining country; tonnes_per_year what its routes have for the vault,
    infinite where they have no limit of their own.
    """

    option: SourcingOption
    open_share: Floats
    unit_cost: Floats
    opening_unit_cost: float
    routes: dict[int, float]
    origins: dict[str, float]
    tonnes_per_year: float


def purchases(
    instance: Instance, scenarios: ScenarioSet, market: Market, material: Material
) -> list[Purchase]:
    """Return the sourcing options that have an eligible route for the material."""
    offered = vault_tonnes(instance, material)
    usable = {
        pays: usable_shares(
            instance, scenarios, market, material, pays_operating_cost=pays
        )
        for pays in {option.pays_operating_cost for option in instance.sourcing_options}
    }
    found = [
        _purchase(
            instance,
            scenarios,
            material,
            option,
            offered,
            usable[option.pays_operating_cost],
        )
        for option in instance.sourcing_options
    ]
    return [purchase for purchase in found if purchase is not None]


def _purchase(
    instance: Instance,
    scenarios: ScenarioSet,
    material: Material,
    option: SourcingOption,
    offered: dict[int, float],
    usable: dict[int, Floats],
) -> Purchase | None:
    chosen = {
        r: tonnes
        for r, tonnes in offered.items()
        if is_usable(instance, instance.routes[r], option)
    }
    weights = _weights(instance, chosen)
    if not weights:
        return None
    m = instance.index.material[material.id]
    open_share = np.zeros_like(scenarios.price[m])
    spent = np.zeros_like(open_share)
    opening = 0.0
    origins: dict[str, float] = {}
    for r, weight in weights.items():
        route = instance.routes[r]
        delivered = weight * usable[r]
        open_share += delivered
        on_top = np.array(instance.index.operation[r].lacking_usd_per_tonne)
        price = landed_price(instance, route, scenarios.price[m])
        spent += delivered * (price + on_top)
        calm = landed_price(instance, route, scenarios.base_price[m, :1])
        opening += weight * float(calm[0] + on_top[0])
        country = route.refining_country
        origins[country] = origins.get(country, 0.0) + weight
    unit_cost = np.divide(
        spent, open_share, out=np.zeros_like(spent), where=open_share > 0
    )
    return Purchase(
        option=option,
        open_share=open_share,
        unit_cost=unit_cost,
        opening_unit_cost=opening,
        routes=weights,
        origins=origins,
        tonnes_per_year=sum(chosen.values()),
    )


def _weights(instance: Instance, tonnes: dict[int, float]) -> dict[int, float]:
    """Return the share of each route in planned buying.

    By what the routes have for the vault; by their capacity where that is not stated.
    """
    volumes = {
        r: _share(instance, instance.routes[r]) * instance.routes[r].capacity_factor
        if most == np.inf
        else most
        for r, most in tonnes.items()
    }
    total = sum(volumes.values())
    return {r: volume / total for r, volume in volumes.items() if volume > 0}


def _share(instance: Instance, route: Route) -> float:
    """Return the share of the normal need that comes over a route."""
    if route.share is not None:
        return route.share
    need_per_year = instance.index.need_tonnes_per_day[route.material] * DAYS_PER_YEAR
    return (route.tonnes_per_year or 0.0) / need_per_year


def landed_price(instance: Instance, route: Route, price: Floats) -> Floats:
    """Return what a tonne of traded form costs over a route, US dollars.

    Prices are by period (..., t), from period 0 on.
    Trade pays max(spot, floor); outside the zone the distance to the floor is the
    border adjustment, and a duty comes on top. What is bought at an earlier stage
    costs, with yield and fee, as much as the traded form, unless its floor binds.
    """
    trade = instance.trade
    material = instance.materials[instance.index.material[route.material]]
    stage = route.purchase_stage or material.stage
    floor = max(
        (
            x.floor_usd_per_tonne
            for x in trade.price_floors
            if (x.material, x.stage) == (route.material, stage)
        ),
        default=0.0,
    )
    fees = instance.index.operation[instance.index.route[route.id]].fee_usd_per_tonne
    fee = np.array(fees[: price.shape[-1]])
    at_floor = floor / route.conversion_yield + fee
    at_spot = price / route.conversion_yield + fee
    paid = np.maximum(at_spot if stage == material.stage else price, at_floor)
    if {route.mining_country, route.refining_country} <= trade.zone_countries:
        return paid
    return paid + trade.border_adjustment_rate * price
