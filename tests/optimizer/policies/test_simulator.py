"""The vectorised simulator against a ledger kept lot by lot, and by hand arithmetic."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.policies.simulator import Trajectories, simulate
from tests.optimizer.policies.fifo import Ledger, Rule, World, follow
from tests.optimizer.policies.rule_strategies import (
    observables_of,
    policies_of,
    rules,
    worlds,
)

SOME_RULES = st.lists(rules(), min_size=1, max_size=3)
LAW = settings(max_examples=50, deadline=None)


def run(chosen: list[Rule], scenarios: list[World]) -> Trajectories:
    """Simulate all rules in all scenarios."""
    return simulate(policies_of(chosen), observables_of(scenarios))


def rule(**changes: Any) -> Rule:  # noqa: ANN401 - any field of it
    """Return 10 t in place, of which all may go at once and come back at once."""
    terms: dict[str, Any] = {
        "target": 10.0,
        "draw": [10.0] * 4,
        "coverage": [1.0] * 4,
        "floor": [0.0] * 4,
        "replenish": [10.0] * 4,
        "price_cap": [math.inf] * 4,
        "outload": 1000.0,
        "build_up": 0.0,
        "rotation": 0.0,
        "build_start": 0,
        "build_end": 0,
        "build_cap": math.inf,
        "initial": 10.0,
        "sourcing": 0,
    }
    return Rule(**(terms | changes))


def world(gap: list[float], **changes: Any) -> World:  # noqa: ANN401 - any field of it
    """Return a scenario at alert 3 with an open route and an unmoved price."""
    terms: dict[str, Any] = {
        "release_alert": [3] * len(gap),
        "alert": [3] * len(gap),
        "price_ratio": [1.0] * len(gap),
        "open_share": [[1.0] * len(gap)],
        "shelf_periods": None,
        "repurchase_period": None,
    }
    return World(gap=gap, **(terms | changes))


@LAW
@given(chosen=SOME_RULES, scenarios=worlds())
def test_policies_match_the_ledger(chosen: list[Rule], scenarios: list[World]) -> None:
    """Each trajectory is that of the rule followed by hand, lot by lot."""
    found = run(chosen, scenarios)
    for c, one in enumerate(chosen):
        for w, scenario in enumerate(scenarios):
            expected = follow(one, scenario)
            for name in ("released", "acquired", "rotated", "repurchased", "on_hand"):
                assert getattr(found, name)[c, w] == pytest.approx(
                    getattr(expected, name), rel=1e-9, abs=1e-9
                ), name


@LAW
@given(chosen=SOME_RULES, scenarios=worlds())
def test_material_is_conserved(chosen: list[Rule], scenarios: list[World]) -> None:
    """Initial + acquired - released - expired - repurchased is on hand, never < 0."""
    found = run(chosen, scenarios)
    ledgers: list[list[Ledger]] = [[follow(x, w) for w in scenarios] for x in chosen]
    expired = np.array([[ledger.expired for ledger in row] for row in ledgers])
    initial = np.array([x.initial for x in chosen])[:, None, None]
    change = found.acquired - found.released - expired - found.repurchased
    assert initial + np.cumsum(change, axis=2) == pytest.approx(found.on_hand, abs=1e-9)
    assert found.on_hand.min() >= -1e-12


@LAW
@given(chosen=SOME_RULES, scenarios=worlds())
def test_each_limit_of_a_rule_holds(chosen: list[Rule], scenarios: list[World]) -> None:
    """Releases stay within gap and outload, the stock within its target."""
    found = run(chosen, scenarios)
    gap = np.array([x.gap for x in scenarios])
    outload = np.array([x.outload for x in chosen])[:, None, None]
    target = np.array([x.target for x in chosen])[:, None, None]
    for tonnes in (found.released, found.acquired, found.repurchased):
        assert tonnes.min() >= 0
    assert (found.released <= np.minimum(gap, outload)).all()
    assert (found.on_hand <= target * (1 + 1e-12)).all()


@pytest.mark.parametrize(
    ("changes", "released"),
    [
        ({}, 8.0),
        ({"draw": [9.0, 9.0, 9.0, 3.0]}, 3.0),
        ({"coverage": [1.0, 1.0, 1.0, 0.5]}, 4.0),
        ({"floor": [0.0, 0.0, 0.0, 6.0]}, 4.0),
        ({"outload": 2.0}, 2.0),
        ({"floor": [0.0, 0.0, 0.0, 12.0]}, 0.0),
    ],
)
def test_the_smallest_limit_decides(changes: dict[str, Any], released: float) -> None:
    """A gap of 8 t is met as far as draw, coverage, floor and outload allow."""
    found = run([rule(**changes)], [world([8.0])])
    assert found.released[0, 0] == pytest.approx([released])


def test_what_arrives_can_be_released_in_the_next_period() -> None:
    """Stock built up from period 1 on, 4 t a period, helps from period 2 on."""
    one = rule(initial=0.0, build_up=4.0, build_start=1, build_end=4, replenish=[0] * 4)
    found = run([one], [world([5.0, 5.0, 5.0, 0.0, 0.0])])
    # Bought 4, 4, 4 in periods 1 to 3; 4 of them released in period 2, none later.
    assert found.released[0, 0] == pytest.approx([0, 0, 4, 0, 0])
    assert found.acquired[0, 0] == pytest.approx([0, 4, 4, 4, 0])
    assert found.on_hand[0, 0] == pytest.approx([0, 4, 4, 8, 8])


def test_a_closed_route_delivers_nothing() -> None:
    """Planned tonnes of a period in which the route is half open come by half."""
    one = rule(initial=0.0, build_up=4.0, build_end=3)
    scenario = world([0.0] * 3, open_share=[[0.0, 0.5, 1.0]])
    assert run([one], [scenario]).acquired[0, 0] == pytest.approx([0, 2, 4])


def test_planned_buying_waits_while_the_price_is_above_its_cap() -> None:
    """At twice the usual price a cap of 1.5 stops the build-up; at 1.2 it goes on."""
    one = rule(initial=0.0, build_up=4.0, build_end=3, build_cap=1.5, replenish=[0] * 4)
    scenario = world([0.0] * 3, price_ratio=[1.0, 2.0, 1.2])
    assert run([one], [scenario]).acquired[0, 0] == pytest.approx([4, 0, 4])


@pytest.mark.parametrize(("ratio", "bought"), [(1.5, 10.0), (1.5001, 0.0)])
def test_a_price_cap_stops_buying_back(ratio: float, bought: float) -> None:
    """At 1.5 times the undisrupted price the cap of 1.5 still allows to buy."""
    one = rule(price_cap=[1.5] * 4)
    scenario = world([10.0], price_ratio=[ratio])
    assert run([one], [scenario]).acquired[0, 0] == pytest.approx([bought])


def test_stock_expires_at_the_end_of_its_shelf_life() -> None:
    """Of 10 t with two periods to live and 3 t released, 7 t expire."""
    one = rule(replenish=[0.0] * 4)
    found = run([one], [world([3.0, 0.0, 9.0], shelf_periods=2)])
    assert found.on_hand[0, 0] == pytest.approx([7, 0, 0])
    assert found.released[0, 0] == pytest.approx([3, 0, 0])


def test_the_beneficiary_takes_what_is_left() -> None:
    """In the repurchase period all goes to the beneficiary; buying ends."""
    found = run([rule()], [world([4.0, 4.0, 4.0], repurchase_period=1)])
    assert found.repurchased[0, 0] == pytest.approx([0, 6, 0])
    assert found.acquired[0, 0] == pytest.approx([4, 0, 0])
    assert found.on_hand[0, 0] == pytest.approx([10, 0, 0])


def test_a_repurchased_stock_with_a_shelf_life_stays_empty() -> None:
    """Long after the repurchase there is nothing left that could expire."""
    scenario = world([0.0] * 5, repurchase_period=0, shelf_periods=1)
    assert run([rule()], [scenario]).on_hand[0, 0] == pytest.approx([0] * 5)


def test_lots_are_swapped_before_they_expire() -> None:
    """Of 12 t with a shelf life of 4 periods 3 t are swapped in each: none expires."""
    calm = world([0.0] * 12, shelf_periods=4, alert=[0] * 12, release_alert=[0] * 12)
    kept = rule(target=12.0, initial=12.0, rotation=3.0, replenish=[0.0] * 4)
    found = run([kept], [calm])
    assert found.rotated[0, 0].tolist() == [3.0] * 12
    assert found.on_hand[0, 0].tolist() == [12.0] * 12


def test_what_a_shut_route_cannot_replace_expires() -> None:
    """With routes shut in periods 1 and 2 the 6 t not swapped expire in period 3."""
    open_share = [[1.0, 0.0, 0.0, 1.0, 1.0]]
    shut = world([0.0] * 5, shelf_periods=4, open_share=open_share)
    kept = rule(target=12.0, initial=12.0, rotation=3.0, replenish=[0.0] * 4)
    found = run([kept], [shut])
    assert found.rotated[0, 0].tolist() == [3.0, 0.0, 0.0, 3.0, 3.0]
    assert found.on_hand[0, 0].tolist() == [12.0, 12.0, 12.0, 6.0, 6.0]
