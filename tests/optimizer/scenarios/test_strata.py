"""Strata by the number of onsets and how many scenarios each gets."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.scenarios.strata import Stratum, allocate, calm_covers_need, onset_strata
from tests.cases import Case

CHN = 0
THREE = np.array([0.5, 0.2, 0.1])


def test_probabilities_of_strata_by_hand() -> None:
    """Three events give the Poisson-binomial probabilities worked out by hand."""
    # 0: .5 x .8 x .9 = .36; 3: .5 x .2 x .1 = .01;
    # 1: .5 x .8 x .9 + .5 x .2 x .9 + .5 x .8 x .1 = .36 + .09 + .04 = .49;
    # 2: .5 x .2 x .9 + .5 x .8 x .1 + .5 x .2 x .1 = .09 + .04 + .01 = .14.
    strata = onset_strata(THREE, 100)
    assert [(x.least, x.most) for x in strata] == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert [x.probability for x in strata] == pytest.approx([0.36, 0.49, 0.14, 0.01])


def test_more_than_three_onsets_are_one_stratum() -> None:
    """With six events the last stratum is three to six onsets."""
    last = onset_strata(np.full(6, 0.3), 100)[-1]
    assert (last.least, last.most) == (3, 6)


@pytest.mark.parametrize(
    ("number_of_scenarios", "ranges"),
    [
        (1, [(0, 3)]),
        # .01 joins .14; then .15 joins its less probable neighbour .49.
        (2, [(0, 0), (1, 3)]),
        (3, [(0, 0), (1, 1), (2, 3)]),
    ],
)
def test_joined_strata(number_of_scenarios: int, ranges: list[tuple[int, int]]) -> None:
    """There are never more strata than scenarios, and none is lost."""
    strata = onset_strata(THREE, number_of_scenarios)
    assert [(x.least, x.most) for x in strata] == ranges
    assert sum(x.probability for x in strata) == pytest.approx(1)


def test_next_to_impossible_stratum_joins_its_neighbour() -> None:
    """Two onsets of one in a thousand each are not worth one of ten scenarios."""
    # Both: 1e-6, below a hundredth of the average weight 0.1.
    strata = onset_strata(np.array([0.001, 0.001]), 10)
    assert [(x.least, x.most) for x in strata] == [(0, 0), (1, 2)]


def test_without_events_there_is_one_stratum() -> None:
    """Nothing that can happen leaves one stratum of probability 1."""
    assert onset_strata(np.array([]), 5) == [Stratum(0, 0, 1.0)]


def test_calm_gets_one_in_a_hundred_if_it_is_safe() -> None:
    """Calm scenarios are few if supply then covers every need."""
    strata = [Stratum(0, 0, 0.75), Stratum(1, 1, 0.16), Stratum(2, 4, 0.09)]
    # 200 x 1 % = 2; of the other 198, 1 each and 196 as sqrt .16 : sqrt .09 = 4 : 3.
    assert allocate(strata, 200, is_calm_safe=True) == [2, 113, 85]


def test_calm_counts_like_others_if_it_is_not_safe() -> None:
    """If supply falls short without onset, calm has its share by the square root."""
    strata = [Stratum(0, 0, 0.64), Stratum(1, 3, 0.36)]
    # 1 each, and the other 98 as .8 : .6 = 56 : 42.
    assert allocate(strata, 100, is_calm_safe=False) == [57, 43]


@pytest.mark.parametrize("number_of_scenarios", [4, 5, 7, 20, 101])
def test_every_stratum_has_a_scenario(number_of_scenarios: int) -> None:
    """The numbers are at least 1 and make exactly what was asked for."""
    strata = onset_strata(np.full(5, 0.4), number_of_scenarios)
    numbers = allocate(strata, number_of_scenarios, is_calm_safe=True)
    assert min(numbers) >= 1
    assert sum(numbers) == number_of_scenarios


def test_calm_alone_has_all_scenarios() -> None:
    """If nothing can happen, all scenarios are calm ones."""
    assert allocate([Stratum(0, 0, 1.0)], 6, is_calm_safe=True) == [6]


@pytest.mark.parametrize(
    ("tonnes_per_year", "growth_per_year", "is_safe"),
    [
        # Need 12 t a year, of which DEU has 0.2: CHN has to deliver 9.6 t.
        (9.6, 0.0, True),
        (9.5, 0.0, False),
        # Four months of 33.1 % a year make the need 12 x 1.1 = 13.2 t; DEU has 0.2.
        (10.56, 0.331, True),
        (10.5, 0.331, False),
        (9.6, -0.5, True),
    ],
)
def test_calm_is_safe_if_supply_keeps_up_with_need(
    tiny_case: Case, tonnes_per_year: float, growth_per_year: float, *, is_safe: bool
) -> None:
    """Normal supply in tonnes must cover the need of the last day."""
    del tiny_case["routes"][CHN]["share"]
    tiny_case["routes"][CHN]["tonnes_per_year"] = tonnes_per_year
    tiny_case["products"][0]["growth_per_year"] = growth_per_year
    assert calm_covers_need(read_instance(tiny_case)) is is_safe
