"""Which events happen in which scenario; when they do is in `courses`.

Events are independent. Sets of those that happen at all are drawn by conditional
Bernoulli sampling given the stratum (Chen & Liu 1997, sequentially).
"""

import numpy as np

from models.disruption import Event
from models.horizon import Horizon
from optimizer.scenarios.scenario_set import Booleans, Floats
from optimizer.scenarios.strata import Stratum, completion_probabilities


def onset_probability(event: Event, horizon: Horizon) -> float:
    """Return the probability that the event happens within the horizon.

    A dated event from before the start counts: its phases may still run. One after the
    end cannot happen.
    """
    if event.onset_date is not None:
        is_in_time = dated_onset_day(event, horizon) < horizon.days
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


def dated_onset_day(event: Event, horizon: Horizon) -> float:
    """Return the day of the horizon of a known onset, negative if before the start."""
    onset = event.onset_date or horizon.start
    return float((onset - horizon.start).days)
