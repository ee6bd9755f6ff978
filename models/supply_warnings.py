"""Warnings about routes, their terms and what the vault buys over them."""

from collections.abc import Iterator
from typing import cast

from models.capped_origins import is_usable
from models.countries import COUNTRY_CODES
from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.mistakes import Mistake
from models.supply import SourcingOption
from models.time_path import fraction_in
from models.tranche_in_force import sourcing_in
from models.warning_text import nearest, percent, route_countries

# Sums of normal deliveries outside this range leave a gap, or stock, without events.
USUAL_SUPPLY = (0.9, 1.1)
NUMBER_OF_ROUTES_SHOWN = 3


def trade_countries(case: Instance) -> Iterator[Mistake]:
    """Find countries of the trade policy that do not exist, and a zone of no route."""
    supplying = {x for route in case.routes for x in route_countries(route, "both")}
    zone = case.trade.zone_countries
    if zone and zone.isdisjoint(supplying):
        expected = f"at least one country of a route ({', '.join(sorted(supplying))})"
        hint = nearest(min(zone), supplying)
        effect = "no route has a step inside the zone"
        path = "trade.zone_countries"
        yield Mistake(path, sorted(zone), f"{expected}{hint}; {effect}")
    for name in ("zone_countries", "ineligible_countries"):
        countries = cast("frozenset[str]", getattr(case.trade, name))
        for country in sorted(countries - supplying - COUNTRY_CODES):
            expected = "a country of a route or of ISO 3166-1"
            hint = nearest(country, supplying)
            effect = "it has no effect"
            yield Mistake(f"trade.{name}", country, f"{expected}{hint}; {effect}")


def idle_sourcing(case: Instance) -> Iterator[Mistake]:
    """Find sourcing options that can buy nothing, and starts that are not read."""
    number, used = case.horizon.number_of_periods, set(_used_in_force(case))
    for option in case.sourcing_options:
        path = f"sourcing_options[{option.id}]"
        end = option.start_period + option.build_up_periods
        if option.build_up_periods == 0 and option.start_period > 0:
            expected = "0 with build_up_periods = 0: all is bought before the start"
            yield Mistake(f"{path}.start_period", option.start_period, expected)
        elif option.build_up_periods > 0 and end > number and option.id not in used:
            expected = (
                f"at most {number - option.build_up_periods}, so that the build-up of "
                f"{option.build_up_periods} periods ends within the {number} of the "
                "horizon; the option buys nothing"
            )
            if option.build_up_periods > number:
                at, value = "build_up_periods", option.build_up_periods
                expected = f"at most {number} periods; the option buys nothing"
            else:
                at, value = "start_period", option.start_period
            yield Mistake(f"{path}.{at}", value, expected)
        yield from _idle_origins(case, option)


def _used_in_force(case: Instance) -> Iterator[str]:
    """Yield the options by which rights and tranches in force buy, whatever is new."""
    for right in case.position.rights:
        yield right.sourcing
    for lot in case.position.stock:
        if lot.tranche is not None:
            yield from sourcing_in(lot.tranche)


def _idle_origins(case: Instance, option: SourcingOption) -> Iterator[Mistake]:
    """Find origins of a sourcing option that no route has."""
    path, effect = f"sourcing_options[{option.id}].origins", "the option buys nothing"
    zone, refined = case.trade.zone_countries, {x.refining_country for x in case.routes}
    if option.origins == "zone":
        if not any(route_countries(route, "both") <= zone for route in case.routes):
            expected = f"any: no route is wholly inside the zone; {effect}"
            yield Mistake(path, "zone", expected)
    elif option.origins == "recycling":
        if not any(route.kind == "recycling" for route in case.routes):
            yield Mistake(path, "recycling", f"any: no route is recycling; {effect}")
    elif option.origins != "any":
        for country in option.origins:
            if country not in refined:
                expected = (
                    f"a country in which a route is refined{nearest(country, refined)}"
                )
                yield Mistake(path, country, f"{expected}; nothing is bought there")


def rights_without_route(case: Instance) -> Iterator[Mistake]:
    """Find rights in force whose sourcing option has no route of their material."""
    options = {x.id: x for x in case.sourcing_options}
    for right in case.position.rights:
        material = case.index.offer[right.offer].material
        routes = [x for x in case.routes if x.material == material]
        option = options[right.sourcing]
        if not any(is_usable(case, route, option) for route in routes):
            expected = f"an option with a route of {material}; nothing is bought back"
            path = f"position.rights[{right.offer}].sourcing"
            yield Mistake(path, right.sourcing, expected)


def idle_buyers(case: Instance) -> Iterator[Mistake]:
    """Find competing buyers that buy nowhere, or all that there is."""
    for buyer in case.competing_buyers:
        path = f"competing_buyers[{buyer.id}]"
        found = [
            route.vault_tonnes_per_year or 0.0
            for route in case.routes
            if route.material == buyer.material
            and (not buyer.countries or route.refining_country in buyer.countries)
        ]
        if not sum(found):
            expected = (
                "a country in which a route with tonnes for the vault is refined; "
                "the buyer takes nothing"
            )
            yield Mistake(f"{path}.countries", list(buyer.countries), expected)
        elif buyer.tonnes_per_year >= sum(found):
            expected = (
                f"less than {sum(found):g}, all that its routes have; nothing is left "
                "for the vault"
            )
            yield Mistake(f"{path}.tonnes_per_year", buyer.tonnes_per_year, expected)


