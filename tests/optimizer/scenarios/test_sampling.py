"""Sampled scenarios: shapes, probabilities and means; one seed, one sample."""

from copy import deepcopy
from dataclasses import fields
from math import exp

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.scenarios import ScenarioSet, sample
from optimizer.scenarios.streams import Streams, stratified_uniforms
from tests.cases import Case

CHN, DEU = 0, 1


def drawn(case: Case, number_of_scenarios: int, seed: int = 7) -> ScenarioSet:
    """Sample a case."""
    return sample(
        read_instance(case),
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )


def test_shapes_follow_the_case(eventful: Case) -> None:
    """Arrays are [item, w, t] in the order of the instance."""
    scenarios = drawn(eventful, 30)
    assert scenarios.number_of_scenarios == len(set(scenarios.names)) == 30
    assert scenarios.availability.shape == (4, 30, 8)
    assert scenarios.announced.shape == scenarios.price.shape == (2, 30, 8)
    assert scenarios.base_price.shape == (2, 8)
    assert scenarios.demand.shape == (2, 30, 8)


def test_zero_scenarios_are_refused(tiny_case: Case) -> None:
    """At least one scenario must be asked for."""
    with pytest.raises(ValueError, match="expected at least 1"):
        drawn(tiny_case, 0)


@pytest.mark.parametrize("number_of_scenarios", [1, 2, 3, 5, 20, 300])
def test_probabilities_sum_to_one(eventful: Case, number_of_scenarios: int) -> None:
    """Whatever the number of scenarios, their probabilities make 1."""
    probability = drawn(eventful, number_of_scenarios).probability
    assert probability.sum() == pytest.approx(1, abs=1e-12)
    assert np.all(probability > 0)


def test_single_event_has_its_exact_probability(tiny_case: Case) -> None:
    """With one event the strata carry its probability without sampling error."""
    tiny_case["events"][0]["hazard_per_year"] = 0.6
    scenarios = drawn(tiny_case, 10)
    is_hit = scenarios.availability[CHN].min(axis=1) < 1
    # Four months: 1 - exp(-.6 / 3).
    assert scenarios.probability[is_hit].sum() == pytest.approx(1 - exp(-0.2))


def test_mean_availability_is_the_exact_one(eventful: Case) -> None:
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
def test_mean_over_seeds_is_unbiased(eventful: Case, number_of_scenarios: int) -> None:
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


def test_scenarios_of_a_stratum_are_equally_probable(eventful: Case) -> None:
    """Within a stratum the probability is shared equally."""
    scenarios = drawn(eventful, 60)
    for h in np.unique(scenarios.stratum):
        assert len(np.unique(scenarios.probability[scenarios.stratum == h])) == 1


def test_calm_scenarios_are_few(eventful: Case) -> None:
    """Most scenarios are spent on disruptions, however improbable these are."""
    for event in eventful["events"]:
        event["hazard_per_year"] /= 10
    scenarios = drawn(eventful, 100)
    is_calm = np.all(scenarios.availability == 1, axis=(0, 2))
    assert is_calm.sum() == 1
    # exp(-2 years x (.3 + .1 + .2 + .05 + .3) / 10)
    assert scenarios.probability[is_calm].sum() == pytest.approx(exp(-0.19))


def test_normal_supply_below_need_keeps_calm_scenarios(eventful: Case) -> None:
    """If supply falls short without any event, calm scenarios matter too."""
    eventful["routes"][DEU]["share"] = 0.1
    assert np.bincount(drawn(eventful, 100).stratum)[0] > 10


def test_certain_event_keeps_scenarios_without_others(eventful: Case) -> None:
    """If an event is certain, scenarios with no other one are not calm."""
    del eventful["events"][0]["hazard_per_year"]
    eventful["events"][0] |= {"onset_date": "2026-01-01", "probability": 1.0}
    assert np.bincount(drawn(eventful, 100).stratum)[0] > 10


def test_certain_event_happens_in_every_scenario(eventful: Case) -> None:
    """A dated event of probability 1 is met in each scenario and takes no stratum.

    Of the four others the most important one splits strata 0 to 3 in two branches.
    """
    del eventful["events"][0]["hazard_per_year"]
    eventful["events"][0] |= {"onset_date": "2026-01-01", "probability": 1.0}
    scenarios = drawn(eventful, 40)
    assert np.all(scenarios.availability[CHN, :, 0] < 1)
    assert len(np.unique(scenarios.stratum)) == 8


