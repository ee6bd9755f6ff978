"""Lengths from uniform random numbers, by the inverse of their law."""

import numpy as np

from models.duration import Duration
from optimizer.scenarios.scenario_set import Floats


def days_at(duration: Duration, uniforms: Floats) -> Floats:
    """Return the lengths in days whose law is at these values, each in [0, 1)."""
    if duration.table:
        reached = np.cumsum([x.probability for x in duration.table])
        days = np.array([x.days for x in duration.table])
        return days[np.searchsorted(reached / reached[-1], uniforms, side="right")]
    if duration.mean_days is not None:
        return _geometric_days(
            duration.mean_days, duration.geometric_step_days, uniforms
        )
    low, high = duration.low_days or 0.0, duration.high_days or 0.0
    return low + (high - low) * uniforms


def days_beyond(duration: Duration, lasted_days: float, uniforms: Floats) -> Floats:
    """Return whole lengths, given that each is longer than what has passed.

    A law that allows none, as in a what-if with shorter ones, ends with the start.
    """
    if not duration.outlasts(lasted_days):
        return np.full(len(uniforms), lasted_days)
    if duration.table:
        rest = tuple(x for x in duration.table if x.days > lasted_days)
        return days_at(duration.model_copy(update={"table": rest}), uniforms)
    if duration.mean_days is not None:
        # It ends with each step with the same probability, however long it has lasted.
        step = duration.geometric_step_days
        passed = step * np.floor(lasted_days / step)
        return passed + _geometric_days(duration.mean_days, step, uniforms)
    low = max(duration.low_days or 0.0, lasted_days)
    return days_at(duration.model_copy(update={"low_days": low}), uniforms)


def _geometric_days(mean_days: float, step_days: float, uniforms: Floats) -> Floats:
    """Return whole steps, at least one: n with probability (1 - q)^(n - 1) q."""
    ends = step_days / mean_days
    if ends >= 1:
        return np.full(len(uniforms), step_days)
    steps = np.ceil(np.log1p(-uniforms) / np.log1p(-ends))
    return step_days * np.maximum(steps, 1.0)
