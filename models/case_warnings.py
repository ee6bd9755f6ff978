"""Warnings about a case: parts without effect, and figures that look misread.

A case with warnings is valid and is solved as it stands.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Literal, cast

from models.capped_origins import capped_origins
from models.countries import COUNTRY_CODES
from models.disruption import Disruption
from models.draw_order import most_by_rule_usd
from models.horizon import DAYS_PER_YEAR, MONTHS
from models.instance import Instance
from models.material import SHELF_LIFE_ROUNDING
from models.mistakes import Mistake
from models.record import Record, SourcedRecord
from models.supply import Route, SourcingOption
from models.time_path import fraction_in

Parts = Iterable[tuple[str, Record]]

# Sums of normal deliveries outside this range leave a gap, or stock, without events.
USUAL_SUPPLY = (0.9, 1.1)
NUMBER_OF_ROUTES_SHOWN = 3
ROUNDING = 1e-6
# Parts of a period: by how much one of 30 or 31 days differs from a month, and what of
# a period before an event is hit by mere drift.
MONTH_ROUNDING = 0.02
SMALL_PART = 0.1
# Costs of shipped cases have four digits.
SLIGHTLY = 1e-3
# Sources may be given for these figures, which follow from other parts of a case.
DERIVED_FIGURES = {"participants_need"}
# Fractions that may have been meant as per cent, from these values on.
LEAST_SUSPICIOUS = {
    "rate_per_year": 1.0,
    "commitment_fee_per_year": 1.0,
    # No pool is worth a tenth of all that a member needs.
    "fee_rate_per_year": 0.1,
    "exposure_fee": 1.0,
    "discount_rate_per_year": 1.0,
    "insurance_rate_per_year": 1.0,
    "growth_per_year": 1.0,
    "border_adjustment_rate": 1.0,
    "premium": 1.0,
    "demand_volatility_per_year": 1.0,
    "price_volatility_per_year": 2.0,
    "hazard_per_year": 2.0,
}


def warnings_of(case: Instance) -> list[Mistake]:
    """Return the warnings of a consistent case.

    Each has the place, the value found, and what was expected with the effect.
    """
    found = [warning for find in FINDERS for warning in find(case)]
    return found + [x for find in FINDERS_IN_PARTS for x in find(_parts(case, ""))]


def added_warnings(base: Instance, known: set[str], case: Instance) -> list[Mistake]:
    """Return the warnings of a variant that its base, with those known, has not.

    A section that is the same object in both is not searched part by part.
    """
    changed = [
        part
        for name in type(case).model_fields
        if (value := getattr(case, name)) is not getattr(base, name)
        for part in _parts_in(value, name)
    ]
    found = [x for find in FINDERS for x in find(case)]
    parts = [("", case), *changed]
    found += [x for find in FINDERS_IN_PARTS for x in find(parts)]
    return [x for x in found if str(x) not in known]


def _events_outside(case: Instance) -> Iterator[Mistake]:
    """Find events that are over before the horizon or begin after it."""
    for event in case.events:
        if event.onset_date is None:
            continue
        onset = (event.onset_date - case.horizon.start).days
        longest = sum(phase.law.longest_days for phase in event.phases)
        effect = None
        if onset >= _days(case):
            effect = "the event never happens"
        elif onset + longest <= 0:
            effect = "the event is over before the start"
        if effect is not None:
            path = f"events[{event.id}].onset_date"
            expected = f"{_day_of_horizon(case)}; {effect}"
            yield Mistake(path, str(event.onset_date), expected)


def _events_across_periods(case: Instance) -> Iterator[Mistake]:
    """Find events from the first day of a month on that also hit the period before.

    Periods of about a month, quarter or year in days drift against the calendar.
    """
    horizon = case.horizon
    months = horizon.average_period_months
    near = [x for x, n in MONTHS.items() if abs(months - n) <= MONTH_ROUNDING * n]
    if horizon.period is not None or not near:
        return
    for event in case.events:
        day = event.onset_date
        if day is None or day.day != horizon.start.day or day <= horizon.start:
            continue
        onset = (day - horizon.start).days
        t = horizon.period_at(onset)
        part = horizon.days_between(0, t + 1) - onset
        part /= horizon.average_period_days
        if onset < horizon.days and ROUNDING < part < SMALL_PART:
            expected = (
                f"horizon.period: {near[0]} instead of period_days: the periods drift "
                f"against the calendar, so the event also hits period {t}, on "
                f"{_percent(part)} of its days"
            )
            yield Mistake(f"events[{event.id}].onset_date", str(day), expected)


def _idle_rests(case: Instance) -> Iterator[Mistake]:
    """Find events that recur, but not before the end."""
    for event in case.events:
        if event.recurs_after is None:
            continue
        shortest = sum(phase.law.shortest_days for phase in event.phases)
        if shortest + event.recurs_after.shortest_days >= _days(case):
            expected = (
                f"less than the {_days(case):g} days of the horizon for phases and "
                f"rest; the event happens at most once"
            )
            path = f"events[{event.id}].recurs_after"
            yield Mistake(path, str(event.recurs_after), expected)


def _idle_impacts(case: Instance) -> Iterator[Mistake]:
    """Find price impacts of sales at a fixed price, and of refills that never are."""
    is_refilled = bool(case.entitlement_offers) or any(
        step.replenishment_rate_per_month > 0
        for rule in case.rules
        for step in rule.steps
    )
    membership = case.membership
    is_at_book = case.financing.pool_sale_price == "book"
    is_at_book &= membership is None or not membership.serves_others
    for m in case.materials:
        path = f"materials[{m.id}]"
        if m.sale_impact and is_at_book:
            expected = "financing.pool_sale_price: market; at book it lowers no price"
            yield Mistake(f"{path}.sale_impact", len(m.sale_impact), expected)
        if m.refill_impact and not is_refilled:
            expected = "a rule that replenishes; no premium is ever paid"
            yield Mistake(f"{path}.refill_impact", len(m.refill_impact), expected)


def _replays_outside(case: Instance) -> Iterator[Mistake]:
    """Find disruptions of replays that begin after the horizon."""
    for replay in case.replays:
        for i, disruption in enumerate(replay.disruptions):
            if disruption.onset_day >= _days(case):
                path = f"replays[{replay.id}].disruptions[{i}].onset_day"
                expected = f"{_day_of_horizon(case)}; the disruption never happens"
                yield Mistake(path, disruption.onset_day, expected)


def _day_of_horizon(case: Instance) -> str:
    start, days = case.horizon.start, _days(case)
    return f"a day of the horizon, which starts on {start} and has {days:g} days"


def _cuts_without_route(case: Instance) -> Iterator[Mistake]:
    """Find disruptions and published losses that no route runs through."""
    cuts: list[tuple[str, Disruption]] = [(f"events[{x.id}]", x) for x in case.events]
    cuts += [
        (f"replays[{x.id}].disruptions[{i}]", disruption)
        for x in case.replays
        for i, disruption in enumerate(x.disruptions)
    ]
    for path, cut in cuts:
        yield from _cut_without_route(
            case, path, cut.country, cut.stage, cut.materials, "cuts nothing"
        )
    for i, loss in enumerate(case.published_losses):
        yield from _cut_without_route(
            case,
            f"published_losses[{i}]",
            loss.country,
            "both",
            loss.materials,
            "is compared with a loss of nothing",
        )


def _cut_without_route(
    case: Instance,
    path: str,
    country: str,
    stage: Literal["mining", "refining", "both"],
    materials: Sequence[str],
    effect: str,
) -> Iterator[Mistake]:
    routes = [route for route in case.routes if route.material in materials]
    at_stage = {x for route in routes for x in _countries(route, stage)}
    if country in at_stage:
        return
    listed = ", ".join(materials)
    if country in {x for route in routes for x in _countries(route, "both")}:
        expected = f"the other stage or both: no route of {listed} has {country} at it"
        yield Mistake(f"{path}.stage", stage, f"{expected}; this {effect}")
        return
    expected = f"a country on a route of {listed} ({', '.join(sorted(at_stage))})"
    hint = _nearest(country, at_stage)
    yield Mistake(f"{path}.country", country, f"{expected}{hint}; this {effect}")


def _countries(route: Route, stage: str) -> set[str]:
    return {
        "mining": {route.mining_country},
        "refining": {route.refining_country},
        "both": {route.mining_country, route.refining_country},
    }[stage]


def _trade_countries(case: Instance) -> Iterator[Mistake]:
    """Find countries of the trade policy that do not exist, and a zone of no route."""
    supplying = {x for route in case.routes for x in _countries(route, "both")}
    zone = case.trade.zone_countries
    if zone and zone.isdisjoint(supplying):
        expected = f"at least one country of a route ({', '.join(sorted(supplying))})"
        hint = _nearest(min(zone), supplying)
        effect = "no route has a step inside the zone"
        path = "trade.zone_countries"
        yield Mistake(path, sorted(zone), f"{expected}{hint}; {effect}")
    for name in ("zone_countries", "ineligible_countries"):
        countries = cast("frozenset[str]", getattr(case.trade, name))
        for country in sorted(countries - supplying - COUNTRY_CODES):
            expected = "a country of a route or of ISO 3166-1"
            hint = _nearest(country, supplying)
            effect = "it has no effect"
            yield Mistake(f"trade.{name}", country, f"{expected}{hint}; {effect}")


def _idle_sourcing(case: Instance) -> Iterator[Mistake]:
    """Find sourcing options that can buy nothing, and starts that are not read."""
    number = case.horizon.number_of_periods
    for option in case.sourcing_options:
        path = f"sourcing_options[{option.id}]"
        end = option.start_period + option.build_up_periods
        if option.build_up_periods == 0 and option.start_period > 0:
            expected = "0 with build_up_periods = 0: all is bought before the start"
            yield Mistake(f"{path}.start_period", option.start_period, expected)
        elif option.build_up_periods > 0 and end > number:
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


def _idle_origins(case: Instance, option: SourcingOption) -> Iterator[Mistake]:
    """Find origins of a sourcing option that no route has."""
    path, effect = f"sourcing_options[{option.id}].origins", "the option buys nothing"
    zone, refined = case.trade.zone_countries, {x.refining_country for x in case.routes}
    if option.origins == "zone":
        if not any(_countries(route, "both") <= zone for route in case.routes):
            expected = f"any: no route is wholly inside the zone; {effect}"
            yield Mistake(path, "zone", expected)
    elif option.origins == "recycling":
        if not any(route.kind == "recycling" for route in case.routes):
            yield Mistake(path, "recycling", f"any: no route is recycling; {effect}")
    elif option.origins != "any":
        for country in option.origins:
            if country not in refined:
                expected = (
                    f"a country in which a route is refined{_nearest(country, refined)}"
                )
                yield Mistake(path, country, f"{expected}; nothing is bought there")


def _idle_buyers(case: Instance) -> Iterator[Mistake]:
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


def _supply_unlike_need(case: Instance) -> Iterator[Mistake]:
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
            effect = f"{_percent(1 - largest)} of the need is missing without any event"
        elif total > most:
            effect = (
                f"{_percent(total - 1)} of the need must be lost before a gap opens"
            )
        if effect is not None:
            shown = ", ".join(list(normal)[:NUMBER_OF_ROUTES_SHOWN])
            dots = ", ..." if len(normal) > NUMBER_OF_ROUTES_SHOWN else ""
            in_shares = all(route.share is not None for route in routes)
            field = "share" if in_shares else "tonnes_per_year"
            expected = f"a sum of about 1 over all routes of {material.id}; {effect}"
            path = f"routes[{shown}{dots}].{field}"
            yield Mistake(path, round(total, 6), expected)


def _idle_terms(case: Instance) -> Iterator[Mistake]:
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
            known = f"({', '.join(sorted(stages))}){_nearest(floor.stage, stages)}"
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


def _closed_routes(case: Instance) -> Iterator[Mistake]:
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


def _idle_membership(case: Instance) -> Iterator[Mistake]:
    """Find memberships without effect, and minimum covers that serve no participant."""
    if case.membership is None:
        return
    index = case.index
    if all(index.is_member) and case.membership.serves_others:
        expected = "none: all participants are members, so it has no effect"
        yield Mistake("membership.others", case.membership.others, expected)
    elif all(index.is_member) and not case.membership.fee_rate_per_year:
        expected = "a part of the participants, or a fee; it has no effect"
        yield Mistake("membership.members", "all participants", expected)
    makers = {product.participant for product in case.final_products()}
    for member in case.membership.members:
        if member not in makers:
            expected = "a participant with a product; it pays nothing and draws nothing"
            yield Mistake("membership.members", member, expected)
    for material in case.materials:
        need = index.served_need_tonnes_per_day[material.id]
        if not need and material.minimum_days_of_cover > 0:
            expected = "0: no member needs it, so its pool holds nothing"
            path = f"materials[{material.id}].minimum_days_of_cover"
            yield Mistake(path, material.minimum_days_of_cover, expected)


def _idle_paths(case: Instance) -> Iterator[Mistake]:
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


def _lots_above_menu(case: Instance) -> Iterator[Mistake]:
    """Find materials whose pool cannot hold even one lot."""
    for material in case.materials:
        if is_above_menu(case, material.id, material.lot_tonnes):
            highest = _highest_level(case, material.id)
            expected = (
                f"at most {highest:.6g}, the highest level of the menu in tonnes; no "
                "lot is ever bought for the pool"
            )
            path = f"materials[{material.id}].lot_tonnes"
            yield Mistake(path, material.lot_tonnes, expected)


def _short_shelf_lives(case: Instance) -> Iterator[Mistake]:
    """Find shelf lives shorter than a period, which count as one."""
    longest = max(case.horizon.period_lengths_days)
    for material in case.materials:
        days = material.shelf_life_days
        if days is not None and days < (1 - SHELF_LIFE_ROUNDING) * longest:
            expected = (
                f"at least one period, {longest:g} days; stock is kept for a period "
                "all the same"
            )
            path = f"materials[{material.id}].shelf_life_days"
            yield Mistake(path, material.shelf_life_days, expected)


def _shut_stores(case: Instance) -> Iterator[Mistake]:
    """Find storage classes that need more notice than the horizon has days."""
    for storage in case.storage_classes:
        if storage.notice_days >= _days(case):
            expected = (
                f"less than the {_days(case):g} days of the horizon; the store never "
                "opens, so nothing that it holds is released"
            )
            path = f"storage_classes[{storage.id}].notice_days"
            yield Mistake(path, storage.notice_days, expected)


def _blocks_below_metal(case: Instance) -> Iterator[Mistake]:
    """Find products that stop although their metal costs more at emergency terms."""
    for product in case.final_products():
        tonnes = case.index.tonnes_per_unit[product.id]
        last = len(product.shortage_blocks) - 1
        lost = product.shortage_blocks[last].cost_usd_per_unit
        for m in case.materials:
            price = m.emergency_premium * m.price_usd_per_tonne
            metal = price * tonnes.get(m.id, 0.0)
            if lost < metal * (1 - SLIGHTLY):
                path = f"products[{product.id}].shortage_blocks[{last}]"
                expected = (
                    f"at least {metal:.6g}, what the {m.id} of a unit costs at "
                    "emergency terms; the line stops sooner than its metal is bought"
                )
                yield Mistake(f"{path}.cost_usd_per_unit", lost, expected)


def _limits_out_of_reach(case: Instance) -> Iterator[Mistake]:
    """Find facilities that debt to equity keeps the cash rule from drawing."""
    limits = sum(x.limit_usd for x in case.financing.drawn_by_rule())
    most = most_by_rule_usd(case.financing)
    if most < limits * (1 - ROUNDING):
        names = ", ".join(x.id for x in case.financing.drawn_by_rule())
        expected = (
            f"a multiple that lets {names} be drawn in full, or capital drawn before "
            f"or with the loans; of ${limits:,.2f} only ${most:,.2f} can be drawn"
        )
        limit = case.financing.debt_to_equity_limit
        yield Mistake("financing.debt_to_equity_limit", limit, expected)


def _unknown_figures(parts: Parts) -> Iterator[Mistake]:
    """Find sources of figures that their part does not have."""
    for path, part in parts:
        if not isinstance(part, SourcedRecord):
            continue
        fields = type(part).model_fields
        for figure in part.sources:
            # A source may be for a figure inside a field: phases[0].availability.
            name = figure.partition(".")[0].partition("[")[0]
            if name not in fields and name not in DERIVED_FIGURES:
                expected = f"a field of this part{_nearest(name, set(fields))}"
                effect = "it is the source of no figure"
                yield Mistake(f"{path}.sources", figure, f"{expected}; {effect}")


def _fractions_as_per_cent(parts: Parts) -> Iterator[Mistake]:
    """Find fractions that may have been meant as per cent."""
    for path, part in parts:
        for name in _suspects(type(part)):
            value = cast("float | None", getattr(part, name))
            if value is not None and value >= LEAST_SUSPICIOUS[name]:
                expected = (
                    f"a fraction: {value:g} is read as {_percent(value)}; {value:g} % "
                    f"is {value / 100:g}"
                )
                yield Mistake(f"{path}.{name}" if path else name, value, expected)


@cache
def _suspects(kind: type[Record]) -> tuple[str, ...]:
    """Return the fields of a kind of part that may have been meant as per cent."""
    return tuple(name for name in LEAST_SUSPICIOUS if name in kind.model_fields)


def _parts(part: Record, path: str) -> Iterator[tuple[str, Record]]:
    """Yield a part of a case and the parts in it, each with its path."""
    yield path, part
    for name in type(part).model_fields:
        yield from _parts_in(getattr(part, name), f"{path}.{name}" if path else name)


def _parts_in(value: object, path: str) -> Iterator[tuple[str, Record]]:
    """Yield the parts in a value of a part."""
    if isinstance(value, Record):
        yield from _parts(value, path)
    elif isinstance(value, tuple):
        for i, item in enumerate(cast("tuple[object, ...]", value)):
            if isinstance(item, Record):
                yield from _parts(item, f"{path}[{getattr(item, 'id', i)}]")


def is_above_menu(case: Instance, material: str, lot_tonnes: float) -> bool:
    """Return whether so much of a material is more than its highest level."""
    highest = _highest_level(case, material)
    return 0 < highest * (1 + ROUNDING) < lot_tonnes


def _highest_level(case: Instance, material: str) -> float:
    days = case.pool_levels_days_of_cover(material)[-1]
    return days * case.index.served_need_tonnes_per_day[material]


def _days(case: Instance) -> float:
    return case.horizon.days


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.4g} %"


def _nearest(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f", perhaps {close[0]}" if close else ""


FINDERS: tuple[Callable[[Instance], Iterator[Mistake]], ...] = (
    _events_outside,
    _events_across_periods,
    _idle_rests,
    _idle_impacts,
    _replays_outside,
    _cuts_without_route,
    _trade_countries,
    _idle_sourcing,
    _idle_buyers,
    _supply_unlike_need,
    _idle_terms,
    _closed_routes,
    _idle_membership,
    _idle_paths,
    _lots_above_menu,
    capped_origins,
    _short_shelf_lives,
    _shut_stores,
    _blocks_below_metal,
    _limits_out_of_reach,
)
FINDERS_IN_PARTS: tuple[Callable[[Parts], Iterator[Mistake]], ...] = (
    _unknown_figures,
    _fractions_as_per_cent,
)
