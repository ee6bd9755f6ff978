"""What routes have for the vault: tonnes a year, and how much of it can be bought when.

Participants come first. So gaps do not depend on what the vault buys.
"""

import numpy as np

from models.instance import Instance
from models.material import Material
from models.supply import Route
from optimizer.policies.market import Market, open_in_market
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


def vault_tonnes(instance: Instance, material: Material) -> dict[int, float]:
    """Return what each route of a material has for the vault, tonnes a year.

    It is what the route states, less what competing buyers take; infinite if the route
    states no limit. Competing buyers take nothing from routes that never open.
    """
    stated = {
        r: np.inf
        if route.vault_tonnes_per_year is None
        else route.vault_tonnes_per_year
        for r, route in enumerate(instance.routes)
        if route.material == material.id
    }
    left = dict(stated)
    for buyer in instance.competing_buyers:
        if buyer.material != material.id:
            continue
        its = [
            r
            for r in stated
            if instance.index.operation[r].runs_in_market
            and (
                not buyer.countries
                or instance.routes[r].refining_country in buyer.countries
            )
        ]
        total = sum(stated[r] for r in its)
        for r in its if 0 < total < np.inf else ():
            taken = buyer.tonnes_per_year * stated[r] / total
            left[r] = max(left[r] - taken, 0.0)
    return left


def usable_shares(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    material: Material,
    *,
    pays_operating_cost: bool,
) -> dict[int, Floats]:
    """Return by route the part (w, t) of what it has for the vault that can be bought.

    A route is open as far as it is available and runs, or is held open by what the
    vault pays. Participants that are short take spare capacity first, the same part on
    all routes that are open for them. What the vault may take beyond spare capacity no
    participant takes.
    """
    years = np.array(instance.horizon.period_lengths_years)
    normal = _normal_deliveries(instance, market, material, years)
    used = _used_spare(instance, scenarios, market, material, normal)
    usable: dict[int, Floats] = {}
    for r, route in _routes(instance, material):
        operation = instance.index.operation[r]
        in_market = open_in_market(instance, scenarios, r)
        usable[r] = in_market
        if stated := route.vault_tonnes_per_year:
            spare = (route.capacity_factor - 1) * normal[r]
            usable[r] = in_market * (1 - used * np.minimum(spare / (stated * years), 1))
        if pays_operating_cost:
            held_open = scenarios.availability[r] * np.array(operation.held_open)
            usable[r] += held_open - in_market
    return usable


def _routes(instance: Instance, material: Material) -> list[tuple[int, Route]]:
    return [
        (r, route)
        for r, route in enumerate(instance.routes)
        if route.material == material.id
    ]


def _normal_deliveries(
    instance: Instance, market: Market, material: Material, years: Floats
) -> dict[int, Floats]:
    """Return what each route normally delivers, tonnes (w, t)."""
    need = market.total_need[instance.index.material[material.id]]
    return {
        r: np.zeros_like(need) + (route.tonnes_per_year or 0.0) * years
        if route.share is None
        else route.share * need
        for r, route in _routes(instance, material)
    }


def _used_spare(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    material: Material,
    normal: dict[int, Floats],
) -> Floats:
    """Return the part (w, t) of open spare capacity that participants take."""
    delivered = market.delivered[instance.index.material[material.id]]
    regular, spare = np.zeros_like(delivered), np.zeros_like(delivered)
    for r, route in _routes(instance, material):
        is_open = open_in_market(instance, scenarios, r) * normal[r]
        regular += is_open
        spare += (route.capacity_factor - 1) * is_open
    wanted = np.maximum(delivered - regular, 0.0)
    used = np.divide(wanted, spare, out=np.zeros_like(wanted), where=spare > 0)
    return np.minimum(used, 1.0)
