"""What a sourcing option can buy: open share, price, planned origins of its routes."""

from dataclasses import dataclass

import numpy as np

from models.capped_origins import is_usable
from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.material import Material
from models.origin_shares import Shares, cap_in_force, spread, unavoidable
from models.prices_today import price_level
from models.supply import Route, SourcingOption
from optimizer.policies.market import Market
from optimizer.policies.route_supply import usable_shares, vault_tonnes
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Purchase:
    """One sourcing option for one material.

    open_share is the part of a planned purchase that is delivered (w, t); unit_cost
    what a delivered tonne costs (w, t) in US dollars; opening_unit_cost the same before
    the horizon, in calm, and 0 for what is held already; routes the planned share by
    position of the route, and origins by refining country, none for what is held;
    tonnes_per_year what its routes have for the vault, infinite where they have no
    limit of their own.
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
    """Return what sourcing options can buy of a material, nothing without a route."""
    usable = {
        pays: usable_shares(
            instance, scenarios, market, material, pays_operating_cost=pays
        )
        for pays in {option.pays_operating_cost for option in instance.sourcing_options}
    }
    return [
        _purchase(
            instance,
            scenarios,
            material,
            order,
            usable[order.option.pays_operating_cost],
        )
        for order in orders(instance, material)
    ]


def purchase_of(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    material: Material,
    name: str,
) -> Purchase:
    """Return what one sourcing option can buy; nothing if it has no route."""
    order = next(x for x in orders(instance, material) if x.option.id == name)
    usable = usable_shares(
        instance,
        scenarios,
        market,
        material,
        pays_operating_cost=order.option.pays_operating_cost,
    )
    return _purchase(instance, scenarios, material, order, usable)


@dataclass(frozen=True, slots=True)
class Order:
    """What a sourcing option plans to buy of a material where.

    routes is the planned share by position of the route, tonnes_per_year what they have
    for the vault in that proportion.
    """

    option: SourcingOption
    routes: dict[int, float]
    origins: dict[str, float]
    tonnes_per_year: float


def orders(instance: Instance, material: Material) -> list[Order]:
    """Return the orders of all sourcing options, those with an eligible route first.

    Where no mix of them keeps the origin cap they are spread out to keep it. Options
    that take free stock follow, and then those of which no route opens any more: what
    was bought over them before may still be held.
    """
    offered = vault_tonnes(instance, material)
    found = _by_supply(instance, offered)
    kept = spread(material.origin_share_cap, [order.origins for order in found])
    bought = [
        order
        if shares is order.origins
        else _spread_out(instance, order, shares, offered)
        for order, shares in zip(found, kept, strict=True)
    ]
    buying = {order.option.id for order in bought}
    others = [x for x in instance.sourcing_options if x.id not in buying]
    others.sort(key=lambda option: option.buys)
    return [*bought, *(_order(instance, option, offered) for option in others)]


def is_spread_out(instance: Instance, material: Material) -> bool:
    """Say whether sourcing options buy as the origin cap has it, not by supply."""
    orders = _by_supply(instance, vault_tonnes(instance, material))
    origins = [order.origins for order in orders]
    cap = material.origin_share_cap
    return bool(unavoidable(cap_in_force(cap, origins), origins))


def _by_supply(instance: Instance, offered: dict[int, float]) -> list[Order]:
    """Return orders in proportion to what each usable route has."""
    return [
        order
        for option in instance.sourcing_options
        if option.buys
        if (order := _order(instance, option, offered)).routes
    ]


def _order(
    instance: Instance, option: SourcingOption, offered: dict[int, float]
) -> Order:
    tonnes = {
        r: most
        for r, most in offered.items()
        if is_usable(instance, instance.routes[r], option)
    }
    weights = _weights(instance, tonnes)
    origins: dict[str, float] = {}
    for r, weight in weights.items():
        country = instance.routes[r].refining_country
        origins[country] = origins.get(country, 0.0) + weight
    return Order(option, weights, origins, sum(tonnes.values()))


def _spread_out(
    instance: Instance, order: Order, shares: Shares, offered: dict[int, float]
) -> Order:
    """Return an order with other shares of countries, as much as routes then have."""
    routes = {
        r: weight * shares[country] / order.origins[country]
        for r, weight in order.routes.items()
        for country in (instance.routes[r].refining_country,)
    }
    most = min(offered[r] / weight for r, weight in routes.items())
    return Order(order.option, routes, dict(shares), most)


def _purchase(
    instance: Instance,
    scenarios: ScenarioSet,
    material: Material,
    order: Order,
    usable: dict[int, Floats],
) -> Purchase:
    m = instance.index.material[material.id]
    open_share = np.zeros_like(scenarios.price[m])
    spent = np.zeros_like(open_share)
    opening = 0.0
    for r, weight in order.routes.items():
        route = instance.routes[r]
        delivered = weight * usable[r]
        open_share += delivered
        on_top = np.array(instance.index.operation[r].lacking_usd_per_tonne)
        price = landed_price(instance, route, scenarios.price[m])
        spent += delivered * (price + on_top)
        today = scenarios.base_price[m, :1] * price_level(instance, material.id)
        calm = landed_price(instance, route, today)
        opening += weight * float(calm[0] + on_top[0])
    unit_cost = np.divide(
        spent, open_share, out=np.zeros_like(spent), where=open_share > 0
    )
    return Purchase(
        option=order.option,
        open_share=open_share,
        unit_cost=unit_cost,
        opening_unit_cost=opening if order.option.buys else 0.0,
        routes=order.routes,
        origins=order.origins if order.option.buys else {},
        tonnes_per_year=order.tonnes_per_year,
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
