"""When an event happens in each scenario, and how long its phases last.

The first onset and its phases are stratified over the scenarios in which the event
happens; so is each onset after it, given what came before. An event that recurs draws
the numbers of its later onsets from streams of their own, so that its first onset is
where it would be if it happened once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from models.disruption import Event
from models.horizon import DAYS_PER_YEAR, Horizon
from optimizer.deadline import look
from optimizer.scenarios.durations import days_at, days_beyond
from optimizer.scenarios.in_force import PhaseInForce
from optimizer.scenarios.onsets import dated_onset_day, onset_probability
from optimizer.scenarios.scenario_set import Floats
from optimizer.scenarios.streams import Streams, stratified_uniforms
from optimizer.scenarios.timeline import Course

SMALLEST_HAZARD_PER_DAY = 1e-100


def draw_course(  # noqa: PLR0913 - all are terms of the draw
    event: Event,
    horizon: Horizon,
    strata: Sequence[NDArray[np.int64]],
    onset_streams: Streams,
    duration_streams: Streams,
    *,
    label: str,
    scenarios: NDArray[np.int64] | None = None,
    state: PhaseInForce | None = None,
) -> Course:
    """Draw onsets and durations of an event by its label, stratified in each stratum.

    `strata` holds, for each stratum, the positions of scenarios in which it happens.
    If it happens in other scenarios, those that are in `strata` draw what they drew
    there, and the others draw by themselves. With a state it is in force at the start.
    """
    numbers = _Numbers(strata, scenarios)
    draw = _Draw(event, horizon, numbers, onset_streams, duration_streams)
    if state is None:
        uniforms = numbers.of(onset_streams, f"{label} onset")
        onset = _first_onset_days(event, horizon, uniforms)
    else:
        onset = np.full(len(numbers.happens), state.since_day)
    lasts = draw.durations(label, state)
    found = [(numbers.happens, onset, lasts)]
    for again in count(1) if event.recurs_after else ():
        look()
        onset = draw.next_onsets(onset + lasts.sum(axis=1), f"{label} again {again}")
        within = onset < horizon.days
        if not within.any():
            break
        lasts = draw.durations(f"{label} again {again}")
        found.append((numbers.happens[within], onset[within], lasts[within]))
    w, onsets, durations = zip(*found, strict=True)
    return Course(
        disruption=event,
        scenarios=np.concatenate(w),
        onset_day=np.concatenate(onsets),
        duration_days=np.concatenate(durations),
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Uniform numbers for the scenarios in which an event happens."""

    strata: Sequence[NDArray[np.int64]]
    scenarios: NDArray[np.int64] | None

    @property
    def happens(self) -> NDArray[np.int64]:
        """Positions of these scenarios."""
        return np.concatenate(self.strata) if self.scenarios is None else self.scenarios

    def of(self, streams: Streams, label: str) -> Floats:
        """Return one number for each scenario, from the stream of a label."""
        generator = streams.of(label)
        drawn = np.concatenate(
            [stratified_uniforms(len(w), generator) for w in self.strata]
        )
        if self.scenarios is None:
            return drawn
        stratified = np.concatenate(self.strata)
        number = 1 + max(self.scenarios.max(initial=0), stratified.max(initial=0))
        table = streams.of(f"{label} added").random(int(number))
        table[stratified] = drawn
        return table[self.scenarios]


@dataclass(frozen=True, slots=True)
class _Draw:
    """Draws durations and later onsets of one event."""

    event: Event
    horizon: Horizon
    numbers: _Numbers
    onset_streams: Streams
    duration_streams: Streams

    def durations(self, label: str, state: PhaseInForce | None = None) -> Floats:
        """Return the days of each phase, (n, phases).

        With a state, phases that are over have none, and the one that it is in lasts
        longer than it has until the start.
        """
        drawn: list[Floats] = []
        for i, phase in enumerate(self.event.phases):
            uniforms = self.numbers.of(self.duration_streams, f"{label} {i}")
            if state is None or i > state.phase:
                drawn.append(days_at(phase.law, uniforms))
            elif i == state.phase:
                drawn.append(days_beyond(phase.law, -state.since_day, uniforms))
            else:
                drawn.append(np.zeros(len(uniforms)))
        return np.stack(drawn, axis=1)

    def next_onsets(self, end: Floats, label: str) -> Floats:
        """Return the day of the onset after one that ended; it may be any later day."""
        begin = end
        if self.event.recurs_after is not None:
            rests = self.numbers.of(self.duration_streams, f"{label} rest")
            begin = end + days_at(self.event.recurs_after, rests)
        uniforms = self.numbers.of(self.onset_streams, f"{label} onset")
        hazard_per_day = _hazard_per_day(self.event)
        if hazard_per_day < SMALLEST_HAZARD_PER_DAY:
            return np.full(len(begin), np.inf)
        if not self.event.begins_with_period:
            return begin - np.log1p(-uniforms) / hazard_per_day
        begin = _next_first_day(begin, self.horizon)
        return _first_day(begin - np.log1p(-uniforms) / hazard_per_day, self.horizon)


def _hazard_per_day(event: Event) -> float:
    return (event.hazard_per_year or 0.0) / DAYS_PER_YEAR


def _first_onset_days(event: Event, horizon: Horizon, uniforms: Floats) -> Floats:
    """Invert the exponential law truncated to the horizon."""
    if event.onset_date is not None:
        return np.full(len(uniforms), dated_onset_day(event, horizon))
    hazard_per_day = _hazard_per_day(event)
    if hazard_per_day < SMALLEST_HAZARD_PER_DAY:
        # Any day is as likely; there are no digits left to tell one from another.
        days = uniforms * horizon.days
    else:
        happens = onset_probability(event, horizon)
        days = -np.log1p(-uniforms * happens) / hazard_per_day
    return _first_day(days, horizon) if event.begins_with_period else days


def _first_day(days: Floats, horizon: Horizon) -> Floats:
    """Return the first day of the period of each day; later than the horizon stays."""
    starts = np.array(horizon.period_offsets_days)
    t = np.searchsorted(starts, days, side="right") - 1
    return np.where(days < starts[-1], starts[t], days)


def _next_first_day(days: Floats, horizon: Horizon) -> Floats:
    """Return the first day of the first period that does not begin before each day."""
    starts = np.array(horizon.period_offsets_days)
    t = np.searchsorted(starts, days, side="left")
    return np.where(days <= starts[-1], starts[np.minimum(t, len(starts) - 1)], days)
