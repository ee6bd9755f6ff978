"""From onsets and durations to period averages: availability, announcements, prices.

Within a disruption a period has the mean over its days: a phase at 0 that covers half
of a period gives 0.5. Means come first, then the smallest of overlapping disruptions
(for prices the largest multiplier). After the last phase everything is as before:
neither a slow recovery nor a slow decay of prices is modelled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.disrupted_routes import is_hit, share_hit
from models.disruption import Disruption
from models.horizon import Horizon
from models.instance import Instance
from optimizer.deadline import look
from optimizer.scenarios.scenario_set import Booleans, Floats


@dataclass(frozen=True, slots=True)
class Course:
    """How one disruption goes, each of the n times that it happens.

    scenarios are the positions of the scenarios (n), once for each time in them, and
    no two times in one scenario overlap; onset_day is counted from the start of the
    horizon (n), negative if before; duration_days are those of its phases (n, phases).
    """

    disruption: Disruption
    scenarios: NDArray[np.int64]
    onset_day: Floats
    duration_days: Floats


@dataclass(frozen=True, slots=True)
class Timeline:
    """By period: availability (r, w, t), announced and price_multiplier (m, w, t)."""

    availability: Floats
    announced: Booleans
    price_multiplier: Floats


def timeline(
    instance: Instance, courses: Iterable[Course], number_of_scenarios: int
) -> Timeline:
    """Lay the courses of all disruptions over each other."""
    horizon = instance.horizon
    plane = (number_of_scenarios, horizon.number_of_periods)
    availability = np.ones((len(instance.routes), *plane))
    announced = np.zeros((len(instance.materials), *plane), dtype=np.bool_)
    # 0 stands for "no phase is active" until the end: a multiplier is above 0.
    multiplier = np.zeros((len(instance.materials), *plane))
    for course in courses:
        look()
        w = np.unique(course.scenarios)
        active = active_shares(course, horizon)
        phases = course.disruption.phases
        flow = period_means(active, [phase.availability for phase in phases])
        for r, route in enumerate(instance.routes):
            if is_hit(route, course.disruption):
                share = share_hit(route, course.disruption)
                left = share * flow + (1.0 - share)
                availability[r, w] = np.minimum(availability[r, w], left)
        response = period_means(active, [phase.price_multiplier for phase in phases])
        response[active.sum(axis=0) <= 0] = 0
        word = announcements(course, horizon)
        for m, material in enumerate(instance.materials):
            if material.id in course.disruption.materials:
                announced[m, w] |= word
                multiplier[m, w] = np.maximum(multiplier[m, w], response)
    multiplier[multiplier == 0] = 1
    return Timeline(availability, announced, multiplier)


def active_shares(course: Course, horizon: Horizon) -> Floats:
    """Return the share of each period that each phase is active, (phase, w, t).

    Scenarios w are those in which it happens, in ascending order.
    """
    onset = course.onset_day[:, np.newaxis]
    ends = in_periods(onset + np.cumsum(course.duration_days, axis=1), horizon)
    starts = np.concatenate([in_periods(onset, horizon), ends[:, :-1]], axis=1)
    t = np.arange(horizon.number_of_periods)
    first = np.maximum(starts.T[:, :, np.newaxis], t)
    last = np.minimum(ends.T[:, :, np.newaxis], t + 1)
    return _of_scenarios(course, np.maximum(last - first, 0.0), np.add)


def _of_scenarios(
    course: Course, of_times: NDArray[Any], joined: np.ufunc
) -> NDArray[Any]:
    """Return an array (..., n, t) as (..., w, t): the times in a scenario joined."""
    order = np.argsort(course.scenarios, kind="stable")
    first = np.unique(course.scenarios[order], return_index=True)[1]
    return joined.reduceat(of_times[..., order, :], first, axis=-2)


def in_periods(days: Floats, horizon: Horizon) -> Floats:
    """Return times in days since the start as periods and parts of the one they are in.

    In units of periods, one that is covered in full has a share of exactly 1. A time
    outside the horizon stays outside or is put at its nearer end.
    """
    if horizon.has_equal_periods:
        return days / horizon.average_period_days
    t = np.arange(horizon.number_of_periods + 1)
    return np.interp(days, horizon.period_offsets_days, t)


def period_means(active: Floats, values: list[float]) -> Floats:
    """Return the mean by (w, t) of a value that is 1 while no phase is active."""
    phases = np.tensordot(np.asarray(values), active, axes=1)
    return phases + np.maximum(1.0 - active.sum(axis=0), 0.0)


def announcements(course: Course, horizon: Horizon) -> Booleans:
    """Tell by (w, t) whether a period overlaps [onset - notice, onset)."""
    notice_days = course.disruption.notice_days
    onset = course.onset_day[:, np.newaxis]
    bounds = np.array(horizon.period_offsets_days)
    is_before_onset = bounds[:-1] < onset
    is_after_word = bounds[1:] > onset - notice_days
    is_in_notice = is_before_onset & is_after_word & (notice_days > 0)
    return _of_scenarios(course, is_in_notice, np.logical_or)
