"""Sampled scenarios: their shapes, probabilities and means."""

from math import exp
from typing import Any

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.scenarios import ScenarioSet, sample

CHN, DEU = 0, 1


def drawn(case: dict[str, Any], number_of_scenarios: int, seed: int = 7) -> ScenarioSet:
    """Sample a case."""
    return sample(
        read_instance(case),
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )


def test_shapes_follow_the_case(eventful: dict[str, Any]) -> None:
    """Arrays are [item, w, t] in the order of the instance."""
    scenarios = drawn(eventful, 30)
    assert scenarios.number_of_scenarios == len(set(scenarios.names)) == 30
    assert scenarios.availability.shape == (4, 30, 8)
    assert scenarios.announced.shape == scenarios.price.shape == (2, 30, 8)
    assert scenarios.base_price.shape == (2, 8)
    assert scenarios.demand.shape == (2, 30, 8)


def test_zero_scenarios_are_refused(tiny_case: dict[str, Any]) -> None:
    """At least one scenario must be asked for."""
    with pytest.raises(ValueError, match="expected at least 1"):
        drawn(tiny_case, 0)


@pytest.mark.parametrize("number_of_scenarios", [1, 2, 3, 5, 20, 300])
def test_probabilities_sum_to_one(
    eventful: dict[str, Any], number_of_scenarios: int
) -> None:
    """Whatever the number of scenarios, their probabilities make 1."""
    probability = drawn(eventful, number_of_scenarios).probability
    assert probability.sum() == pytest.approx(1, abs=1e-12)
    assert np.all(probability > 0)


def test_single_event_has_its_exact_probability(tiny_case: dict[str, Any]) -> None:
    """With one event the strata carry its probability without sampling error."""
    tiny_case["events"][0]["hazard_per_year"] = 0.6
    scenarios = drawn(tiny_case, 10)
    is_hit = scenarios.availability[CHN].min(axis=1) < 1
    # Four months: 1 - exp(-.6 / 3).
    assert scenarios.probability[is_hit].sum() == pytest.approx(1 - exp(-0.2))


def test_mean_availability_is_the_exact_one(eventful: dict[str, Any]) -> None:
    """Sampled mean availability of permanent cuts agrees with the integral."""
    eventful["events"] = eventful["events"][1:4]
    scenarios = drawn(eventful, 4000)
    mean = np.einsum("w,rwt->rt", scenarios.probability, scenarios.availability)
    # Open on day s with exp(-h s), h = .1 + .2 for CHN; the mean over a quarter is
    # the integral of that from t / 4 to (t + 1) / 4 years, times 4.
    t = np.arange(8)
    for r, h in ((CHN, 0.3), (DEU, 0.05)):
        exact = 4 / h * (np.exp(-h * t / 4) - np.exp(-h * (t + 1) / 4))
        assert mean[r] == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize("number_of_scenarios", [1, 3, 8])
def test_mean_over_seeds_is_unbiased(
    eventful: dict[str, Any], number_of_scenarios: int
) -> None:
    """Few scenarios are right on average over seeds."""
    instance = read_instance(eventful)
    number_of_seeds = 150
    estimates = np.empty(number_of_seeds)
    for seed in range(number_of_seeds):
        scenarios = sample(
            instance,
            number_of_scenarios=number_of_scenarios,
            generator=np.random.default_rng(seed),
        )
        is_hit = scenarios.availability[DEU].min(axis=1) < 1
        estimates[seed] = scenarios.probability[is_hit].sum()
    error = estimates.std() / np.sqrt(number_of_seeds)
    assert estimates.mean() == pytest.approx(1 - exp(-0.1), abs=4 * error)


def test_scenarios_of_a_stratum_are_equally_probable(eventful: dict[str, Any]) -> None:
    """Within a stratum the probability is shared equally."""
    scenarios = drawn(eventful, 60)
    for h in np.unique(scenarios.stratum):
        assert len(np.unique(scenarios.probability[scenarios.stratum == h])) == 1


def test_calm_scenarios_are_few(eventful: dict[str, Any]) -> None:
    """Most scenarios are spent on disruptions, however improbable these are."""
    for event in eventful["events"]:
        event["hazard_per_year"] /= 10
    scenarios = drawn(eventful, 100)
    is_calm = np.all(scenarios.availability == 1, axis=(0, 2))
    assert is_calm.sum() == 1
    # exp(-2 years x (.3 + .1 + .2 + .05 + .3) / 10)
    assert scenarios.probability[is_calm].sum() == pytest.approx(exp(-0.19))


def test_normal_supply_below_need_keeps_calm_scenarios(
    eventful: dict[str, Any],
) -> None:
    """If supply falls short without any event, calm scenarios matter too."""
    eventful["routes"][DEU]["share"] = 0.1
    assert np.bincount(drawn(eventful, 100).stratum)[0] > 10


def test_certain_event_keeps_scenarios_without_others(eventful: dict[str, Any]) -> None:
    """If an event is certain, scenarios with no other one are not calm."""
    del eventful["events"][0]["hazard_per_year"]
    eventful["events"][0] |= {"onset_date": "2026-01-01", "probability": 1.0}
    assert np.bincount(drawn(eventful, 100).stratum)[0] > 10


def test_certain_event_happens_in_every_scenario(eventful: dict[str, Any]) -> None:
    """A dated event of probability 1 is met in each scenario and takes no stratum.

    Of the four others the gravest splits the strata 0 to 3 onsets in two branches.
    """
    del eventful["events"][0]["hazard_per_year"]
    eventful["events"][0] |= {"onset_date": "2026-01-01", "probability": 1.0}
    scenarios = drawn(eventful, 40)
    assert np.all(scenarios.availability[CHN, :, 0] < 1)
    assert len(np.unique(scenarios.stratum)) == 8


def test_event_after_the_end_never_happens(tiny_case: dict[str, Any]) -> None:
    """A dated event after the horizon leaves all scenarios calm."""
    del tiny_case["events"][0]["hazard_per_year"]
    tiny_case["events"][0] |= {"onset_date": "2030-01-01", "probability": 0.9}
    assert np.all(drawn(tiny_case, 5).availability == 1)


def test_no_events_leave_only_the_markets(tiny_case: dict[str, Any]) -> None:
    """Without events every scenario is calm and equally probable."""
    tiny_case["events"] = []
    scenarios = drawn(tiny_case, 4)
    assert np.all(scenarios.availability == 1)
    assert scenarios.probability.tolist() == [0.25] * 4
    assert np.all(scenarios.price == 500_000)


def test_one_scenario_of_one_period(tiny_case: dict[str, Any]) -> None:
    """The smallest of all samples is one scenario with probability 1."""
    tiny_case["horizon"]["number_of_periods"] = 1
    scenarios = drawn(tiny_case, 1)
    assert scenarios.probability.tolist() == [1]
    assert scenarios.availability.shape == (2, 1, 1)
