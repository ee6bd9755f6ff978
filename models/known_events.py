"""Which event of a case a historic disruption is: its law tells how long one lasts."""

import math
from collections.abc import Iterator

from models.disrupted_routes import is_hit
from models.disruption import Disruption, Event, Replay, ReplayDisruption
from models.instance import Instance
from models.mistakes import Mistake


def events_of(case: Instance, replay: Replay) -> tuple[Event | None, ...]:
    """Return the event of each disruption of a replay; None where the case has none.

    It is one that cuts every route that is cut, and fewest others; of several the most
    likely one. Each event happens once; the disruption that is known first has the
    first choice, so that what is known of it does not depend on later ones.
    """
    cuts = replay.disruptions
    taken: set[str] = set()
    found: list[Event | None] = [None] * len(cuts)
    for i in sorted(range(len(cuts)), key=lambda i: _known_from(cuts[i])):
        like = [x for x in _events_like(case, cuts[i]) if x.id not in taken]
        event = min(like, key=lambda x: _order(case, x), default=None)
        if event is not None:
            taken.add(event.id)
        found[i] = event
    return tuple(found)


def lacks_for_rehearsal(case: Instance, replay: Replay) -> Iterator[Mistake]:
    """Yield what a replay needs that the case does not have: a route or an event."""
    events = events_of(case, replay)
    for i, (cut, event) in enumerate(zip(replay.disruptions, events, strict=True)):
        path = f"replays[{replay.id}].disruptions[{i}]"
        listed = ", ".join(cut.materials)
        step = "" if cut.stage == "both" else f" for {cut.stage}"
        if not _cut(case, cut):
            expected = f"a country that a route of {listed} runs through{step}"
            yield Mistake(f"{path}.country", cut.country, expected)
        elif event is None:
            expected = (
                f"materials that an event of {cut.country} cuts together{step}: its "
                "law tells how long it lasts (another event for each disruption)"
            )
            yield Mistake(f"{path}.materials", listed, expected)


def phase_of_event(event: Event, phase: int) -> int:
    """Return the phase of an event that a phase of history is: later ones the last."""
    return min(phase, len(event.phases) - 1)


def phase_days(event: Event, disruption: ReplayDisruption) -> tuple[float, ...]:
    """Return how long each phase of an event lasts in history; 0 if never reached."""
    days = [0.0] * len(event.phases)
    for i, phase in enumerate(disruption.phases):
        days[phase_of_event(event, i)] += phase.law.average_days
    return tuple(days)


def _known_from(disruption: ReplayDisruption) -> float:
    """Return the day on which a disruption is announced, or comes."""
    return disruption.onset_day - disruption.notice_days


def _events_like(case: Instance, cut: Disruption) -> Iterator[Event]:
    routes = _cut(case, cut)
    for event in case.events:
        if routes and event.country == cut.country and routes <= _cut(case, event):
            yield event


def _cut(case: Instance, cut: Disruption) -> frozenset[str]:
    """Return the routes that a disruption hits."""
    return frozenset(route.id for route in case.routes if is_hit(route, cut))


def _order(case: Instance, event: Event) -> tuple[int, float, str]:
    """Order events by the routes they cut, then by how likely they are."""
    chance = event.probability
    if chance is None:
        chance = -math.expm1(-(event.hazard_per_year or 0.0) * case.horizon.years)
    return len(_cut(case, event)), -chance, event.id
