"""Checks across the sections of a case: identifiers, references, order, terms."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from models.agreed_fees import wrong_fees
from models.alerts_before import wrong_alerts
from models.bill_of_materials import cycles, depths, explode
from models.contracts_in_force import wrong_contracts
from models.debt_in_force import wrong_debt
from models.disruptions_in_force import wrong_disruptions
from models.draw_order import wrong_draw_order
from models.held_stock import wrong_held_options, wrong_position
from models.horizon import DAYS_PER_YEAR
from models.identifiers import LISTS, KnownIdentifiers, identifiers_in
from models.level_changes import wrong_levels
from models.mistakes import Mistake
from models.on_order import wrong_purchases_on_order
from models.opening_buffers import wrong_buffers
from models.prices_today import wrong_prices
from models.record import LARGEST_NUMBER
from models.rights_in_force import wrong_rights
from models.route_operation import fee_in, selling_stage, undisrupted_price
from models.sections import Sections
from models.surplus_sale import wrong_sales

# The last day of the year 9998, as Python counts days.
LAST_ORDINAL = dt.date(9998, 12, 31).toordinal()

MOST_LEVELS = 1000

Find = Callable[[Sections, KnownIdentifiers], Iterator[Mistake]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check for mistakes of one kind, with the sections of a case that it reads."""

    find: Find
    sections: frozenset[str]


def mistakes_in(
    case: Sections,
    left_out: frozenset[tuple[str, str]] = frozenset(),
    *,
    changed: Collection[str] | None = None,
) -> list[Mistake]:
    """Return every cross-field mistake of a case.

    If it differs from a correct case in the `changed` sections only, the checks that
    read none of them are skipped.
    """
    known = KnownIdentifiers(case, left_out)
    return [
        mistake
        for check in CHECKS
        if changed is None or not check.sections.isdisjoint(changed)
        for mistake in check.find(case, known)
    ]


def duplicate_identifiers(
    section: str, case: Sections, _known: KnownIdentifiers
) -> Iterator[Mistake]:
    """Find identifiers that occur more than once in a list."""
    for identifier, count in Counter(identifiers_in(case, section)).items():
        if count > 1:
            expected = f"to be defined once, found {count} times"
            yield Mistake(f"{section}[{identifier}].id", identifier, expected)


