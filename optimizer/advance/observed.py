"""An observation as the one scenario of which its first period is known.

Events of the observation lie over the period as sampled ones do over a scenario; facts
that are given count instead. Later periods are undisrupted: no rule reads them.
"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence

import numpy as np

from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation, ObservedEvent
from models.observation_mistakes import wrong_events
from models.opening_position import OpeningDisruption
from models.prices_today import is_off_path, price_level
from optimizer.scenarios import calm_scenario
from optimizer.scenarios.market import price_path
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.scenarios.timeline import Course, Timeline, timeline

# Of a share that somebody has written down: half a per cent.
ROUNDING = 0.005


def observed_scenario(instance: Instance, observation: Observation) -> ScenarioSet:
    """Return the scenario of an observation, which has no mistakes."""
    scenario = calm_scenario(instance)
    nature = _nature(instance, events_in_period(instance, observation))
    availability, announced = nature.availability, nature.announced
    price = scenario.price * nature.price_multiplier
    demand = scenario.demand.copy()
    index = instance.index
    for name, share in observation.availability.items():
        availability[index.route[name], 0, 0] = share
    for name in observation.announced:
        announced[index.material[name], 0, 0] = True
    for name, usd in observation.prices_usd_per_tonne.items():
        price[index.material[name], 0, 0] = usd
    for p, product in enumerate(instance.final_products()):
        if product.id in observation.demand_units:
            demand[p, 0, 0] = observation.demand_units[product.id]
    return ScenarioSet(
        names=("observed",),
        probability=scenario.probability,
        stratum=scenario.stratum,
        availability=availability,
        announced=announced,
        price=price,
        base_price=scenario.base_price,
        demand=demand,
    )


def observed_price_levels(
    instance: Instance, observation: Observation
) -> dict[str, float]:
    """Return prices of the period, but for events, as multiples of their paths.

    By material, those that are off the path. Where shares of routes are given in place
    of events, the part of a price that an event causes is unknown: levels stay.
    """
    multiplier = _nature(instance, events_in_period(instance, observation))
    undisrupted = price_path(instance)[:, 0] * multiplier.price_multiplier[:, 0, 0]
    are_events_known = observation.events is not None or not observation.availability
    levels: dict[str, float] = {}
    for m, material in enumerate(instance.materials):
        level = price_level(instance, material.id)
        given = observation.prices_usd_per_tonne.get(material.id)
        if given is not None and are_events_known:
            level = given / float(undisrupted[m])
        if is_off_path(level):
            levels[material.id] = level
    return levels


def contradictions(
    instance: Instance,
    observation: Observation,
    left_out: frozenset[str] = frozenset(),
) -> Iterator[Mistake]:
    """Yield routes of which events and availability tell different shares.

    Nothing if some of the events are wrong themselves, or left out for that.
    """
    if observation.events is None or "events" in left_out:
        return
    if any(wrong_events(instance, observation)):
        return
    nature = _nature(instance, observation.events)
    for name, share in observation.availability.items():
        if name not in instance.index.route:
            continue
        by_events = float(nature.availability[instance.index.route[name], 0, 0])
        if abs(share - by_events) > ROUNDING:
            expected = (
                f"{by_events:.3g}, what the events that are given leave of the route; "
                "or leave one of the two out"
            )
            yield Mistake(f"availability.{name}", share, expected)


def events_in_period(
    instance: Instance, observation: Observation
) -> tuple[ObservedEvent, ...]:
    """Return the events of the period; if none are given, those of the position."""
    if observation.events is not None:
        return observation.events
    return tuple(
        ObservedEvent(
            event=x.event, phase=x.phase, since=x.since, until=_latest_end(instance, x)
        )
        for x in instance.position.disruptions
    )


def _latest_end(instance: Instance, x: OpeningDisruption) -> dt.date | None:
    """Return the day on which a phase must be over; None if not in the period."""
    phases = {event.id: event.phases for event in instance.events}[x.event]
    law, end = phases[x.phase].law, instance.horizon.start_of(1)
    if law.outlasts((end - x.since).days):
        return None
    return min(x.since + dt.timedelta(days=math.ceil(law.longest_days)), end)


def _nature(instance: Instance, observed: Sequence[ObservedEvent]) -> Timeline:
    """Return what observed events do in the first period; later ones are calm."""
    events = {x.id: x for x in instance.events}
    courses: list[Course] = []
    for name in dict.fromkeys(x.event for x in observed):
        parts = [x for x in observed if x.event == name]
        # Notice counts from the onset, which is that of phase 0 alone: see below.
        event = events[name].model_copy(update={"notice_days": 0.0})
        courses.append(
            Course(
                disruption=event,
                scenarios=np.zeros(len(parts), dtype=np.int64),
                onset_day=np.array([_day(instance, x.since) for x in parts]),
                duration_days=np.array(
                    [_durations(instance, x, len(event.phases)) for x in parts]
                ),
            )
        )
    nature = timeline(instance, courses, 1)
    for x in observed:
        if x.phase == 0 and x.since > instance.horizon.start:
            event = events[x.event]
            for material in event.materials if event.notice_days > 0 else ():
                nature.announced[instance.index.material[material], 0, 0] = True
    return nature


def _day(instance: Instance, day: dt.date) -> float:
    return float((day - instance.horizon.start).days)


def _durations(instance: Instance, x: ObservedEvent, phases: int) -> list[float]:
    """Return the days of each phase: of the one observed, up to the period's end."""
    end = instance.horizon.days_between(0, 1)
    until = end if x.until is None else _day(instance, x.until)
    days = [0.0] * phases
    days[x.phase] = until - _day(instance, x.since)
    return days
