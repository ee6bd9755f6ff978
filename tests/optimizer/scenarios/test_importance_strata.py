"""The most important event splits the strata."""

from typing import Any

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.scenarios import sample
from optimizer.scenarios.importance_strata import branches, importance
from optimizer.scenarios.onsets import onset_probability
from tests.cases import Case


def two_events(case: dict[str, Any]) -> dict[str, Any]:
    """Return a case with a likely short cut and a rare one ten times as long."""
    likely = case["events"][0]
    rare = likely | {"id": "war", "hazard_per_year": 0.02}
    phase = likely["phases"][0]
    likely["phases"] = [phase | {"duration_days_low": 30, "duration_days_high": 30}]
    rare["phases"] = [phase | {"duration_days_low": 300, "duration_days_high": 300}]
    case["horizon"]["number_of_periods"] = 36
    case["events"].append(rare)
    return case


def test_importance_is_stake_times_share_times_years(tiny_case: Case) -> None:
    """What is at stake follows by hand from blocks, routes and durations."""
    case = read_instance(two_events(tiny_case))
    # 12,000 wafers x (0.1 x 1,000 + 0.9 x 10,000) = 109.2 M$; 0.8 of it from CHN.
    stake = 12_000 * 9_100.0 * 0.8
    expected = [stake * 30 / 365.25, stake * 300 / 365.25]
    assert importance(case, case.events) == pytest.approx(expected)


def test_the_most_important_event_splits_the_sample(tiny_case: Case) -> None:
    """Scenarios with the rare event are met more often than it happens."""
    case = read_instance(two_events(tiny_case))
    chance = np.array([onset_probability(e, case.horizon) for e in case.events])
    without, with_it = branches(case, case.events, chance, 100)
    assert with_it.probability == pytest.approx(1 - np.exp(-0.02 * 1095.75 / 365.25))
    assert with_it.number_of_scenarios > 100 * with_it.probability
    assert without.probability + with_it.probability == pytest.approx(1)


def test_small_samples_are_not_split(tiny_case: Case) -> None:
    """Below ten scenarios there are too few to share out."""
    case = read_instance(two_events(tiny_case))
    chance = np.array([onset_probability(e, case.horizon) for e in case.events])
    assert len(branches(case, case.events, chance, 9)) == 1


def test_an_event_that_hits_nothing_does_not_split(tiny_case: Case) -> None:
    """Where no event can hurt there is no split."""
    tiny_case["events"][0]["country"] = "CAN"
    case = read_instance(tiny_case)
    assert len(branches(case, case.events, np.array([0.5]), 100)) == 1


def test_means_stay_unbiased(tiny_case: Case) -> None:
    """The weight of scenarios with the rare event is its probability, exactly."""
    case = read_instance(two_events(tiny_case))
    generator = np.random.default_rng(3)
    scenarios = sample(case, number_of_scenarios=50, generator=generator)
    lost = (1 - scenarios.availability[0]).sum(axis=1)
    is_long = lost > 5  # ten months at least, against one of the likely event
    happens_in_time = scenarios.probability[is_long].sum()
    chance = 1 - np.exp(-0.02 * 1095.75 / 365.25)
    assert happens_in_time <= chance + 1e-12
    assert scenarios.probability.sum() == pytest.approx(1)
