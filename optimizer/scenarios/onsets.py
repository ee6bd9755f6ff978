"""Which events happen in which scenario, when, and how long their phases last.

Events are independent and happen at most once in the horizon. Sets of events are drawn
by conditional Bernoulli sampling given the stratum (Chen & Liu 1997, sequentially);
times and durations are stratified over the scenarios in which the event happens.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.disruption import Event
from models.horizon import DAYS_PER_YEAR, Horizon
from optimizer.scenarios.scenario_set import Booleans, Floats
from optimizer.scenarios.strata import Stratum, completion_probabilities
from optimizer.scenarios.streams import Streams, stratified_uniforms
from optimizer.scenarios.timeline import Course

SMALLEST_HAZARD_PER_DAY = 1e-100


def onset_probability(event: Event, horizon: Horizon) -> float:
    """Return the probability that the event happens within the horizon.

    A dated event from before the start counts: its phases may still run. One after the
    end cannot happen.
    """
    if event.onset_date is not None:
        is_in_time = _onset_day(event, horizon) < horizon.days
        return (event.probability or 0.0) if is_in_time else 0.0
    return float(-np.expm1(-(event.hazard_per_year or 0.0) * horizon.years))


def draw_sets(
    probabilities: Floats, stratum: Stratum, uniforms: Floats, offset: float
) -> Booleans:
    """Return whether event i happens in scenario w of a stratum, (i, w).

    Parameters
    ----------
    probabilities
        Of the events by themselves.
    stratum
        Range of the number of onsets.
    uniforms
        By (i, w), each uniform on [0, 1), independent within a scenario.
    offset
        Uniform on [0, 1): where the systematic draw of single events starts.
    """
    completion = completion_probabilities(probabilities, stratum.least, stratum.most)
    if stratum.least == stratum.most == 1:
        return _single_events(completion, probabilities, uniforms.shape[1], offset)
    number_of_onsets = np.zeros(uniforms.shape[1], dtype=np.int64)
    happens = np.zeros(uniforms.shape, dtype=np.bool_)
    for i, onset in enumerate(probabilities):
        reached = completion[i, number_of_onsets]
        chance = onset * completion[i + 1, number_of_onsets + 1]
        happens[i] = uniforms[i] * reached < chance
        number_of_onsets += happens[i]
    return happens


def _single_events(
    completion: Floats, probabilities: Floats, number_of_scenarios: int, offset: float
) -> Booleans:
    """Draw one event a scenario, systematically: a share of q gets n q, rounded."""
    # Event i is the one: none before it, then its onset, none after it.
    none_after = completion[1:, 1]
    none_before = np.concatenate([[1.0], np.cumprod(1 - probabilities)[:-1]])
    bounds = np.cumsum(none_before * probabilities * none_after)
    points = (np.arange(number_of_scenarios) + offset) / number_of_scenarios
    # The last bound is left out: rounding may put a point on it.
    chosen = (points * bounds[-1] >= bounds[:-1, np.newaxis]).sum(axis=0)
    return np.arange(len(probabilities))[:, np.newaxis] == chosen


def draw_course(  # noqa: PLR0913 - all are terms of the draw
    event: Event,
    horizon: Horizon,
    strata: Sequence[NDArray[np.int64]],
    onset_streams: Streams,
    duration_streams: Streams,
    *,
    label: str,
    scenarios: NDArray[np.int64] | None = None,
) -> Course:
    """Draw onsets and durations of an event by its label, stratified in each stratum.

    `strata` holds, for each stratum, the positions of scenarios in which it happens.
    If it happens in other scenarios, those that are in `strata` draw what they drew
    there, and the others draw by themselves.
    """
    phases = event.phases
    stratified = np.concatenate(strata)
    happens = stratified if scenarios is None else scenarios

    def uniforms(streams: Streams, label: str) -> Floats:
        generator = streams.of(label)
        drawn = np.concatenate([stratified_uniforms(len(w), generator) for w in strata])
        if scenarios is None:
            return drawn
        number = 1 + max(happens.max(initial=0), stratified.max(initial=0))
        table = streams.of(f"{label} added").random(int(number))
        table[stratified] = drawn
        return table[happens]

    durations = [
        phase.duration_days_low
        + (phase.duration_days_high - phase.duration_days_low)
        * uniforms(duration_streams, f"{label} {i}")
        for i, phase in enumerate(phases)
    ]
    onsets = uniforms(onset_streams, f"{label} onset")
    return Course(
        disruption=event,
        scenarios=happens,
        onset_day=_onset_days(event, horizon, onsets),
        duration_days=np.stack(durations, axis=1),
    )


def _onset_days(event: Event, horizon: Horizon, uniforms: Floats) -> Floats:
    """Invert the exponential law truncated to the horizon."""
    if event.onset_date is not None:
        return np.full(len(uniforms), _onset_day(event, horizon))
    hazard_per_day = (event.hazard_per_year or 0.0) / DAYS_PER_YEAR
    if hazard_per_day < SMALLEST_HAZARD_PER_DAY:
        # Any day is as likely; there are no digits left to tell one from another.
        return uniforms * horizon.days
    happens = onset_probability(event, horizon)
    return -np.log1p(-uniforms * happens) / hazard_per_day


def _onset_day(event: Event, horizon: Horizon) -> float:
    onset = event.onset_date or horizon.start
    return float((onset - horizon.start).days)