def unknown_materials(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find references to materials that the case does not define."""
    named = [
        *((f"routes[{x.id}].material", x.material) for x in case.routes),
        *((f"contracts[{x.id}].material", x.material) for x in case.contracts),
        *(
            (f"entitlement_offers[{x.id}].material", x.material)
            for x in case.entitlement_offers
        ),
        *(
            (f"options.added_levels_days_of_cover.{m}", m)
            for m in case.options.added_levels_days_of_cover
        ),
        *(
            (f"trade.price_floors[{i}].material", x.material)
            for i, x in enumerate(case.trade.price_floors)
        ),
        *((f"events[{x.id}].materials", m) for x in case.events for m in x.materials),
        *(
            (f"replays[{x.id}].disruptions[{i}].materials", m)
            for x in case.replays
            for i, disruption in enumerate(x.disruptions)
            for m in disruption.materials
        ),
        *(
            (f"published_losses[{i}].materials", m)
            for i, x in enumerate(case.published_losses)
            for m in x.materials
        ),
    ]
    for path, material in named:
        yield from known.missing("materials", path, material)


def unknown_references(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find other references to what the case does not define."""
    for m in case.materials:
        path = f"materials[{m.id}].storage_class"
        yield from known.missing("storage_classes", path, m.storage_class)
    for o in case.participants:
        path = f"participants[{o.id}].priority_class"
        yield from known.missing("priority_classes", path, o.priority_class)
    for offer in case.entitlement_offers:
        path = f"entitlement_offers[{offer.id}].participant"
        yield from known.missing("participants", path, offer.participant)
    for contract in case.contracts:
        path = f"contracts[{contract.id}]"
        yield from known.missing("routes", f"{path}.route", contract.route)
        yield from known.missing(
            "participants", f"{path}.beneficiary", contract.beneficiary
        )


def wrong_members(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find members that are no participants, and those that are listed twice."""
    if case.membership is None:
        return
    for member, count in Counter(case.membership.members).items():
        yield from known.missing("participants", "membership.members", member)
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("membership.members", member, expected)


def unknown_products(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find products of published losses that the case does not define."""
    for i, loss in enumerate(case.published_losses):
        for p in loss.products:
            yield from known.missing("products", f"published_losses[{i}].products", p)


def wrong_bills(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find unknown parts in bills of materials, and products that need themselves."""
    for p in case.products:
        path = f"products[{p.id}]"
        yield from known.missing("participants", f"{path}.participant", p.participant)
        for i, line in enumerate(p.bill_of_materials):
            at = f"{path}.bill_of_materials[{i}]"
            yield from known.missing("materials", f"{at}.material", line.material)
            yield from known.missing("products", f"{at}.component", line.component)
    for way in cycles(case.products):
        path = f"products[{way[0]}].bill_of_materials"
        yield Mistake(path, " -> ".join(way), "no product to be part of itself")
        return
    levels = depths(case.products)
    deepest = max(levels, key=lambda product_id: levels[product_id])
    if levels[deepest] > MOST_LEVELS:
        expected = f"components of components at most {MOST_LEVELS} levels deep"
        path = f"products[{deepest}].bill_of_materials"
        yield Mistake(path, f"{levels[deepest]} levels deep", expected)


def wrong_horizon(case: Sections, _known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find an end that is no date, and a discount that leaves nothing."""
    days = case.horizon.number_of_periods * case.horizon.average_period_days
    if case.horizon.start.toordinal() + days > LAST_ORDINAL:
        expected = "an end of the horizon before the year 9999"
        yield Mistake("horizon.start", str(case.horizon.start), expected)
    rate = case.horizon.discount_rate_per_year
    years = days / DAYS_PER_YEAR
    if _growth(rate, years) > LARGEST_NUMBER:
        expected = f"a rate that comes to at most {LARGEST_NUMBER:g} in {years:g} years"
        yield Mistake("horizon.discount_rate_per_year", rate, expected)


def needs_too_large(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find products that come to need more than any figure of a case may be."""
    lines = [line for p in case.products for line in p.bill_of_materials]
    components = {x.component for x in lines if x.component is not None}
    is_whole = components <= {p.id for p in case.products}
    if known.are_partial or not is_whole or cycles(case.products):
        return
    days = case.horizon.number_of_periods * case.horizon.average_period_days
    years = days / DAYS_PER_YEAR
    tonnes = explode(case.products)
    for p in case.products:
        if p.demand_units_per_year is None:
            continue
        growth = _growth(p.growth_per_year, years)
        if growth > LARGEST_NUMBER:
            expected = f"growth of at most {LARGEST_NUMBER:g} times in {years:g} years"
            yield Mistake(
                f"products[{p.id}].growth_per_year", p.growth_per_year, expected
            )
            continue
        most = p.demand_units_per_year * max(growth, 1.0)
        for material, quantity in tonnes[p.id].items():
            if not 0 < most * quantity <= LARGEST_NUMBER:
                expected = (
                    f"a need of {material} above 0 and up to {LARGEST_NUMBER:g} t a "
                    f"year, with components and growth over {years:g} years"
                )
                path = f"products[{p.id}].bill_of_materials"
                yield Mistake(path, most * quantity, expected)
    yield from _needed_later_only(case, tonnes)


def _needed_later_only(
    case: Sections, tonnes: Mapping[str, Mapping[str, float]]
) -> Iterator[Mistake]:
    """Find products with materials that nothing needs at the start: days of cover."""
    final = [p for p in case.products if p.demand_units_per_year is not None]
    started = {m for p in final if p.units_per_year(0) > 0 for m in tonnes[p.id]}
    for p in final:
        for material in sorted(tonnes[p.id].keys() - started):
            expected = f"above 0 in period 0, as no other product needs {material} then"
            yield Mistake(f"products[{p.id}].ramp", 0.0, expected)


def _growth(rate_per_year: float, years: float) -> float:
    """Return what a rate comes to, infinite if it overflows."""
    try:
        return (1 + rate_per_year) ** years
    except OverflowError:
        return math.inf


def unsupplied_or_unneeded(
    case: Sections, known: KnownIdentifiers
) -> Iterator[Mistake]:
    """Find materials without a route or without a product that needs them."""
    if known.are_partial:
        return
    supplied = {route.material for route in case.routes}
    needed = {x.material for p in case.products for x in p.bill_of_materials}
    for m in case.materials:
        if m.id not in supplied:
            yield Mistake(f"materials[{m.id}]", "without route", "at least one route")
        if m.id not in needed:
            expected = "at least one product that needs it"
            yield Mistake(f"materials[{m.id}]", "without demand", expected)


def wrong_material_orders(
    case: Sections, _known: KnownIdentifiers
) -> Iterator[Mistake]:
    """Find falling thresholds or premiums, and price paths of the wrong length."""
    number_of_periods = case.horizon.number_of_periods
    for m in case.materials:
        path = f"materials[{m.id}]"
        if list(m.alert_thresholds) != sorted(m.alert_thresholds):
            at = f"{path}.alert_thresholds"
            yield Mistake(at, list(m.alert_thresholds), "rising thresholds")
        for name, rates in (
            ("price_impact", [x.premium for x in m.price_impact]),
            ("refill_impact", [x.premium for x in m.refill_impact]),
        ):
            if rates != sorted(rates):
                expected = (
                    "premiums that do not fall (own buying has a convex price impact)"
                )
                yield Mistake(f"{path}.{name}", rates, expected)
        discounts = [x.discount for x in m.sale_impact]
        if discounts != sorted(discounts):
            expected = "discounts that do not fall (each tonne sold lowers the price)"
            yield Mistake(f"{path}.sale_impact", discounts, expected)
        prices = m.price_path_usd_per_tonne
        if prices is not None and len(prices) != number_of_periods:
            expected = f"{number_of_periods} prices, one for each period"
            yield Mistake(
                f"{path}.price_path_usd_per_tonne", f"{len(prices)} prices", expected
            )
        if prices is not None and min(prices, default=1.0) <= 0:
            at = f"{path}.price_path_usd_per_tonne"
            yield Mistake(at, min(prices), "prices above 0")


def wrong_terms(case: Sections, _known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find offers and contracts outside the horizon, or on routes they cannot use."""
    routes = {route.id: route for route in case.routes}
    ineligible = case.trade.ineligible_countries
    last = case.horizon.number_of_periods - 1
    for offer in case.entitlement_offers:
        path = f"entitlement_offers[{offer.id}]"
        if offer.maximum_lots < offer.minimum_lots:
            expected = f"at least minimum_lots = {offer.minimum_lots}"
            yield Mistake(f"{path}.maximum_lots", offer.maximum_lots, expected)
        if offer.repurchase_period is not None and offer.repurchase_period > last:
            at = f"{path}.repurchase_period"
            yield Mistake(at, offer.repurchase_period, f"a period up to {last}")
    for contract in case.contracts:
        path = f"contracts[{contract.id}]"
        route = routes.get(contract.route)
        if route is not None and route.material != contract.material:
            expected = f"a route of {contract.material}, not of {route.material}"
            yield Mistake(f"{path}.route", contract.route, expected)
        if route and ineligible & {route.mining_country, route.refining_country}:
            expected = "a route without ineligible countries"
            yield Mistake(f"{path}.route", contract.route, expected)
        if contract.start_period > last:
            at = f"{path}.start_period"
            yield Mistake(at, contract.start_period, f"a period up to {last}")


def wrong_purchases(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find materials with limits on some routes only, and buyers without any limit."""
    limited: dict[str, set[bool]] = {}
    for route in case.routes:
        limited.setdefault(route.material, set()).add(
            route.vault_tonnes_per_year is not None
        )
    for route in case.routes:
        if len(limited[route.material]) > 1 and route.vault_tonnes_per_year is None:
            expected = f"given, as for other routes of {route.material}"
            yield Mistake(
                f"routes[{route.id}].vault_tonnes_per_year", "absent", expected
            )
    for buyer in case.competing_buyers:
        path = f"competing_buyers[{buyer.id}].material"
        yield from known.missing("materials", path, buyer.material)
        if limited.get(buyer.material) == {False}:
            expected = "a material whose routes have vault_tonnes_per_year"
            yield Mistake(path, buyer.material, expected)
    for m in case.materials:
        if m.rotation_spread is not None and m.shelf_life_days is None:
            expected = "absent: without shelf_life_days nothing is rotated"
            path = f"materials[{m.id}].rotation_spread"
            yield Mistake(path, m.rotation_spread, expected)


def wrong_operating_costs(
    case: Sections, _known: KnownIdentifiers
) -> Iterator[Mistake]:
    """Find operating costs at a stage that is worth nothing, as its fee takes all."""
    materials = {m.id: m for m in case.materials}
    charges = {x.id for x in case.treatment_charges}
    for route in case.routes:
        m = materials.get(route.material)
        if m is None or route.operating_cost_usd_per_tonne is None:
            continue
        if route.treatment_charge is not None and route.treatment_charge not in charges:
            continue
        stage = selling_stage(route, m)
        for t in range(case.horizon.number_of_periods if stage != m.stage else 0):
            price, fee = undisrupted_price(m, t), fee_in(case, route, m, t)
            if fee >= price:
                expected = (
                    f"below {price:g}, the price of {m.id} in period {t}, with the "
                    f"treatment charge: else {stage} has no price that could cover "
                    "the operating cost"
                )
                yield Mistake(f"routes[{route.id}].fee_usd_per_tonne", fee, expected)
                break


def wrong_treatment_charges(
    case: Sections, known: KnownIdentifiers
) -> Iterator[Mistake]:
    """Find unknown charges, and those of another material or stage than their route."""
    charges = {x.id: x for x in case.treatment_charges}
    stages = {m.id: m.stage for m in case.materials}
    for x in case.treatment_charges:
        path = f"treatment_charges[{x.id}]"
        yield from known.missing("materials", f"{path}.material", x.material)
        if x.stage == stages.get(x.material):
            expected = f"a stage before {x.stage}, that of the traded form"
            yield Mistake(f"{path}.stage", x.stage, expected)
    for route in case.routes:
        path = f"routes[{route.id}]"
        yield from known.missing(
            "treatment_charges", f"{path}.treatment_charge", route.treatment_charge
        )
        charge = charges.get(route.treatment_charge or "")
        if charge is None:
            continue
        if charge.material != route.material:
            expected = f"a charge for {route.material}, not for {charge.material}"
            yield Mistake(f"{path}.treatment_charge", charge.id, expected)
        elif route.purchase_stage not in {
            None,
            charge.stage,
            stages.get(charge.material),
        }:
            expected = (
                f"{charge.stage}, the feed of charge {charge.id}, or absent for a "
                "custom refiner"
            )
            yield Mistake(f"{path}.purchase_stage", route.purchase_stage, expected)


def outputs_below_deliveries(
    case: Sections, _known: KnownIdentifiers
) -> Iterator[Mistake]:
    """Find contracts whose origin puts out less than its route normally delivers."""
    routes = {route.id: route for route in case.routes}
    for contract in case.contracts:
        route, output = routes.get(contract.route), contract.capacity_tonnes_per_year
        if route is None or output is None or route.tonnes_per_year is None:
            continue
        if output < route.tonnes_per_year:
            expected = (
                f"at least {route.tonnes_per_year:g}, the normal deliveries of route "
                f"{route.id}"
            )
            path = f"contracts[{contract.id}].capacity_tonnes_per_year"
            yield Mistake(path, output, expected)


def wrong_facilities(case: Sections, _known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find draws outside the horizon or after the first instalment."""
    last = case.horizon.number_of_periods - 1
    for f in case.financing.facilities:
        path = f"financing.facilities[{f.id}]"
        if f.first_draw_period > last:
            at = f"{path}.first_draw_period"
            yield Mistake(at, f.first_draw_period, f"a period up to {last}")
        end = last if f.last_draw_period is None else f.last_draw_period
        if end < f.first_draw_period:
            expected = f"at least first_draw_period = {f.first_draw_period}"
            yield Mistake(f"{path}.last_draw_period", end, expected)
        if f.repayment_start_period is not None and end >= f.repayment_start_period:
            expected = (
                f"a period after last_draw_period = {end} (instalments repay equal "
                "parts of all that was drawn)"
            )
            at = f"{path}.repayment_start_period"
            yield Mistake(at, f.repayment_start_period, expected)


def inconsistent_floors(case: Sections, _known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find floors below the floor of the previous stage after yield and fee.

    They leave the processor between the two stages without a margin.
    """
    floors = {
        (x.material, x.stage): x.floor_usd_per_tonne for x in case.trade.price_floors
    }
    stages = {m.id: m.stage for m in case.materials}
    for route in case.routes:
        before = floors.get((route.material, route.purchase_stage or ""))
        after = floors.get((route.material, stages.get(route.material, "")))
        if before is None or after is None or route.purchase_stage is None:
            continue
        least = before / route.conversion_yield + route.fee_usd_per_tonne
        if route.purchase_stage != stages[route.material] and after < least:
            expected = (
                f"at least {least:g}: floor {before:g} of stage {route.purchase_stage} "
                f"/ yield {route.conversion_yield:g} + fee of route {route.id}"
            )
            at = f"trade.price_floors[{route.material}, {stages[route.material]}]"
            yield Mistake(at, after, expected)


def _check(find: Find, *sections: str) -> Check:
    return Check(find, frozenset(sections))


CHECKS = (
    *(
        _check(partial(duplicate_identifiers, each), each.partition(".")[0])
        for each in LISTS
    ),
    _check(
        unknown_materials,
        "materials",
        "routes",
        "contracts",
        "entitlement_offers",
        "options",
        "trade",
        "events",
        "replays",
        "published_losses",
    ),
    _check(
        unknown_references,
        "materials",
        "storage_classes",
        "participants",
        "priority_classes",
        "entitlement_offers",
        "contracts",
        "routes",
    ),
    _check(wrong_members, "membership", "participants"),
    _check(unknown_products, "products", "published_losses"),
    _check(wrong_bills, "products", "participants", "materials"),
    _check(wrong_horizon, "horizon"),
    _check(needs_too_large, "products", "horizon"),
    _check(unsupplied_or_unneeded, "materials", "routes", "products"),
    _check(wrong_material_orders, "materials", "horizon"),
    _check(
        wrong_terms, "entitlement_offers", "contracts", "routes", "trade", "horizon"
    ),
    _check(wrong_purchases, "routes", "competing_buyers", "materials"),
    _check(
        wrong_operating_costs, "routes", "materials", "treatment_charges", "horizon"
    ),
    _check(wrong_treatment_charges, "routes", "materials", "treatment_charges"),
    _check(outputs_below_deliveries, "routes", "contracts"),
    _check(wrong_facilities, "financing", "horizon"),
    _check(wrong_draw_order, "financing", "horizon"),
    _check(inconsistent_floors, "trade", "materials", "routes"),
    _check(wrong_position, "position", "materials", "horizon"),
    _check(wrong_purchases_on_order, "position", "materials", "routes", "horizon"),
    _check(wrong_sales, "position", "materials"),
    _check(wrong_held_options, "sourcing_options"),
    _check(wrong_contracts, "position", "contracts"),
    _check(wrong_debt, "position", "financing", "horizon"),
    _check(wrong_disruptions, "position", "events", "horizon"),
    _check(
        wrong_rights,
        "position",
        "entitlement_offers",
        "sourcing_options",
        "materials",
        "products",
        "horizon",
    ),
    _check(wrong_buffers, "position", "participants", "materials"),
    _check(wrong_fees, "position", "participants", "membership"),
    _check(wrong_alerts, "position", "materials"),
    _check(wrong_prices, "position", "materials"),
    _check(wrong_levels, "position", "materials"),
)
