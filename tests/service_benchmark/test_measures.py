"""Idle time is counted by worker, in the order of starts."""

from typing import Any

import pytest

from tests.service_benchmark.measures import idle_times


def _job(worker: str, start_s: int, end_s: int) -> dict[str, Any]:
    times = {"started_at": start_s, "finished_at": end_s}
    return {
        "worker": worker,
        **{name: f"2026-01-01T00:00:{second:02}Z" for name, second in times.items()},
    }


def test_idle_time_is_between_the_jobs_of_one_worker() -> None:
    """Of a: 3 to 4 and 8 to 11; of b, whose jobs lie between: 5 to 7."""
    found = [_job("a", 11, 12), _job("b", 7, 9), _job("a", 4, 8)]
    found += [_job("b", 2, 5), _job("a", 0, 3)]
    assert sorted(idle_times(found)) == pytest.approx([1.0, 2.0, 3.0])


def test_a_single_job_leaves_nothing_idle() -> None:
    """There is no pair to look between."""
    assert idle_times([_job("a", 0, 3)]) == [0.0]
