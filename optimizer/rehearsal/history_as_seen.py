"""An event of history as it is seen at a date, with the law of its kind for the rest.

What is cut, the flow that is left and the price are those of history on that day. How
long it lasts, and what comes after it, is what the event of the case says.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import accumulate

from models.disruption import Event, Phase, ReplayDisruption
from models.known_events import phase_of_event
from optimizer.rehearsal.paths import Happening


def as_observed(happening: Happening, event: Event, elapsed: float) -> Iterator[Event]:
    """Yield an event of history in force, some days after its onset; none of others."""
    if happening.history is None:
        return
    number, phase = phase_at(happening.history, elapsed)
    present = phase_of_event(event, number)
    observed = {
        "name": phase.name,
        "availability": phase.availability,
        "price_multiplier": phase.price_multiplier,
    }
    phases = tuple(
        x.model_copy(update=observed) if i == present else x
        for i, x in enumerate(event.phases)
    )
    cut = _cut(event, happening.history)
    yield cut.model_copy(update={"phases": phases})


def as_announced(happening: Happening, event: Event, day: dt.date) -> Iterator[Event]:
    """Yield an event of history that is announced for a day; none of others."""
    if happening.history is not None:
        yield certain(_cut(event, happening.history), day)


def certain(event: Event, day: dt.date) -> Event:
    """Return an event that happens on a day, once."""
    happens = {"hazard_per_year": None, "onset_date": day, "probability": 1.0}
    once = {"recurs_after": None, "begins_with_period": False}
    return event.model_copy(update=happens | once)


def phase_at(disruption: ReplayDisruption, elapsed: float) -> tuple[int, Phase]:
    """Return the number of the phase some days after the onset, and the phase."""
    ends = accumulate(phase.law.average_days for phase in disruption.phases)
    number = next(i for i, end in enumerate(ends) if elapsed < end)
    return number, disruption.phases[number]


def _cut(event: Event, history: ReplayDisruption) -> Event:
    """Return the event with what history cut."""
    update = {
        "stage": history.stage,
        "materials": history.materials,
        "scope": history.scope,
    }
    return event.model_copy(update=update)
