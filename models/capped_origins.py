"""Caps of origins that no purchase satisfies: none of the material is ever bought."""

from collections.abc import Iterator

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.material import Material
from models.mistakes import Mistake
from models.supply import Route, SourcingOption

ROUNDING = 1e-9


def capped_origins(case: Instance) -> Iterator[Mistake]:
    """Find materials of which each sourcing option buys too much in one country.

    Mixes of the options do so too. Competing buyers shift the shares, so materials that
    have some are left out.
    """
    contested = {buyer.material for buyer in case.competing_buyers}
    for material in case.materials:
        cap = material.origin_share_cap
        if cap >= 1 or material.id in contested:
            continue
        found = [
            shares
            for option in case.sourcing_options
            if (shares := _origins(case, material, option))
        ]
        countries = {country for shares in found for country in shares}
        for country in sorted(countries):
            least = min(shares.get(country, 0.0) for shares in found)
            if least > cap + ROUNDING:
                path = f"materials[{material.id}].origin_share_cap"
                expected = (
                    f"at least {least:.3g}: each sourcing option buys that share or "
                    f"more in {country}; nothing of it is ever bought"
                )
                yield Mistake(path, cap, expected)


def _origins(
    case: Instance, material: Material, option: SourcingOption
) -> dict[str, float]:
    """Return the planned share by refining country; empty without an eligible route."""
    tonnes: dict[str, float] = {}
    for route in case.routes:
        if route.material == material.id and is_usable(case, route, option):
            country = route.refining_country
            tonnes[country] = tonnes.get(country, 0.0) + _most(case, route)
    total = sum(tonnes.values())
    return {x: part / total for x, part in tonnes.items()} if total > 0 else {}


def is_usable(case: Instance, route: Route, option: SourcingOption) -> bool:
    """Say whether the vault may buy from a route under a sourcing option."""
    countries = {route.mining_country, route.refining_country}
    if countries & case.trade.ineligible_countries:
        return False
    operation = case.index.operation[case.index.route[route.id]]
    if not (operation.runs_in_market or option.pays_operating_cost):
        return False
    match option.origins:
        case "any":
            return True
        case "zone":
            return countries <= case.trade.zone_countries
        case "recycling":
            return route.kind == "recycling"
        case _:
            return route.refining_country in option.origins


def _most(case: Instance, route: Route) -> float:
    """Return what a route has for the vault in a year, else its whole capacity."""
    if route.vault_tonnes_per_year is not None:
        return route.vault_tonnes_per_year
    normal = route.tonnes_per_year or 0.0
    if route.share is not None:
        need = case.index.need_tonnes_per_day[route.material]
        normal = route.share * need * DAYS_PER_YEAR
    return normal * route.capacity_factor
