"""Free stock in candidates: not paid for, old lots first, a part of every lot."""

from dataclasses import replace
from itertools import product
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from models.reading import read_instance
from optimizer.policies.candidates import Menu, menu_of
from optimizer.policies.holding import Holding, holdings
from optimizer.policies.market import observe
from optimizer.policies.response import respond
from optimizer.policies.simulator import simulate
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.one_scenario import one_scenario
from tests.optimizer.policies.fifo import NEW, Rule, World, follow
from tests.optimizer.policies.rule_strategies import (
    observables_of,
    policies_of,
    rules,
    worlds,
)

HELD = cases.sourcing("held", is_held=True)


def pool_of(case: Case, *lots: Case) -> tuple[Instance, Holding, Menu]:
    """Return the pool of a case with free stock, and its menu."""
    stock = {"position": {"stock": list(lots)}, "sourcing_options+": HELD}
    instance = read_instance(changed(case, stock))
    scenarios = one_scenario(instance)
    pool = holdings(instance, scenarios, observe(instance, scenarios))[0]
    return instance, pool, menu_of(instance, pool)


def test_held_candidates_are_in_place_and_not_paid_for(tiny_case: Case) -> None:
    """Beside those that are bought, of which all else is the same."""
    instance, pool, menu = pool_of(tiny_case, cases.stock_lot("a", 1.0))
    assert [x.sourcing for x in menu.candidates] == ["in-place", "held"]
    bought, held = respond(instance, pool, menu.policies).opening_flow.tolist()
    assert bought == pytest.approx(-500_000 * menu.policies.target[0])
    assert held == 0
    target = menu.policies.target.tolist()
    assert menu.policies.initial.tolist() == target
    assert pool.held(menu.policies).tolist() == [0, target[1]]
    assert pool.bought(menu.policies, 4).tolist() == [target[0], 0]


def test_without_free_stock_there_is_no_such_candidate(tiny_case: Case) -> None:
    """Nor where all of it has expired."""
    old = cases.stock_lot("old", 1.0, arrival="2020-01-01")
    tiny_case["materials"][0]["shelf_life_days"] = 365
    for lots in ((), (old,)):
        _, _, menu = pool_of(tiny_case, *lots)
        assert [x.sourcing for x in menu.candidates] == ["in-place"]


def test_stock_needs_no_route(tiny_case: Case) -> None:
    """Where the vault may buy from no country, what is held is not bought back."""
    tiny_case["trade"] = {"ineligible_countries": ["CHN", "DEU"]}
    tiny_case["rules"][0]["steps"][0]["replenishment_rate_per_month"] = 0.5
    _, pool, menu = pool_of(tiny_case, cases.stock_lot("a", 1.0))
    assert [x.sourcing for x in menu.candidates] == ["held"]
    assert pool.origin_cap == 1
    found = simulate(menu.policies, pool.observables)
    assert found.acquired.sum() == 0


def test_how_lots_are_cut_does_not_matter(tiny_case: Case) -> None:
    """One lot, or the same in four; older ones stay as many tonnes."""
    tiny_case["materials"][0]["shelf_life_days"] = 100
    days = {"2025-11-20": 1.0, "2025-11-22": 3.0}
    whole = [cases.stock_lot(d, tonnes, arrival=d) for d, tonnes in days.items()]
    cut = [
        cases.stock_lot(f"{d}-{i}", tonnes / 4, arrival=d)
        for i in range(4)
        for d, tonnes in days.items()
    ]
    policies = [pool_of(tiny_case, *lots)[2].policies for lots in (whole, cut)]
    # A quarter goes in period 0 and the rest in period 1; bought stock is no older.
    for found in (x.initial_expired for x in policies):
        assert found is not None
        assert found.tolist() == [[0, 0, 0, 0], [0.25, 1, 1, 1]]


@st.composite
def aged(draw: st.DrawFn) -> tuple[Rule, dict[int, float]]:
    """Draw a rule in place at the start, and parts of its stock by age in periods."""
    one = draw(rules().filter(lambda rule: rule.initial > 0))
    ages = draw(st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True))
    weights = [draw(st.floats(0.1, 1)) for _ in ages]
    total = sum(weights)
    return one, {a: x / total for a, x in zip(ages, weights, strict=True)}


@settings(max_examples=50, deadline=None)
@given(chosen=aged(), scenarios=worlds())
def test_aged_stock_matches_the_ledger(
    chosen: tuple[Rule, dict[int, float]], scenarios: list[World]
) -> None:
    """Each policy's lots leave by their own ages; a share of it does that share."""
    (one, parts), shelf = chosen, scenarios[0].shelf_periods
    periods = range(len(scenarios[0].gap))
    expired = [
        sum(x for age, x in parts.items() if shelf is not None and age + t + 1 >= shelf)
        for t in periods
    ]
    seen = observables_of(scenarios)
    both = replace(
        policies_of([one, one]),
        initial_expired=np.array([expired, [0.0] * len(expired)]),
    )
    found = simulate(both, seen)
    part = simulate(both.scaled(np.array([0.25, 0.25])), seen)
    lots = (cast("dict[float, float]", parts), NEW)
    for (w, scenario), (c, ages) in product(enumerate(scenarios), enumerate(lots)):
        expected = follow(one, scenario, ages=ages)
        for name in ("released", "acquired", "rotated", "repurchased", "on_hand"):
            tonnes = getattr(found, name)[c, w]
            assert tonnes == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-9)
            assert getattr(part, name)[c, w] == pytest.approx(
                0.25 * tonnes, rel=1e-9, abs=1e-9
            )
