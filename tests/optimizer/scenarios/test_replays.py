"""Replays of history and the calm scenario."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.scenarios import calm_scenario, replay_scenarios
from tests import cases
from tests.cases import Case


def replay(name: str, onset_day: float) -> Case:
    """Return a replay: 60 days of refining ban by CHN at twice the price."""
    phase = cases.phase(50, 70, price_multiplier=2.0)
    return cases.replay(name, cases.disruption(phase, onset_day=onset_day))


@pytest.fixture
def replayed(tiny_case: Case) -> Case:
    """Return the tiny case with 30-day periods, two replays and lively markets."""
    tiny_case["horizon"]["period_days"] = 30
    tiny_case["materials"][0]["price_volatility_per_year"] = 0.4
    tiny_case["products"][0]["demand_volatility_per_year"] = 0.4
    tiny_case["replays"] = [replay("ban-2023", 0), replay("ban-2025", 45)]
    return tiny_case


def test_each_replay_is_a_named_scenario(replayed: Case) -> None:
    """Replays carry their names and equal probabilities."""
    scenarios = replay_scenarios(read_instance(replayed))
    assert scenarios.names == ("ban-2023", "ban-2025")
    assert scenarios.probability.tolist() == [0.5, 0.5]


def test_replay_starts_on_its_day(replayed: Case) -> None:
    """A replay cuts from its onset day for the mean length of its phase."""
    scenarios = replay_scenarios(read_instance(replayed))
    # 60 days from day 0, and 60 days from day 45 = half of period 1 to half of 3.
    assert scenarios.availability[0].tolist() == [[0, 0, 1, 1], [1, 0.5, 0, 0.5]]
    expected = [[2, 2, 1, 1], [1, 1.5, 2, 1.5]]
    assert (scenarios.price[0] / scenarios.base_price[0]).tolist() == expected


def test_replay_has_no_noise(replayed: Case) -> None:
    """Demand of a replay is the planned one whatever its volatility."""
    scenarios = replay_scenarios(read_instance(replayed))
    assert scenarios.demand[0] == pytest.approx(np.full((2, 4), 12_000 * 30 / 365.25))


def test_case_without_replays_has_no_such_scenarios(tiny_case: Case) -> None:
    """No replays give an empty set."""
    assert replay_scenarios(read_instance(tiny_case)).number_of_scenarios == 0


def test_calm_scenario_is_undisturbed(replayed: Case) -> None:
    """In the calm scenario every route is open and the price on its path."""
    calm = calm_scenario(read_instance(replayed))
    assert calm.names == ("calm",)
    assert calm.probability.tolist() == [1]
    assert np.all(calm.availability == 1)
    assert not calm.announced.any()
    assert np.array_equal(calm.price[:, 0], calm.base_price)
