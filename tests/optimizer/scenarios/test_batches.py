"""Fresh scenarios in batches, and the interval that they give."""

import numpy as np
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.evaluation.decisions import nothing_held
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import confidence_interval, mean
from optimizer.scenarios import sample, sample_batches
from service.casefiles import load
from tests import cases
from tests.cases import smallest_case

REPLICATIONS = 200


@pytest.fixture(scope="module")
def magnets() -> Instance:
    """Return the shipped case of four rare earths."""
    return read_instance(load("magnets"))


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(1, [1]), (5, [3, 2]), (23, [3, 3, 3, 2, 2, 2, 2, 2, 2, 2]), (40, [4] * 10)],
)
def test_batches_hold_all(magnets: Instance, number: int, sizes: list[int]) -> None:
    """Ten at most, of two scenarios at least, as equal as can be; chances sum to 1."""
    drawn = sample_batches(
        magnets, number_of_scenarios=number, generator=np.random.default_rng(3)
    )
    assert np.bincount(drawn.batch).tolist() == sizes
    assert drawn.scenarios.number_of_scenarios == number
    assert drawn.scenarios.probability.sum() == pytest.approx(1)
    assert len(set(drawn.scenarios.names)) == number
    assert drawn.scenarios.price.shape[1] == number


def test_a_batch_is_a_sample_of_its_own(magnets: Instance) -> None:
    """The second of two batches is what its own generator draws."""
    generator = np.random.default_rng(3)
    drawn = sample_batches(magnets, number_of_scenarios=4, generator=generator)
    own = np.random.default_rng(3).spawn(2)[1]
    alone = sample(magnets, number_of_scenarios=2, generator=own)
    second = drawn.scenarios.select(drawn.batch == 1)
    np.testing.assert_array_equal(second.availability, alone.availability)
    np.testing.assert_array_equal(second.price, alone.price)
    np.testing.assert_allclose(second.probability, alone.probability / 2)


@pytest.fixture
def often_cut() -> Instance:
    """Return the smallest case under three events, from rare to frequent."""
    phases = [cases.phase(30 + 30 * i, 120, price_multiplier=2.0) for i in range(3)]
    events = [
        cases.event(f"cut-{i}", phases[i], hazard_per_year=0.3 + 0.4 * i)
        for i in range(3)
    ]
    return read_instance({**smallest_case(), "events": events})


@pytest.mark.thorough
def test_intervals_cover_at_their_level(often_cut: Instance) -> None:
    """Of 200 replications between 92 and 98 %.

    The truth is the mean of all of them: its standard error is a fourteenth of theirs.
    Quantiles of the normal distribution would cover in 91 %.
    """
    decisions = nothing_held(often_cut)
    means: list[float] = []
    intervals: list[tuple[float, float]] = []
    for seed in range(REPLICATIONS):
        drawn = sample_batches(
            often_cut, number_of_scenarios=100, generator=np.random.default_rng(seed)
        )
        costs = replay(often_cut, drawn.scenarios, decisions).scenario_costs()
        probability = drawn.scenarios.probability
        found = confidence_interval(costs, probability, drawn.batch)
        assert found is not None
        means.append(mean(costs, probability))
        intervals.append(found)
    truth = float(np.mean(means))
    share = np.mean([low <= truth <= high for low, high in intervals])
    assert 0.92 <= share <= 0.98
