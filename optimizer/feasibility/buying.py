"""When the vault can buy, at which price, and what own trade does to the price.

Counted again from routes, trade policy and impact blocks, without
`optimizer.policies.sourcing`.
"""

import numpy as np

from models.instance import Instance
from models.material import Material
from models.plan import Tranche
from models.prices_today import price_level
from models.supply import Route, SourcingOption
from optimizer.feasibility.orders import is_in_zone, route_weights
from optimizer.feasibility.running import fees, paid_on_top, runs, runs_at_most
from optimizer.policies.market import Market
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


def usable_share(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    r: int,
    option: SourcingOption,
) -> Floats:
    """Return the part (w, t) of a route's tonnes for the vault that can be bought.

    Participants take of all open routes what they normally get, then the same part of
    each open route's spare capacity until nothing is missing; the vault buys what is
    left of it, and all of a route that it alone holds open.
    """
    route = instance.routes[r]
    m = next(i for i, x in enumerate(instance.materials) if x.id == route.material)
    years = np.array(instance.horizon.period_lengths_years)
    opened, reserve = np.zeros_like(market.alert[m] * 1.0), np.zeros(1)
    for i, other in enumerate(instance.routes):
        if other.material == route.material:
            normal = _normal(other, market.total_need[m], years)
            flow = scenarios.availability[i] * runs(instance, other) * normal
            opened = opened + flow
            reserve = reserve + (other.capacity_factor - 1) * flow
    extra = np.maximum(market.delivered[m] - opened, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        used = np.where(reserve > 0, np.minimum(extra / reserve, 1.0), 0.0)
    mine = route.vault_tonnes_per_year
    is_running = runs(instance, route)
    part = is_running
    if mine:
        spare = (route.capacity_factor - 1) * _normal(
            route, market.total_need[m], years
        )
        part = is_running * (1 - used * np.minimum(spare / (mine * years), 1.0))
    if option.pays_operating_cost:
        part = np.where(is_running > 0, part, runs_at_most(instance, route))
    return scenarios.availability[r] * part


def _normal(route: Route, need: Floats, years: Floats) -> Floats:
    """Return normal deliveries over a route, tonnes (w, t)."""
    if route.share is not None:
        return route.share * need
    return np.zeros_like(need) + (route.tonnes_per_year or 0.0) * years


def unit_costs(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    material: Material,
    option: SourcingOption,
) -> Floats:
    """Return what a delivered tonne costs (w, t), 0 where every route is cut."""
    price = scenarios.price[instance.materials.index(material)]
    spent, delivered = np.zeros_like(price), np.zeros_like(price)
    for r, weight in route_weights(instance, material, option).items():
        part = weight * usable_share(instance, scenarios, market, r, option)
        delivered += part
        route = instance.routes[r]
        landed = landed_price(instance, route, price)
        spent += part * (landed + paid_on_top(instance, route))
    is_open = delivered > 0
    return np.where(is_open, spent / np.where(is_open, delivered, 1.0), 0.0)


def opening_unit_cost(
    instance: Instance,
    scenarios: ScenarioSet,
    material: Material,
    option: SourcingOption,
) -> float:
    """Return what a tonne costs before anything happens."""
    path = scenarios.base_price[instance.materials.index(material), :1]
    price = path * price_level(instance, material.id)
    cost = 0.0
    for r, weight in route_weights(instance, material, option).items():
        route = instance.routes[r]
        on_top = paid_on_top(instance, route)
        landed = landed_price(instance, route, price)
        cost += weight * float(landed[0] + on_top[0])
    return cost


def landed_price(instance: Instance, route: Route, price: Floats) -> Floats:
    """Return the cost of a tonne of traded form over a route, at these prices.

    In the zone max(spot, floor); from outside the distance to the floor is a border
    adjustment, and the duty comes on top. An earlier stage costs as much as the traded
    form, converted, unless its own floor is higher. Prices begin with period 0.
    """
    trade = instance.trade
    material = next(m for m in instance.materials if m.id == route.material)
    stage = route.purchase_stage or material.stage
    floor = 0.0
    for x in trade.price_floors:
        if (x.material, x.stage) == (route.material, stage):
            floor = max(floor, x.floor_usd_per_tonne)
    fee = fees(instance, route)[: price.shape[-1]]
    if stage == material.stage:
        bought = price + np.maximum(floor - price, 0.0)
        cost = bought / route.conversion_yield + fee
    else:
        least = floor / route.conversion_yield + fee
        cost = price + np.maximum(least - price, 0.0)
    duty = 0.0 if is_in_zone(instance, route) else trade.border_adjustment_rate
    return cost + duty * price


def premium_usd(
    instance: Instance, material: Material, tonnes: float, price: float
) -> float:
    """Return what planned buying of some tonnes in a period pays above the price."""
    left, paid = tonnes, 0.0
    for block in material.price_impact[:-1]:
        width = block.tonnes_per_year * instance.horizon.average_period_years
        paid += min(left, width) * block.premium * price
        left = max(left - width, 0.0)
    if material.price_impact:
        paid += left * material.price_impact[-1].premium * price
    return paid


def premium_tonnes(
    instance: Instance, material: Material, tranche: Tranche, refilled: Floats
) -> Floats:
    """Return tonnes times premium (w, t): the share of what the candidate pays."""
    blocks = [(x.tonnes_per_year, x.premium) for x in material.refill_impact]
    return _filled(instance, blocks, tranche, refilled)


def below_the_price(
    instance: Instance, material: Material, tranche: Tranche, sold: Floats
) -> Floats:
    """Return tonnes times discount (w, t): the share of what the candidate loses."""
    blocks = [(x.tonnes_per_year, x.discount) for x in material.sale_impact]
    return _filled(instance, blocks, tranche, sold)


def _filled(
    instance: Instance,
    blocks: list[tuple[float, float]],
    tranche: Tranche,
    tonnes: Floats,
) -> Floats:
    """Fill blocks with what the whole candidate moves, and take the share of it."""
    found = np.zeros_like(tonnes)
    left = tonnes / tranche.share
    for i, (tonnes_per_year, rate) in enumerate(blocks):
        width = tonnes_per_year * instance.horizon.average_period_years
        inside = left if i == len(blocks) - 1 else np.minimum(left, width)
        found += rate * inside
        left = left - inside
    return found * tranche.share
