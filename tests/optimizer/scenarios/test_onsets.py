"""Which events happen, and the law of their onsets."""

import datetime as dt
from itertools import product
from math import exp, prod

import numpy as np
import pytest

from models.disruption import Event
from models.horizon import Horizon
from optimizer.scenarios.onsets import draw_sets, onset_probability
from optimizer.scenarios.strata import Stratum
from tests import cases

START = dt.date(2026, 1, 1)
TWO_YEARS = Horizon(start=START, number_of_periods=24)
PROBABILITIES = np.array([0.5, 0.2, 0.1, 0.6])


def hazardous(hazard_per_year: float) -> Event:
    """Return an event with a hazard."""
    return event(hazard_per_year=hazard_per_year)


def dated(onset_date: dt.date) -> Event:
    """Return an event that happens on a date with probability 0.4."""
    return event(onset_date=onset_date, probability=0.4)


def event(**clock: object) -> Event:
    """Return a ban that comes by a clock."""
    phase = cases.phase(30, 90)
    return Event.model_validate(cases.event("ban", phase, **clock))


def drawn(stratum: Stratum, number_of_scenarios: int) -> np.ndarray:
    """Return sets of the four events with independent uniforms."""
    generator = np.random.default_rng(5)
    uniforms = generator.random((len(PROBABILITIES), number_of_scenarios))
    return draw_sets(PROBABILITIES, stratum, uniforms, generator.random())


def test_probability_of_a_hazard() -> None:
    """A hazard of 0.3 a year over two years is 1 - exp(-0.6)."""
    assert onset_probability(hazardous(0.3), TWO_YEARS) == pytest.approx(1 - exp(-0.6))


@pytest.mark.parametrize(
    ("onset_date", "probability"),
    [
        (dt.date(2025, 12, 1), 0.4),
        (dt.date(2027, 6, 1), 0.4),
        (dt.date(2028, 6, 1), 0.0),
    ],
)
def test_probability_of_a_dated_event(onset_date: dt.date, probability: float) -> None:
    """A dated event has its own probability, and none after the end."""
    assert onset_probability(dated(onset_date), TWO_YEARS) == probability


@pytest.mark.parametrize(("least", "most"), [(1, 1), (2, 2), (2, 4), (0, 3)])
def test_sets_follow_their_conditional_law(least: int, most: int) -> None:
    """Each set is drawn as often as its probability given the number of onsets."""
    number = 20_000
    happens = drawn(Stratum(least, most, 1.0), number)
    law = {
        chosen: prod(
            p if x else 1 - p for x, p in zip(chosen, PROBABILITIES, strict=True)
        )
        for chosen in product((False, True), repeat=4)
        if least <= sum(chosen) <= most
    }
    total = sum(law.values())
    seen = dict.fromkeys(law, 0)
    for chosen in happens.T.tolist():
        seen[tuple(chosen)] += 1
    # 4 standard errors of a share are at most 4 x sqrt(.25 / 20,000) = .014.
    for chosen, probability in law.items():
        assert seen[chosen] / number == pytest.approx(probability / total, abs=0.014)


def test_every_event_worth_a_scenario_is_met_alone() -> None:
    """A share q of the single onsets gets n q scenarios, up to rounding."""
    happens = drawn(Stratum(1, 1, 1.0), 10)
    odds = PROBABILITIES / (1 - PROBABILITIES)
    ideal = 10 * odds / odds.sum()
    assert np.all(np.abs(happens.sum(axis=1) - ideal) < 1)
    assert np.all(happens.sum(axis=0) == 1)
