"""Scenarios of a case like those of another: only what the figures change differs."""

from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instance import Instance
from models.reading import read_instance
from models.sensitivity import Assumption
from optimizer.assumptions import SCALED, changed
from optimizer.scenarios import ScenarioSet, sample
from tests.cases import Case
from tests.optimizer.scenarios.test_sampling import equal_bytes
from tests.optimizer.scenarios.test_sampling_laws import LAW, event_lists

CHN = 0


def drawn(
    instance: Instance, like: Instance | None, number: int = 30, seed: int = 7
) -> ScenarioSet:
    """Sample a case like another."""
    return sample(
        instance,
        number_of_scenarios=number,
        generator=np.random.default_rng(seed),
        like=like,
    )


def lost(scenarios: ScenarioSet) -> float:
    """Return the mean share of flow that is lost on the routes of China."""
    mean = 1 - scenarios.availability[CHN].mean(axis=1)
    return float(scenarios.probability @ mean)


def test_a_case_is_like_itself(eventful: Case) -> None:
    """Unchanged chances keep everything to the last bit."""
    case = read_instance(eventful)
    assert equal_bytes(drawn(case, None), drawn(case, case))
    same = changed(case, {Assumption.HAZARDS: 1.0})
    assert equal_bytes(drawn(case, None), drawn(same, case))


@pytest.mark.parametrize(
    "assumption", [x for x in SCALED if x is not Assumption.HAZARDS]
)
def test_other_figures_keep_onsets_and_probabilities(
    eventful: Case, assumption: Assumption
) -> None:
    """What is cut first, and how probable that is, depends on chances alone."""
    case = read_instance(eventful)
    before, after = drawn(case, None), drawn(changed(case, {assumption: 1.2}), case)
    assert np.array_equal(before.probability, after.probability)
    first = [(x.availability < 1).argmax(axis=2) for x in (before, after)]
    assert np.array_equal(*first)


@LAW
@given(events=event_lists(), number=st.integers(1, 25), factor=st.floats(0.0, 2.0))
def test_probabilities_sum_to_one(
    tiny_case: Case, events: list[dict[str, Any]], number: int, factor: float
) -> None:
    """Also where chances have reached 0 or 1."""
    case = read_instance(tiny_case | {"events": events})
    probability = drawn(
        changed(case, {Assumption.HAZARDS: factor}), case, number
    ).probability
    assert probability.min() >= 0
    assert abs(probability.sum() - 1) < 1e-9


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.2, 2.0])
def test_means_are_those_of_the_changed_chances(eventful: Case, factor: float) -> None:
    """Twelve scenarios are right on average over seeds, against the integral."""
    eventful["events"] = eventful["events"][1:4]
    case = read_instance(eventful)
    other = changed(case, {Assumption.HAZARDS: factor})
    found = np.array([lost(drawn(other, case, 12, seed)) for seed in range(120)])
    # Open on day s with exp(-h s), h = (.1 + .2) factor; the mean over two years.
    h = 0.3 * factor
    exact = 1 - (1 - exp(-2 * h)) / (2 * h)
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean() - exact) < 4 * error
    assert error < 0.05 * exact


@LAW
@given(
    hazard=st.floats(0.01, 3),
    factors=st.lists(st.floats(0.1, 2), min_size=2, max_size=2),
    number=st.integers(2, 12),
)
def test_lower_hazards_of_an_event_never_cut_more(
    tiny_case: Case, hazard: float, factors: list[float], number: int
) -> None:
    """It is less probable and comes later: a lasting cut can only lose less."""
    phase = {"duration_days_low": 4000, "duration_days_high": 4000}
    event = tiny_case["events"][0]
    event |= {"hazard_per_year": hazard, "phases": [event["phases"][0] | phase]}
    case = read_instance(tiny_case)
    low, high = (
        lost(drawn(changed(case, {Assumption.HAZARDS: x}), case, number))
        for x in sorted(factors)
    )
    assert low <= high + 1e-12


def test_what_was_certain_is_drawn_anew(eventful: Case) -> None:
    """No scenario of the other case is without a certain event."""
    del eventful["events"][0]["hazard_per_year"]
    eventful["events"][0] |= {"onset_date": "2026-02-01", "probability": 1.0}
    case = read_instance(eventful)
    other = changed(case, {Assumption.HAZARDS: 0.8})
    assert equal_bytes(drawn(other, case), drawn(other, None))
