"""What is known of the world at a date on a path: nothing of it is of later days."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import floor

from models.disruption import Event
from models.instance import Instance
from models.opening_position import OpeningDisruption
from optimizer.rehearsal.history_as_seen import as_announced, as_observed, certain
from optimizer.rehearsal.paths import FreshPath, Happening
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class KnownWorld:
    """The world at the start of a period.

    announced has the day of the onset by event; over are events that have ended and do
    not happen again. price_level (m) and demand_level (p) multiply what is expected of
    undisrupted prices and demand from then on: their noise is a martingale. as_seen has
    events of history as they are seen then: in force, announced, or over and as in the
    case if they can happen again.
    """

    disruptions: tuple[OpeningDisruption, ...]
    announced: Mapping[str, dt.date]
    over: frozenset[str]
    price_level: Floats
    demand_level: Floats
    as_seen: tuple[Event, ...] = ()


def known_world(instance: Instance, path: FreshPath, period: int) -> KnownWorld:
    """Return what is known at the start of a period, counted from that of the case."""
    horizon = instance.horizon
    start, day = horizon.start_of(period), horizon.period_offsets_days[period]
    events = {event.id: event for event in instance.events}
    disruptions: list[OpeningDisruption] = []
    announced: dict[str, dt.date] = {}
    over: set[str] = set()
    seen: list[Event] = []
    for x in path.happenings:
        event, elapsed = events[x.event], day - x.onset_day
        if elapsed < 0:
            notice = event if x.history is None else x.history
            if -elapsed < notice.notice_days:
                announced[x.event] = start + dt.timedelta(days=floor(-elapsed))
                seen += as_announced(x, event, announced[x.event])
        elif elapsed < sum(x.phase_days):
            disruptions.append(_in_force(x, start, elapsed))
            seen += as_observed(x, event, elapsed)
        elif event.recurs_after is None:
            over.add(x.event)
        elif x.history is not None:
            # What comes after history follows the law of the case again.
            seen.append(event)
    in_force = {x.event for x in disruptions}
    return KnownWorld(
        disruptions=tuple(disruptions),
        announced={k: v for k, v in announced.items() if k not in in_force},
        over=frozenset(over),
        price_level=path.price_level[:, period],
        demand_level=path.demand_level[:, period],
        as_seen=tuple(seen),
    )


def events_to_come(instance: Instance, world: KnownWorld) -> Iterator[Event]:
    """Yield the events of a case that are in force, announced or possible.

    An announced one happens on its day, once.
    """
    for event in instance.events:
        day = world.announced.get(event.id)
        if day is not None:
            yield certain(event, day)
        elif event.id not in world.over:
            yield event


def _in_force(x: Happening, start: dt.date, elapsed: float) -> OpeningDisruption:
    """Return the phase that an event is in; days are full ones."""
    ends = list(accumulate(x.phase_days))
    phase = next(i for i, end in enumerate(ends) if elapsed < end)
    begun = ends[phase] - x.phase_days[phase]
    since = start - dt.timedelta(days=floor(elapsed - begun))
    return OpeningDisruption(event=x.event, phase=phase, since=since)
