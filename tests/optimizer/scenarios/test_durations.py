"""Lengths from uniform numbers: each law by its distribution function."""

import numpy as np

from models.duration import Duration
from optimizer.scenarios.durations import days_at

EVEN = (np.arange(10_000) + 0.5) / 10_000


def test_geometric_lengths() -> None:
    """Half of them end with the first step, a quarter with the second, and so on."""
    days = days_at(Duration(mean_days=60, step_days=30), EVEN)
    assert [(days == 30 * n).mean() for n in (1, 2, 3)] == [0.5, 0.25, 0.125]
    assert abs(days.mean() - 60) < 0.1


def test_a_geometric_length_of_one_step() -> None:
    """If the mean is a step, each has that length."""
    assert set(days_at(Duration(mean_days=30, step_days=30), EVEN)) == {30.0}


def test_lengths_of_a_table() -> None:
    """Each as often as its probability; none without."""
    chances = [(10, 0.3), (20, 0.0), (50, 0.7), (90, 0.0)]
    table = [{"days": days, "probability": p} for days, p in chances]
    days = days_at(Duration.model_validate({"table": table}), EVEN)
    assert [(days == n).mean() for n, _ in chances] == [0.3, 0.0, 0.7, 0.0]
    last = np.array([0.0, np.nextafter(1.0, 0.0)])
    table = Duration.model_validate({"table": table})
    assert days_at(table, last).tolist() == [10, 50]


def test_uniform_lengths() -> None:
    """Between the shortest and the longest."""
    assert days_at(Duration(low_days=30, high_days=90), EVEN[:1])[0] == 30.003
