"""When a route runs and what holding it open costs, counted again.

From the case alone, without the index of the case and `models.route_operation`.
"""

import numpy as np

from models.instance import Instance
from models.supply import OfftakeContract, Route, SourcingOption
from optimizer.scenarios.scenario_set import Floats

PRECISION = 1e-9


def runs(instance: Instance, route: Route) -> Floats:
    """Return how far a route runs for participants in each period (t)."""
    return np.where(_shortfall(instance, route, 0.0) > 0, 0.0, 1.0)


def runs_under(instance: Instance, route: Route, contract: OfftakeContract) -> Floats:
    """Return how far a route runs for a signed contract in each period (t)."""
    lacking = _shortfall(instance, route, contract.floor_usd_per_tonne)
    return np.where(lacking > 0, 0.0, 1.0)


def paid_on_top(instance: Instance, route: Route, option: SourcingOption) -> Floats:
    """Return what an option pays above the price in each period (t), US dollars.

    It is per tonne of traded form.
    """
    lacking = _shortfall(instance, route, 0.0)
    if not option.pays_operating_cost:
        return np.zeros_like(lacking)
    return lacking / route.conversion_yield


def _shortfall(instance: Instance, route: Route, least_price: float) -> Floats:
    """Return by how much a route earns too little (t) if a buyer pays a least price."""
    periods = instance.horizon.number_of_periods
    cost = route.operating_cost_usd_per_tonne
    if cost is None:
        return np.zeros(periods)
    material = next(m for m in instance.materials if m.id == route.material)
    trade = instance.trade
    price = material.price_path_usd_per_tonne or material.price_usd_per_tonne
    earned = np.maximum(np.broadcast_to(np.array(price), (periods,)), least_price)
    if route.purchase_stage not in {None, material.stage}:
        earned = route.conversion_yield * (earned - route.fee_usd_per_tonne)
    zone = trade.zone_countries
    if route.mining_country in zone and route.refining_country in zone:
        for x in trade.price_floors:
            stages = (x.material, x.stage)
            if stages == (material.id, route.purchase_stage or material.stage):
                earned = np.maximum(earned, x.floor_usd_per_tonne)
    lacking = np.maximum(cost - earned, 0.0)
    return np.where(lacking > PRECISION * cost, lacking, 0.0)
