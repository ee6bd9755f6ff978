"""The path of a historic replay, as a rehearsal follows it.

Nothing else happens on it: prices and demand have no noise, and what is in force at the
start of the case is no part of it.
"""

import datetime as dt
from collections.abc import Iterator
from math import floor

import numpy as np

from models.disruption import Event, Replay
from models.historic_rehearsal import HistoricDisruption
from models.instance import Instance
from models.known_events import events_of, lacks_for_rehearsal, phase_days
from models.reading import InvalidCaseError
from optimizer.rehearsal.paths import FreshPath, Happening, alone
from optimizer.scenarios import replay_scenarios
from optimizer.scenarios.market import price_levels


def historic_path(instance: Instance, w: int) -> FreshPath:
    """Return the path of a replay, by its position in the case.

    Raises InvalidCaseError if the case has not what it needs.
    """
    replay = instance.replays[w]
    periods = instance.horizon.number_of_periods
    happenings = tuple(
        Happening(event.id, x.onset_day, phase_days(event, x), x)
        for event, x in zip(_events(instance, replay), replay.disruptions, strict=True)
    )
    return FreshPath(
        number=w,
        probability=1.0,
        batch=0,
        scenario=alone(replay_scenarios(instance), w),
        happenings=happenings,
        price_level=np.repeat(price_levels(instance)[:, None], periods, axis=1),
        demand_level=np.ones((len(instance.final_products()), periods)),
    )


def disruptions_on_dates(
    instance: Instance, replay: Replay
) -> Iterator[HistoricDisruption]:
    """Yield the disruptions of a replay with the days on which they come and go."""
    for event, x in zip(_events(instance, replay), replay.disruptions, strict=True):
        end_day = x.onset_day + sum(phase.law.average_days for phase in x.phases)
        yield HistoricDisruption(
            history=x,
            event=event.id,
            announced=_date(instance, x.onset_day - x.notice_days)
            if x.notice_days > 0
            else None,
            onset=_date(instance, x.onset_day),
            end=_date(instance, end_day),
        )


def _events(instance: Instance, replay: Replay) -> Iterator[Event]:
    lacking = list(lacks_for_rehearsal(instance, replay))
    if lacking:
        raise InvalidCaseError(lacking)
    for event in events_of(instance, replay):
        if event is not None:
            yield event


def _date(instance: Instance, day: float) -> dt.date | None:
    """Return a day counted from the start; None if it is after the horizon."""
    horizon = instance.horizon
    if day >= horizon.days:
        return None
    return horizon.start + dt.timedelta(days=floor(day))
