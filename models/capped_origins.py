"""Caps of origins that the eligible origins cannot keep, and what then holds."""

from collections.abc import Iterator, Sequence

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.material import Material
from models.mistakes import Mistake
from models.origin_shares import ROUNDING, Shares, cap_in_force, spread, unavoidable
from models.supply import Route, SourcingOption


def capped_origins(case: Instance) -> Iterator[Mistake]:
    """Find caps that the eligible origins of a material cannot keep as they are.

    Competing buyers shift the shares, so materials that have some are left out.
    """
    contested = {buyer.material for buyer in case.competing_buyers}
    for material in case.materials:
        cap = material.origin_share_cap
        if cap >= 1 or material.id in contested:
            continue
        options = [
            shares
            for option in case.sourcing_options
            if option.buys
            if (shares := _origins(case, material, option))
        ]
        path = f"materials[{material.id}].origin_share_cap"
        for expected in _effects(cap, options):
            yield Mistake(path, cap, expected)


def _effects(cap: float, options: Sequence[Shares]) -> Iterator[str]:
    """Say what the cap does, if that is not what it says."""
    countries = sorted({country for shares in options for country in shares})
    most = cap_in_force(cap, options)
    if len(countries) == 1:
        yield f"at least 1: {countries[0]} alone can supply, and the cap has no effect"
        return
    if most > cap + ROUNDING:
        yield (
            f"at least {most:.3g}: {', '.join(countries)} alone can supply, and "
            f"{most:.3g} may come from each"
        )
    spread_out = unavoidable(most, spread(cap, options))
    for country, share in unavoidable(most, options).items():
        every = f"at least {share:.3g}: each sourcing option buys that share or more"
        if country in spread_out:
            yield f"{every} in {country}; nothing of it is ever bought"
        else:
            yield (
                f"{every} in {country}; they buy {most:.3g} there and more elsewhere, "
                "as far as routes deliver it"
            )


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