def supply_unlike_need(case: Instance) -> Iterator[Mistake]:
    """Find materials whose routes deliver clearly less or more than is needed.

    Routes that may close or ramp up count only where that helps: they are meant to come
    on top, or to be missed.
    """
    least, most = USUAL_SUPPLY
    for material in case.materials:
        need = case.index.need_tonnes_per_day[material.id] * DAYS_PER_YEAR
        routes = [route for route in case.routes if route.material == material.id]
        if need <= 0:
            continue
        normal = {route.id: case.index.stated_share(route) for route in routes}
        total = sum(
            normal[route.id]
            for route in routes
            if route.operating_cost_usd_per_tonne is None and not route.ramp
        )
        largest = sum(normal[route.id] * route.capacity_factor for route in routes)
        effect = None
        if largest < least:
            effect = f"{percent(1 - largest)} of the need is missing without any event"
        elif total > most:
            effect = f"{percent(total - 1)} of the need must be lost before a gap opens"
        if effect is not None:
            shown = ", ".join(list(normal)[:NUMBER_OF_ROUTES_SHOWN])
            dots = ", ..." if len(normal) > NUMBER_OF_ROUTES_SHOWN else ""
            in_shares = all(route.share is not None for route in routes)
            field = "share" if in_shares else "tonnes_per_year"
            expected = f"a sum of about 1 over all routes of {material.id}; {effect}"
            path = f"routes[{shown}{dots}].{field}"
            yield Mistake(path, round(total, 6), expected)


def idle_terms(case: Instance) -> Iterator[Mistake]:
    """Find floors, offers and contract terms without effect."""
    for i, floor in enumerate(case.trade.price_floors):
        stages = {m.stage for m in case.materials if m.id == floor.material}
        stages |= {
            route.purchase_stage
            for route in case.routes
            if route.material == floor.material and route.purchase_stage is not None
        }
        if floor.stage not in stages:
            expected = f"a stage at which {floor.material} is bought"
            known = f"({', '.join(sorted(stages))}){nearest(floor.stage, stages)}"
            path = f"trade.price_floors[{i}].stage"
            effect = "the floor has no effect"
            yield Mistake(path, floor.stage, f"{expected} {known}; {effect}")
    for offer in case.entitlement_offers:
        need = case.index.need_by_participant_tonnes_per_day[offer.material]
        if need.get(offer.participant, 0.0) <= 0:
            expected = f"a material that {offer.participant} needs; it is never awarded"
            path = f"entitlement_offers[{offer.id}].material"
            yield Mistake(path, offer.material, expected)
    for contract in case.contracts:
        if contract.upside_threshold_usd_per_tonne is None and contract.upside_share:
            expected = "0 without upside_threshold_usd_per_tonne; nothing is paid back"
            path = f"contracts[{contract.id}].upside_share"
            yield Mistake(path, contract.upside_share, expected)


def closed_routes(case: Instance) -> Iterator[Mistake]:
    """Find routes that nothing opens, and buyers who pay too little to open one."""
    routes, operation = case.index.route, case.index.operation
    pays = any(option.pays_operating_cost for option in case.sourcing_options)
    for route, runs in zip(case.routes, operation, strict=True):
        held = any(
            any(case.index.contract_runs[x.id])
            for x in case.contracts
            if x.route == route.id
        )
        if not (runs.runs_in_market or pays or held):
            most = route.operating_cost_usd_per_tonne or 0.0
            least = most - min(runs.lacking_usd_per_tonne) * route.conversion_yield
            expected = (
                f"at most {least:g}, what it earns, or a floor, a contract or a "
                "sourcing option that pays for it; the route never runs"
            )
            path = f"routes[{route.id}].operating_cost_usd_per_tonne"
            yield Mistake(path, most, expected)
    for contract in case.contracts:
        if not any(case.index.contract_runs[contract.id]):
            lacking = min(operation[routes[contract.route]].lacking_usd_per_tonne)
            expected = (
                f"enough to run route {contract.route}, which lacks {lacking:g} a "
                "tonne at the market price; the contract delivers nothing"
            )
            path = f"contracts[{contract.id}].floor_usd_per_tonne"
            yield Mistake(path, contract.floor_usd_per_tonne, expected)
    if not any(any(x.lacking_usd_per_tonne) for x in operation):
        for option in case.sourcing_options:
            if option.pays_operating_cost:
                path = f"sourcing_options[{option.id}].pays_operating_cost"
                expected = "false: no route earns less than its operating cost"
                yield Mistake(path, option.pays_operating_cost, expected)


def idle_paths(case: Instance) -> Iterator[Mistake]:
    """Find treatment charges that no route pays, and ramps that change nothing.

    A charge counts where a route could close or where its feed has a floor.
    """
    floors = {(x.material, x.stage) for x in case.trade.price_floors}
    for charge in case.treatment_charges:
        is_read = any(
            route.treatment_charge == charge.id
            and (
                route.operating_cost_usd_per_tonne is not None
                or (
                    route.purchase_stage == charge.stage
                    and (charge.material, charge.stage) in floors
                )
            )
            for route in case.routes
        )
        if not is_read:
            expected = (
                "the charge of a route with an operating cost, or bought at a stage "
                "with a floor; it has no effect"
            )
            yield Mistake(f"treatment_charges[{charge.id}]", charge.id, expected)
    ramps = [(f"routes[{x.id}].ramp", x.ramp) for x in case.routes]
    ramps += [(f"products[{x.id}].ramp", x.ramp) for x in case.products]
    for path, ramp in ramps:
        periods = range(case.horizon.number_of_periods)
        if ramp and all(fraction_in(ramp, t) == 1 for t in periods):
            expected = "a fraction below 1 in some period; the ramp has no effect"
            yield Mistake(path, 1.0, expected)
