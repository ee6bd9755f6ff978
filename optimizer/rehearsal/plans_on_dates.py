"""The new plans of a historic path: what was known, what they change and promise."""

import datetime as dt
from collections.abc import Iterator, Mapping
from math import floor

from models.historic_rehearsal import PlanOnDate, RightMove, SeenDisruption
from models.instance import Instance
from optimizer.evaluation.decisions import Decisions
from optimizer.rehearsal.history_as_seen import phase_at
from optimizer.rehearsal.known_world import known_world
from optimizer.rehearsal.path_run import ROUNDING, FollowedPath
from optimizer.rehearsal.paths import FreshPath


def plans_on_dates(
    instance: Instance, path: FreshPath, followed: FollowedPath
) -> Iterator[PlanOnDate]:
    """Yield each date with what was known on it and how its plan did."""
    made = {x.start: x for x in followed.stretches[1:]}
    before = followed.stretches[0]
    for x in followed.replannings:
        date = PlanOnDate(
            period=x.period,
            failed_because=x.failed_because,
            changes=x.changes,
            date=instance.horizon.start_of(x.period),
            known=tuple(known_disruptions(instance, path, x.period)),
        )
        new = made.get(x.period)
        if new is None:
            yield date
            continue
        told = {
            "rights": tuple(right_moves(before.decisions, new.decisions)),
            "promised_usd": new.promise.expected_shortage_cost_usd,
            "gap": new.promise.gap,
            "came_usd": float(new.happened.cost[0].sum()),
        }
        yield date.model_copy(update=told)
        before = new


def known_disruptions(
    instance: Instance, path: FreshPath, period: int
) -> Iterator[SeenDisruption]:
    """Yield what is in force or announced at the start of a period of history."""
    world = known_world(instance, path, period)
    start = instance.horizon.start_of(period)
    day = instance.horizon.period_offsets_days[period]
    happened = {x.event: x for x in path.happenings}
    for x in world.disruptions:
        happening = happened[x.event]
        if happening.history is not None:
            elapsed = day - happening.onset_day
            number, phase = phase_at(happening.history, elapsed)
            before = happening.history.phases[:number]
            lasted = elapsed - sum(y.law.average_days for y in before)
            yield SeenDisruption(
                event=x.event,
                since=start - dt.timedelta(days=floor(lasted)),
                counted_since=x.since,
                is_in_force=True,
                phase=phase.name,
                availability=phase.availability,
            )
    first = {event.id: event.phases[0].name for event in world.as_seen}
    for name, onset in world.announced.items():
        yield SeenDisruption(
            event=name,
            since=onset,
            counted_since=onset,
            is_in_force=False,
            phase=first[name],
        )


def right_moves(before: Decisions, after: Decisions) -> Iterator[RightMove]:
    """Yield how far the tonnes of rights move, for all of which they do."""
    old, new = (_by_right(x) for x in (before, after))
    for key in sorted(old.keys() | new.keys()):
        was, is_now = old.get(key, 0.0), new.get(key, 0.0)
        if abs(is_now - was) > ROUNDING * max(was, is_now):
            offer, material = key
            yield RightMove(offer=offer, material=material, tonnes=is_now - was)


def _by_right(decisions: Decisions) -> Mapping[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for x in decisions.tranches:
        if x.offer is not None:
            key = x.offer, x.material
            found[key] = found.get(key, 0.0) + x.tonnes
    return found
