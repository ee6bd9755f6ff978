"""Where the vault may buy and in which proportion, counted again from the routes.

Without `optimizer.policies.sourcing` and `models.origin_shares`.
"""

import math
from collections import defaultdict

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.material import Material
from models.supply import CompetingBuyer, Route, SourcingOption
from optimizer.feasibility.running import runs

ROUNDING = 1e-9


def is_eligible(instance: Instance, route: Route) -> bool:
    """Say whether no step of a route lies in an ineligible country."""
    ineligible = instance.trade.ineligible_countries
    return (
        route.mining_country not in ineligible
        and route.refining_country not in ineligible
    )


def is_in_zone(instance: Instance, route: Route) -> bool:
    """Say whether both steps of a route lie in the trusted zone."""
    zone = instance.trade.zone_countries
    return route.mining_country in zone and route.refining_country in zone


def is_offered(instance: Instance, route: Route, option: SourcingOption) -> bool:
    """Say whether a sourcing option buys over a route."""
    if not is_eligible(instance, route):
        return False
    if not (option.pays_operating_cost or runs(instance, route).any()):
        return False
    if option.origins == "zone":
        return is_in_zone(instance, route)
    if option.origins == "recycling":
        return route.kind == "recycling"
    return option.origins == "any" or route.refining_country in option.origins


def bought_tonnes(
    instance: Instance, material: Material, option: SourcingOption
) -> dict[int, float]:
    """Return what the routes of an option have for the vault in a year, by position.

    It is infinite for a route without a limit of its own.
    """
    found: dict[int, float] = {}
    for r, route in enumerate(instance.routes):
        if route.material == material.id and is_offered(instance, route, option):
            found[r] = vault_tonnes(instance, route)
    return found


def vault_tonnes(instance: Instance, route: Route) -> float:
    """Return what a route states for the vault a year, less what others take of it."""
    most = route.vault_tonnes_per_year
    if most is None:
        return math.inf
    taken = 0.0
    for buyer in instance.competing_buyers:
        rivals = [
            x.vault_tonnes_per_year or 0.0
            for x in instance.routes
            if x.material == buyer.material and _buys_there(instance, buyer, x)
        ]
        is_bought = buyer.material == route.material and _buys_there(
            instance, buyer, route
        )
        if is_bought and sum(rivals) > 0:
            taken += buyer.tonnes_per_year * most / sum(rivals)
    return max(most - taken, 0.0)


def _buys_there(instance: Instance, buyer: CompetingBuyer, route: Route) -> bool:
    is_there = not buyer.countries or route.refining_country in buyer.countries
    return is_there and bool(runs(instance, route).any())


def route_weights(
    instance: Instance, material: Material, option: SourcingOption
) -> dict[int, float]:
    """Return the part of planned buying by position of the route, in sum 1.

    Where every sourcing option takes more from one country than the origin cap allows,
    each takes that much there and more elsewhere. What buys back for free stock does
    not: the cap is one of planned buying.
    """
    weights = _by_supply(instance, material, option)
    if not option.buys:
        return weights
    mine = _by_country(instance, weights)
    if max(mine.values(), default=0.0) <= material.origin_share_cap + ROUNDING:
        return weights
    most = origin_cap(instance, material)
    every = [
        parts
        for other in instance.sourcing_options
        if other.buys
        and (parts := _by_country(instance, _by_supply(instance, material, other)))
    ]
    if most * len(mine) < 1 - ROUNDING or not any(
        all(parts.get(country, 0.0) > most + ROUNDING for parts in every)
        for country in mine
    ):
        return weights
    kept = _kept_within(most, mine)
    countries = {r: instance.routes[r].refining_country for r in weights}
    return {r: x * kept[countries[r]] / mine[countries[r]] for r, x in weights.items()}


def most_bought(
    instance: Instance, material: Material, option: SourcingOption
) -> float:
    """Return what can be bought in a year if each route has its planned part of it."""
    tonnes = bought_tonnes(instance, material, option)
    weights = route_weights(instance, material, option)
    if weights == _by_supply(instance, material, option):
        return sum(tonnes.values())
    return min(tonnes[r] / part for r, part in weights.items())


def origin_cap(instance: Instance, material: Material) -> float:
    """Return the cap of an origin, at least an even split over all that can supply."""
    countries = {
        instance.routes[r].refining_country
        for option in instance.sourcing_options
        if option.buys
        for r in _by_supply(instance, material, option)
    }
    return max(material.origin_share_cap, 1 / len(countries) if countries else 0.0)


def _by_supply(
    instance: Instance, material: Material, option: SourcingOption
) -> dict[int, float]:
    """Return parts in proportion to what each route has, or normally can deliver."""
    need_per_year = instance.index.need_tonnes_per_day[material.id] * DAYS_PER_YEAR
    tonnes: dict[int, float] = {}
    for r, most in bought_tonnes(instance, material, option).items():
        route = instance.routes[r]
        normal = route.tonnes_per_year
        if route.share is not None:
            normal = route.share * need_per_year
        tonnes[r] = most
        if math.isinf(most):
            tonnes[r] = (normal or 0.0) * route.capacity_factor
    total = sum(tonnes.values())
    return {r: x / total for r, x in tonnes.items() if x > 0}


def _by_country(instance: Instance, weights: dict[int, float]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for r, part in weights.items():
        found[instance.routes[r].refining_country] += part
    return found


def _kept_within(most: float, parts: dict[str, float]) -> dict[str, float]:
    """Return parts that take at most so much each and keep their proportion below."""
    full: set[str] = set()
    while len(full) < len(parts):
        rest = sum(x for country, x in parts.items() if country not in full)
        scale = (1 - most * len(full)) / rest
        over = {c for c in parts.keys() - full if parts[c] * scale > most + ROUNDING}
        if not over:
            break
        full |= over
    else:
        return dict.fromkeys(parts, most)
    return {c: most if c in full else x * scale for c, x in parts.items()}