def test_event_after_the_end_never_happens(tiny_case: Case) -> None:
    """A dated event after the horizon leaves all scenarios calm."""
    del tiny_case["events"][0]["hazard_per_year"]
    tiny_case["events"][0] |= {"onset_date": "2030-01-01", "probability": 0.9}
    assert np.all(drawn(tiny_case, 5).availability == 1)


def test_no_events_leave_only_the_markets(tiny_case: Case) -> None:
    """Without events every scenario is calm and equally probable."""
    tiny_case["events"] = []
    scenarios = drawn(tiny_case, 4)
    assert np.all(scenarios.availability == 1)
    assert scenarios.probability.tolist() == [0.25] * 4
    assert np.all(scenarios.price == 500_000)


def test_one_scenario_of_one_period(tiny_case: Case) -> None:
    """The smallest of all samples is one scenario with probability 1."""
    tiny_case["horizon"]["number_of_periods"] = 1
    scenarios = drawn(tiny_case, 1)
    assert scenarios.probability.tolist() == [1]
    assert scenarios.availability.shape == (2, 1, 1)


def equal_bytes(a: ScenarioSet, b: ScenarioSet) -> bool:
    """Tell whether two sets agree to the last bit."""
    return all(
        np.array_equal(getattr(a, field.name), getattr(b, field.name))
        for field in fields(ScenarioSet)
    )


def test_same_seed_gives_the_same_bytes(eventful: Case) -> None:
    """A seed determines the scenarios; another one gives others."""
    assert equal_bytes(drawn(eventful, 40), drawn(eventful, 40))
    assert not equal_bytes(drawn(eventful, 40), drawn(eventful, 40, seed=8))


def test_order_of_events_changes_nothing(eventful: Case) -> None:
    """Events listed the other way round give the same scenarios."""
    reordered = deepcopy(eventful)
    reordered["events"].reverse()
    assert equal_bytes(drawn(eventful, 40), drawn(reordered, 40))


def test_order_of_materials_and_products_changes_nothing(eventful: Case) -> None:
    """Materials, routes and products keep their own paths in any order."""
    reordered = deepcopy(eventful)
    for section in ("materials", "products", "routes"):
        reordered[section].reverse()
    first, second = drawn(eventful, 40), drawn(reordered, 40)
    assert np.array_equal(first.price, second.price[::-1])
    assert np.array_equal(first.demand, second.demand[::-1])
    assert np.array_equal(first.availability, second.availability[::-1])


def test_volatility_leaves_onsets_alone(eventful: Case) -> None:
    """Another price volatility changes the prices of that material and nothing else."""
    calmer = deepcopy(eventful)
    calmer["materials"][0]["price_volatility_per_year"] = 0.0
    first, second = drawn(eventful, 40), drawn(calmer, 40)
    assert np.array_equal(first.availability, second.availability)
    assert np.array_equal(first.demand, second.demand)
    assert np.array_equal(first.price[1], second.price[1])
    assert not np.array_equal(first.price[0], second.price[0])


def test_a_label_draws_the_same_beside_others() -> None:
    """A stream depends on the seed and its label alone."""
    alone = Streams(np.random.default_rng(3)).of("gallium").random(4)
    streams = Streams(np.random.default_rng(3))
    streams.of("germanium").random(7)
    assert streams.of("gallium").random(4).tolist() == alone.tolist()


def test_labels_draw_differently() -> None:
    """Two labels have two streams, even if one begins with the other."""
    streams = Streams(np.random.default_rng(3))
    labels = ("gallium", "gallium-2", "muillag", "")
    assert len({streams.of(label).random() for label in labels}) == len(labels)


def test_each_cell_has_one_uniform() -> None:
    """Five stratified uniforms lie in five different fifths."""
    uniforms = stratified_uniforms(5, np.random.default_rng(1))
    assert sorted((uniforms * 5).astype(int).tolist()) == [0, 1, 2, 3, 4]


def test_no_scenarios_need_no_uniforms() -> None:
    """Zero uniforms are an empty array."""
    assert stratified_uniforms(0, np.random.default_rng(1)).shape == (0,)
