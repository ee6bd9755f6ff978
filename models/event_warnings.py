"""Warnings about events, replays and published losses that meet nothing."""

from collections.abc import Iterator, Sequence
from typing import Literal

from models.disrupted_routes import is_hit, share_hit
from models.disruption import Disruption
from models.horizon import MONTHS
from models.instance import Instance
from models.mistakes import Mistake
from models.opening_position import OpeningDisruption
from models.warning_text import nearest, percent, route_countries

ROUNDING = 1e-6
# Parts of a period: by how much one of 30 or 31 days differs from a month, and what of
# a period before an event is hit by mere drift.
MONTH_ROUNDING = 0.02
SMALL_PART = 0.1


def events_outside(case: Instance) -> Iterator[Mistake]:
    """Find events that are over before the horizon or begin after it."""
    for event in case.events:
        if event.onset_date is None:
            continue
        onset = (event.onset_date - case.horizon.start).days
        longest = sum(phase.law.longest_days for phase in event.phases)
        effect = None
        if onset >= case.horizon.days:
            effect = "the event never happens"
        elif onset + longest <= 0:
            effect = "the event is over before the start"
        if effect is not None:
            path = f"events[{event.id}].onset_date"
            expected = f"{_day_of_horizon(case)}; {effect}"
            yield Mistake(path, str(event.onset_date), expected)


def events_across_periods(case: Instance) -> Iterator[Mistake]:
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
                f"{percent(part)} of its days"
            )
            yield Mistake(f"events[{event.id}].onset_date", str(day), expected)


def idle_rests(case: Instance) -> Iterator[Mistake]:
    """Find events that recur, but not before the end."""
    for event in case.events:
        if event.recurs_after is None:
            continue
        shortest = sum(phase.law.shortest_days for phase in event.phases)
        if shortest + event.recurs_after.shortest_days >= case.horizon.days:
            expected = (
                f"less than the {case.horizon.days:g} days of the horizon for phases "
                "and rest; the event happens at most once"
            )
            path = f"events[{event.id}].recurs_after"
            yield Mistake(path, str(event.recurs_after), expected)


def replays_outside(case: Instance) -> Iterator[Mistake]:
    """Find disruptions of replays that begin after the horizon."""
    for replay in case.replays:
        for i, disruption in enumerate(replay.disruptions):
            if disruption.onset_day >= case.horizon.days:
                path = f"replays[{replay.id}].disruptions[{i}].onset_day"
                expected = f"{_day_of_horizon(case)}; the disruption never happens"
                yield Mistake(path, disruption.onset_day, expected)


def _day_of_horizon(case: Instance) -> str:
    start, days = case.horizon.start, case.horizon.days
    return f"a day of the horizon, which starts on {start} and has {days:g} days"


def cuts_without_route(case: Instance) -> Iterator[Mistake]:
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
    at_stage = {x for route in routes for x in route_countries(route, stage)}
    if country in at_stage:
        return
    listed = ", ".join(materials)
    if country in {x for route in routes for x in route_countries(route, "both")}:
        expected = f"the other stage or both: no route of {listed} has {country} at it"
        yield Mistake(f"{path}.stage", stage, f"{expected}; this {effect}")
        return
    expected = f"a country on a route of {listed} ({', '.join(sorted(at_stage))})"
    hint = nearest(country, at_stage)
    yield Mistake(f"{path}.country", country, f"{expected}{hint}; this {effect}")


def unstated_alerts(case: Instance) -> Iterator[Mistake]:
    """Find events that were in force for a period and more, and no word of the alert.

    A store that needs notice opens that much later. What these events leave, if all
    others deliver what they can, tells whether there was an alert.
    """
    stated = {x.material for x in case.position.alerts}
    old = [x for x in case.position.disruptions if x.since <= case.horizon.start_of(-1)]
    for material in case.materials:
        notice = case.index.storage[material.id].notice_days
        if material.id in stated or notice == 0 or not old:
            continue
        if 1 - _supply_left(case, material.id, old) >= material.alert_thresholds[0]:
            events = {x.id: x for x in case.events}
            names = [x.event for x in old if material.id in events[x.event].materials]
            expected = (
                f"the alerts of {material.id} before the start, as {', '.join(names)} "
                f"was in force then; without them its store counts its {notice:g} days "
                "of notice from the start on"
            )
            yield Mistake(f"position.alerts[{material.id}]", "absent", expected)


def _supply_left(
    case: Instance, material: str, in_force: Sequence[OpeningDisruption]
) -> float:
    """Return the most that routes deliver under events, as a share of the need."""
    events = {x.id: x for x in case.events}
    supply = 0.0
    for route in case.routes:
        if route.material != material:
            continue
        left = route.capacity_factor
        for x in in_force:
            if is_hit(route, event := events[x.event]):
                cut = 1 - event.phases[x.phase].availability
                left = min(left, 1 - cut * share_hit(route, event))
        supply += left * case.index.stated_share(route)
    return supply
