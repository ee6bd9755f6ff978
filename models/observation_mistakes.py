"""Mistakes in an observation of a case: unknown names, wrong days, missing facts.

What only a plan or the courses of events can tell is checked where orders are made.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from models.disrupted_routes import is_hit
from models.identifiers import KnownIdentifiers
from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation, ObservedEvent

ROUNDING = 1e-9


def wrong_observation(
    case: Instance,
    observation: Observation,
    left_out: frozenset[str] = frozenset(),
) -> list[Mistake]:
    """Return every mistake in an observation of the first period of a case.

    `left_out` names facts that are wrong themselves, as field or field.name.
    """
    return [
        *_wrong_start(case, observation),
        *_unknown_names(case, observation),
        *wrong_events(case, observation),
        *_beyond_capacity(case, observation),
        *_absent_facts(case, observation, left_out),
    ]


def _wrong_start(case: Instance, observation: Observation) -> Iterator[Mistake]:
    start = case.horizon.start
    if observation.start != start:
        expected = f"{start}, the first day of the period that comes next in {case.id}"
        yield Mistake("start", str(observation.start), expected)


def _unknown_names(case: Instance, observation: Observation) -> Iterator[Mistake]:
    known = KnownIdentifiers(case, frozenset())
    happened = observation.happened
    named = (
        ("availability", "routes", observation.availability),
        ("announced", "materials", observation.announced),
        ("prices_usd_per_tonne", "materials", observation.prices_usd_per_tonne),
        ("happened.released_tonnes", "materials", happened.released_tonnes),
        ("happened.drawn_tonnes", "entitlement_offers", happened.drawn_tonnes),
        ("happened.arrived_tonnes", "routes", happened.arrived_tonnes),
        ("happened.stock_tonnes", "materials", happened.stock_tonnes),
        ("happened.sold_tonnes", "materials", happened.sold_tonnes),
        ("happened.sold_at_usd_per_tonne", "materials", happened.sold_at_usd_per_tonne),
        ("happened.free_stock_tonnes", "materials", happened.free_stock_tonnes),
    )
    for field, section, names in named:
        for name in names:
            yield from known.missing(section, f"{field}.{name}", name)
    products = [p.id for p in case.final_products()]
    for name in observation.demand_units:
        if name not in products:
            expected = f"one of the products with demand ({', '.join(products)})"
            yield Mistake(f"demand_units.{name}", name, expected)
    for name, count in Counter(observation.announced).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("announced", name, expected)


def wrong_events(case: Instance, observation: Observation) -> Iterator[Mistake]:
    """Find events that are unknown, of other days, or in two phases at a time."""
    known = KnownIdentifiers(case, frozenset())
    phases = {x.id: len(x.phases) for x in case.events}
    start, end = case.horizon.start, case.horizon.start_of(1)
    for x in observation.events or ():
        path = f"events[{x.event}]"
        yield from known.missing("events", f"{path}.event", x.event)
        number = phases.get(x.event, x.phase + 1)
        if x.phase >= number:
            expected = f"one of the {number} phases of the event, from 0"
            yield Mistake(f"{path}.phase", x.phase, expected)
        if x.since >= end:
            expected = f"a day before the period ends, {end}"
            yield Mistake(f"{path}.since", str(x.since), expected)
        if x.until is not None and not start < x.until <= end:
            expected = (
                f"a day after {start} and up to {end}, or absent if it is still in "
                "force; what was over before is not of this period"
            )
            yield Mistake(f"{path}.until", str(x.until), expected)
    yield from _overlaps(observation.events or ())
    yield from _outlasted(case, observation)


def _outlasted(case: Instance, observation: Observation) -> Iterator[Mistake]:
    """Find phases that cannot last until the period ends, and are not said to be over.

    Of the position the last phase of an event ends by itself, others need a successor.
    """
    events, end = {x.id: x for x in case.events}, case.horizon.start_of(1)
    if observation.events is None:
        found = [
            (x.event, x.phase, x.since)
            for x in case.position.disruptions
            if x.phase + 1 < len(events[x.event].phases)
        ]
    else:
        found = [
            (x.event, x.phase, x.since)
            for x in observation.events
            if x.event in events and x.phase < len(events[x.event].phases)
            if x.until is None and x.since < end
        ]
    for event, phase, since in found:
        law, lasted = events[event].phases[phase].law, (end - since).days
        if not law.outlasts(lasted):
            expected = (
                f"the day on which phase {phase} was over, and what came after: it "
                f"lasts {law}, and has begun {lasted} days before {end}"
            )
            yield Mistake(f"events[{event}].until", "absent", expected)


def _overlaps(events: tuple[ObservedEvent, ...]) -> Iterator[Mistake]:
    """Find phases of one event that were in force at the same time."""
    order = sorted(events, key=lambda x: (x.event, x.since))
    for before, after in pairwise(order):
        if before.event != after.event:
            continue
        if before.until is None or before.until > after.since:
            found = "absent" if before.until is None else str(before.until)
            expected = (
                f"a day up to {after.since}, on which phase {after.phase} of "
                f"{after.event} began"
            )
            yield Mistake(f"events[{before.event}].until", found, expected)


def _beyond_capacity(case: Instance, observation: Observation) -> Iterator[Mistake]:
    """Find more arrivals over a route than it has for the vault in a period."""
    routes = {x.id: x for x in case.routes}
    years = case.horizon.average_period_years
    for name, arrived in observation.happened.arrived_tonnes.items():
        stated = routes[name].vault_tonnes_per_year if name in routes else None
        if stated is not None and arrived > stated * years * (1 + ROUNDING):
            expected = (
                f"at most {stated * years:g} t in the period: vault_tonnes_per_year of "
                f"the route is {stated:g}"
            )
            yield Mistake(f"happened.arrived_tonnes.{name}", arrived, expected)


def _absent_facts(
    case: Instance, observation: Observation, left_out: frozenset[str]
) -> Iterator[Mistake]:
    """Ask for each fact that the rules read and that is not given, by its name."""
    if observation.otherwise is not None or "otherwise" in left_out:
        return
    are_events_given = observation.events is not None or "events" in left_out
    asked = [*_asked_of_market(case)]
    if not are_events_given:
        asked += _asked_of_routes(case)
    for field, name, expected in asked:
        path, given = f"{field}.{name}", getattr(observation, field)
        if name not in given and left_out.isdisjoint({path, field}):
            yield Mistake(path, "absent", f"{expected}; or otherwise: as_planned")


def _asked_of_routes(case: Instance) -> Iterator[tuple[str, str, str]]:
    """Yield field, name and meaning of what is asked for without a list of events."""
    for route in case.routes:
        if cuts := [x.id for x in case.events if is_hit(route, x)]:
            expected = (
                f"the share of its normal flow that came, which {', '.join(cuts)} can "
                "cut; or list all events in force in `events`, [] if there is none"
            )
            yield "availability", route.id, expected


def _asked_of_market(case: Instance) -> Iterator[tuple[str, str, str]]:
    for material in case.materials:
        expected = "its mean price in US dollars a tonne"
        yield "prices_usd_per_tonne", material.id, expected
    for product in case.final_products():
        yield "demand_units", product.id, "the units of it wanted in the period"
