"""Limits on what is held and bought: rows (7) to (13), (22) and (23) of the page.

What rights in force take of a limit is given: where that is more, so much is allowed.
"""

import math
from collections import defaultdict

import numpy as np

from models.instance import Instance
from models.material import Material
from models.opening_position import is_empty
from models.plan import Tranche
from models.supply import SourcingOption
from optimizer.feasibility.lots import lots_of
from optimizer.feasibility.orders import origin_cap as cap_of
from optimizer.feasibility.orders import route_weights, vault_tonnes
from optimizer.feasibility.recount import Moved, Recount
from optimizer.feasibility.rights_in_force import in_force
from optimizer.feasibility.tolerances import LIMIT, ROUNDING
from optimizer.feasibility.violation import Violations, at_least, at_most
from optimizer.scenarios.scenario_set import Floats


def limit_violations(counted: Recount) -> Violations:
    """Yield the portfolio limits that do not hold."""
    yield from minimum_cover(counted)
    yield from storage_capacity(counted)
    yield from outload_limit(counted)
    yield from market_capacity(counted)
    yield from route_capacity(counted)
    yield from origin_cap(counted)
    yield from level_change(counted)


def minimum_cover(counted: Recount) -> Violations:
    """(7) tonnes held >= minimum_days_of_cover need."""
    need = counted.instance.index.served_need_tonnes_per_day
    for m in counted.instance.materials:
        held = sum(x.tranche.tonnes for x in counted.of(m))
        least = min(m.minimum_days_of_cover * need[m.id], _eased(counted, m))
        yield from at_least("minimum_cover", m.id, held, least, 0.0)


def level_change(counted: Recount) -> Violations:
    """(22), (23) |tonnes held - level in force| <= level_change_cap_days need."""
    instance = counted.instance
    cap, need = instance.options.level_change_cap_days, instance.index
    stated = {x.material: x.tonnes for x in instance.position.levels}
    for m in instance.materials:
        if cap is None or m.id not in stated:
            continue
        held = sum(x.tranche.tonnes for x in counted.of(m))
        change = cap * need.served_need_tonnes_per_day[m.id]
        given = sum(x.tranche.tonnes for x in counted.of(m) if _is_given(counted, x))
        most = max(stated[m.id] + change, given)
        yield from at_most("level_rise", m.id, held, most, 0.0)
        least = min(max(stated[m.id] - change, 0.0), _eased(counted, m))
        yield from at_least("level_fall", m.id, held, least, 0.0)


def _eased(counted: Recount, material: Material) -> float:
    """Return what a reserve that exists can hold without buying, tonnes.

    It is enough where more is asked for. Of a reserve that does not exist nothing is.
    """
    instance, lot = counted.instance, material.lot_tonnes
    if is_empty(instance.position):
        return math.inf
    lots = sum(
        x.lots
        for x in instance.position.rights
        for offer in instance.entitlement_offers
        if offer.id == x.offer and offer.material == material.id
    )
    if any(x.is_held for x in instance.sourcing_options):
        need = instance.index.served_need_tonnes_per_day[material.id]
        levels = instance.pool_levels_days_of_cover(material.id)
        free = sum(x.tonnes for x in lots_of(instance, material))
        lots += math.floor(min(free, max(levels) * need) / lot + ROUNDING)
    return lots * lot


def storage_capacity(counted: Recount) -> Violations:
    """(8) targets and stock for sale of all materials of a class <= capacity."""
    for s in counted.instance.storage_classes:
        inside = [x for x in counted.moved if x.material.storage_class == s.id]
        held = sum(x.tranche.tonnes for x in inside)
        given = sum(x.tranche.tonnes for x in inside if _is_given(counted, x))
        held += sum(
            x.sale.tonnes for x in counted.sales if x.material.storage_class == s.id
        )
        most = max(s.capacity_tonnes, given)
        yield from at_most("storage_capacity", s.id, held, most, 0.0)


def outload_limit(counted: Recount) -> Violations:
    """(9) the most that tranches release and is sold at once <= what is loaded out."""
    instance = counted.instance
    storage = {s.id: s for s in instance.storage_classes}
    # Of what leaves by a rate a month, most falls on a day of the shortest month.
    days = min(instance.horizon.period_lengths_days)
    average = instance.horizon.average_period_days
    for m in instance.materials:
        a_day = storage[m.storage_class].outload_tonnes_per_day
        released = [
            (_most_released(x.tranche, days / average), _is_given(counted, x))
            for x in counted.of(m)
        ]
        limit = max(a_day * days, sum(x for x, is_given in released if is_given))
        most = sum(x for x, _ in released)
        mine = [x.sale for x in counted.sales if x.material.id == m.id]
        most += sum(min(x.tonnes_per_period, x.tonnes) for x in mine)
        yield from at_most("outload_limit", m.id, most, limit, 0.0)


