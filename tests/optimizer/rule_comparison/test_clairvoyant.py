"""The clairvoyant: below every rule, and the least of all releases tried one by one."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.plan import Tranche
from models.reading import read_instance
from optimizer.evaluation.decisions import nothing_held
from optimizer.rule_comparison.clairvoyant import clairvoyant_costs
from optimizer.rule_comparison.following import Behaviour, Followed, follow, triggered
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.optimizer.rule_comparison.held_at_random import held_at_random
from tests.plans import in_place

LAW = settings(max_examples=20, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


@LAW
@given(seed=SEEDS, shelf_life_days=st.sampled_from([None, 40.0, 100.0]))
def test_no_rule_beats_the_clairvoyant(
    seed: int, shelf_life_days: float | None
) -> None:
    """Neither a rule of the menu, nor a price trigger, nor the plan's tranches."""
    instance = random_case(seed)
    materials = tuple(
        x.model_copy(update={"shelf_life_days": shelf_life_days})
        for x in instance.materials
    )
    instance = instance.model_copy(update={"materials": materials})
    scenarios = random_scenarios(instance, seed)
    followed = follow(instance, scenarios, held_at_random(instance, scenarios, seed))
    bound = clairvoyant_costs(followed)
    on_price = triggered(followed, 1.2)
    others = followed.costs([*followed.by_rule, *([on_price] if on_price else [])])
    for cost in (*others, followed.happened.scenario_costs()):
        assert (bound <= cost + 1e-6 * cost.max() + 1e-6).all()


@pytest.mark.parametrize(
    ("tonnes", "steps", "outload", "cut"),
    [
        (1.0, 0.0, 1.0, [1, 0, 0, 1]),  # 1 t for two gaps of 0.8 t
        (1.0, 0.0, 0.3, [1, 0, 0, 0]),  # 0.3 t a month at most
        (0.5, 0.2, 1.0, [0, 1, 0, 0]),  # 0.2 t come back in the month without a cut
        (0.5, 0.2, 1.0, [1, 1, 0, 0]),  # what is full is not filled up further
    ],
)
def test_it_is_the_least_of_all_releases_in_tenths(
    tiny_case: Case,
    tonnes: float,
    steps: float,
    outload: float,
    cut: Sequence[float],
) -> None:
    """All figures are tenths of a tonne, so some best release is one in tenths."""
    tiny_case["storage_classes"][0]["outload_tonnes_per_day"] = outload * 12 / 365.25
    # Bought from China alone, so what comes back in a month is tenths or nothing.
    tiny_case["trade"] = {"ineligible_countries": ["DEU"]}
    tiny_case["horizon"]["discount_rate_per_year"] = 0.2
    instance = read_instance(tiny_case)
    tranche = _refilled(in_place(tonnes, outload_tonnes_per_period=outload), steps)
    scenario = one_scenario(instance, availability={"gallium-chn": cut})
    decisions = replace(nothing_held(instance), tranches=(tranche,))
    followed = follow(instance, scenario, decisions)
    tried = [_released(x) for x in _possible(tonnes, steps, outload, cut)]
    least = min(float(cost[0]) for cost in followed.costs(tried))
    assert clairvoyant_costs(followed)[0] == pytest.approx(least)


def test_holding_nothing_costs_what_is_lost_without_a_vault(tiny_case: Case) -> None:
    """100 of 1,000 wafers thrifted at $1,000 and 700 not made at $10,000, twice."""
    followed = _followed_with(tiny_case)
    assert clairvoyant_costs(followed)[0] == pytest.approx(2 * 7_100_000)


@pytest.mark.parametrize(
    ("china", "start", "periods", "helping"),
    [
        # Of 0.8 t bought in the cut of period 1 a fifth comes, for period 2.
        ((1, 0, 0, 1), 1, 1, 0.16),
        # What comes in period 1 is too late for it, and later nothing is missing.
        ((1, 0, 1, 1), 1, 1, 0.0),
        # 0.4 t come in period 0 and a fifth of as much in period 1.
        ((1, 0, 0, 1), 0, 2, 0.48),
    ],
)
def test_what_arrives_can_be_released_from_the_next_period_on(
    tiny_case: Case,
    china: Sequence[float],
    start: int,
    periods: int,
    helping: float,
) -> None:
    """A tonne that helps makes 1,000 wafers, and a wafer not made costs $10,000."""
    late = in_place(
        0.8,
        build_up_start_period=start,
        build_up_periods=periods,
        build_up_tonnes_per_period=0.8 / periods,
    )
    expected = china.count(0) * 7_100_000 - helping * 1_000 * 10_000
    found = clairvoyant_costs(_followed_with(tiny_case, late, china=china))
    assert found[0] == pytest.approx(expected)


def _followed_with(
    case: dict[str, Any], *tranches: Tranche, china: Sequence[float] = (1, 0, 0, 1)
) -> Followed:
    instance = read_instance(case)
    scenario = one_scenario(instance, availability={"gallium-chn": china})
    decisions = replace(nothing_held(instance), tranches=tranches)
    return follow(instance, scenario, decisions)


def _refilled(tranche: Tranche, tonnes: float) -> Tranche:
    steps = [
        step.model_copy(update={"replenishment_tonnes_per_period": tonnes})
        for step in tranche.steps
    ]
    return tranche.model_copy(update={"steps": tuple(steps)})


def _possible(
    tonnes: float, pace: float, outload: float, is_open: Sequence[float]
) -> list[tuple[float, ...]]:
    """Return all releases in tenths that the stock allows, refilled if that is open."""
    most = round(10 * min(tonnes, outload, 0.8))
    found: list[tuple[float, ...]] = []
    for tenths in product(range(most + 1), repeat=len(is_open)):
        stock = tonnes
        for x, share in zip(tenths, is_open, strict=True):
            stock -= x / 10
            if stock < -1e-9:
                break
            stock += share * min(pace, tonnes - stock)
        else:
            found.append(tuple(x / 10 for x in tenths))
    return found


def _released(tonnes: Sequence[float]) -> tuple[Behaviour, ...]:
    released = np.array([tonnes])
    return (Behaviour(released, np.zeros_like(released)),)
