"""When a route runs and what holding it open costs, counted again.

From the case alone, without the index of the case and `models.route_operation`.
"""

import numpy as np

from models.instance import Instance
from models.material import Material
from models.supply import OfftakeContract, Route
from models.time_path import PathPoint
from optimizer.scenarios.scenario_set import Floats

PRECISION = 1e-9


def runs(instance: Instance, route: Route) -> Floats:
    """Return how far a route runs for participants in each period (t)."""
    trade = instance.trade
    lacking = paid_on_top(instance, route)
    if {route.mining_country, route.refining_country} <= trade.zone_countries:
        duty = trade.border_adjustment_rate * _price(instance, route)
        lacking = np.where(lacking <= duty, 0.0, lacking)
    return np.where(lacking > 0, 0.0, runs_at_most(instance, route))


def runs_under(instance: Instance, route: Route, contract: OfftakeContract) -> Floats:
    """Return how far a route runs for a signed contract in each period (t)."""
    is_closed = _shortfall(instance, route, contract.floor_usd_per_tonne) > 0
    return np.where(is_closed, 0.0, runs_at_most(instance, route))


def runs_at_most(instance: Instance, route: Route) -> Floats:
    """Return how far a route runs for who pays its cost, in each period (t)."""
    periods = instance.horizon.number_of_periods
    return _by_period(route.ramp, periods) if route.ramp else np.ones(periods)


def paid_on_top(instance: Instance, route: Route) -> Floats:
    """Return what is paid above the price to run a route in each period (t).

    It is in US dollars a tonne of traded form.
    """
    return _shortfall(instance, route, 0.0) / route.conversion_yield


def fees(instance: Instance, route: Route) -> Floats:
    """Return what refining and freight cost in each period (t), US dollars.

    It is per tonne of traded form.
    """
    material = _material(instance, route)
    periods = instance.horizon.number_of_periods
    if route.purchase_stage in {None, material.stage}:
        return np.full(periods, route.fee_usd_per_tonne)
    return route.fee_usd_per_tonne + _charge(instance, route)


def _shortfall(instance: Instance, route: Route, least_price: float) -> Floats:
    """Return by how much a route earns too little (t) if a buyer pays a least price."""
    periods = instance.horizon.number_of_periods
    cost = route.operating_cost_usd_per_tonne
    if cost is None:
        return np.zeros(periods)
    material = _material(instance, route)
    zone = instance.trade.zone_countries
    price = _price(instance, route)
    earned = np.maximum(price, least_price)
    stage = route.purchase_stage or material.stage
    if stage != material.stage:
        earned = route.conversion_yield * (earned - fees(instance, route))
    if route.mining_country in zone and route.refining_country in zone:
        earned = np.maximum(earned, _floor(instance, material, stage))
    if stage == material.stage and route.treatment_charge is not None:
        charge = next(
            x for x in instance.treatment_charges if x.id == route.treatment_charge
        )
        feed = price - _charge(instance, route)
        if route.refining_country in zone:
            floor = _floor(instance, material, charge.stage)
            feed = np.maximum(feed, floor / charge.conversion_yield)
        earned = earned - feed
    lacking = np.maximum(cost - earned, 0.0)
    return np.where(lacking > PRECISION * cost, lacking, 0.0)


def _price(instance: Instance, route: Route) -> Floats:
    """Return the undisrupted price of the traded form in each period (t)."""
    material = _material(instance, route)
    stated = material.price_path_usd_per_tonne or material.price_usd_per_tonne
    periods = instance.horizon.number_of_periods
    return np.broadcast_to(np.array(stated), (periods,))


def _charge(instance: Instance, route: Route) -> Floats:
    """Return the treatment charge of a route in each period (t), 0 without one."""
    periods = instance.horizon.number_of_periods
    for x in instance.treatment_charges:
        if x.id == route.treatment_charge:
            return _by_period(x.usd_per_tonne, periods)
    return np.zeros(periods)


def _by_period(path: tuple[PathPoint, ...], periods: int) -> Floats:
    at = [float(point.period) for point in path]
    return np.interp(np.arange(periods), at, [point.value for point in path])


def _floor(instance: Instance, material: Material, stage: str) -> float:
    named = (material.id, stage)
    floors = instance.trade.price_floors
    return max(
        [x.floor_usd_per_tonne for x in floors if (x.material, x.stage) == named],
        default=0.0,
    )


def _material(instance: Instance, route: Route) -> Material:
    return next(m for m in instance.materials if m.id == route.material)