def market_capacity(counted: Recount) -> Violations:
    """(10) the most that all tranches buy at once <= what the market bears."""
    years = counted.instance.horizon.average_period_years
    for m in counted.instance.materials:
        acquired = [
            (_most_acquired(x.tranche), _is_given(counted, x)) for x in counted.of(m)
        ]
        given = sum(x for x, is_given in acquired if is_given)
        limit = max(m.market_capacity_tonnes_per_year * years, given)
        most = sum(x for x, _ in acquired)
        yield from at_most("market_capacity", m.id, most, limit, 0.0)


def route_capacity(counted: Recount) -> Violations:
    """(11), (12) what all tranches buy over a route <= what it has for the vault.

    In each period, and for what is in place in the year before the start.
    """
    instance = counted.instance
    years = instance.horizon.average_period_years
    for r, route in enumerate(instance.routes):
        most = vault_tonnes(instance, route)
        if math.isinf(most):
            continue
        before, bought = 0.0, np.zeros(instance.horizon.number_of_periods)
        given = np.zeros_like(bought)
        for x in counted.moved:
            if x.material.id == route.material:
                option = _option(instance, x.tranche)
                part = route_weights(instance, x.material, option).get(r, 0.0)
                before += part * x.bought_before
                bought += part * _most_bought(x)
                given += part * _most_bought(x) * _is_given(counted, x)
        where = f"{route.id} before the start"
        yield from at_most("route_capacity", where, before, most, 0.0)
        allowed = np.maximum(given, most * years)
        for t, (tonnes, limit) in enumerate(
            zip(bought.tolist(), allowed.tolist(), strict=True)
        ):
            where = f"{route.id}, t={t}"
            yield from at_most("route_capacity", where, tonnes, limit, 0.0)


def origin_cap(counted: Recount) -> Violations:
    """(13) planned buying from a refining country <= cap of all planned buying."""
    instance = counted.instance
    for m in instance.materials:
        by_country: dict[str, float] = defaultdict(float)
        given: dict[str, float] = defaultdict(float)
        bought_in_all, given_in_all = 0.0, 0.0
        for x in counted.of(m):
            bought = x.bought_before + float(x.planned.sum())
            bought_in_all += bought
            given_in_all += bought * _is_given(counted, x)
            for country, part in _origins(instance, x.tranche).items():
                by_country[country] += part * bought
                given[country] += part * bought * _is_given(counted, x)
        cap = cap_of(instance, m)
        for country, bought in sorted(by_country.items()):
            where = f"{m.id} from {country}"
            beyond = max(given[country] - cap * given_in_all, 0.0)
            most, tolerance = cap * bought_in_all + beyond, LIMIT * bought_in_all
            yield from at_most("origin_cap", where, bought, most, tolerance)


def bought_by_route(counted: Recount, material: Material) -> dict[str, float]:
    """Return planned buying of a material by route, that before the start included."""
    instance, bought = counted.instance, dict[str, float]()
    for x in counted.of(material):
        tonnes = x.bought_before + float(x.planned.sum())
        if tonnes == 0:
            continue
        weights = route_weights(instance, material, _option(instance, x.tranche))
        for r, weight in weights.items():
            route = instance.routes[r].id
            bought[route] = bought.get(route, 0.0) + weight * tonnes
    return bought


def _is_given(counted: Recount, moved: Moved) -> bool:
    """Say whether a tranche is a right that was awarded before the start."""
    return in_force(counted.instance, moved.tranche.offer) is not None


def _most_released(tranche: Tranche, length: float) -> float:
    draw = max(step.release_tonnes_per_period for step in tranche.steps)
    outload = tranche.outload_tonnes_per_period * length
    return min(draw, outload, tranche.tonnes)


def _most_acquired(tranche: Tranche) -> float:
    refill = max(step.replenishment_tonnes_per_period for step in tranche.steps)
    is_built_up = tranche.build_up_periods > 0
    pace = max(refill, tranche.build_up_tonnes_per_period if is_built_up else 0.0)
    return pace + tranche.rotation_tonnes_per_period


def _most_bought(moved: Moved) -> Floats:
    """Return the most that a tranche buys in each period, tonnes (t)."""
    tranche = moved.tranche
    end = tranche.build_up_start_period + tranche.build_up_periods
    bought = moved.planned + tranche.rotation_tonnes_per_period
    bought[end:] += max(x.replenishment_tonnes_per_period for x in tranche.steps)
    return bought


def _option(instance: Instance, tranche: Tranche) -> SourcingOption:
    return next(s for s in instance.sourcing_options if s.id == tranche.sourcing)


def _origins(instance: Instance, tranche: Tranche) -> dict[str, float]:
    """Return the planned part from each refining country, in sum 1."""
    material = next(m for m in instance.materials if m.id == tranche.material)
    option = _option(instance, tranche)
    origins: dict[str, float] = defaultdict(float)
    for r, weight in route_weights(instance, material, option).items():
        origins[instance.routes[r].refining_country] += weight
    return origins
