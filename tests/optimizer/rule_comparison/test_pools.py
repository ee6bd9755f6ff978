"""Rules on pools: what the menu's own candidates do, and the best combination."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.evaluation.decisions import nothing_held
from optimizer.evaluation.replay import replay
from optimizer.policies.candidates import menu_of
from optimizer.policies.policy import Policies
from optimizer.policies.response import respond
from optimizer.policies.tranche import to_tranche
from optimizer.rule_comparison.following import follow
from optimizer.rule_comparison.pools import (
    fastest_replenishment,
    pools_of,
    rule_policies,
)
from optimizer.rule_comparison.single_rules import best_single_rules, mixed
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.optimizer.rule_comparison.held_at_random import held_at_random

LAW = settings(max_examples=12, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


@LAW
@given(seed=SEEDS, capacity=st.sampled_from([None, 12.0, 60.0]))
def test_whole_levels_act_as_candidates(seed: int, capacity: float | None) -> None:
    """With one candidate held whole each rule gives the candidate of that rule."""
    instance = random_case(seed)
    if capacity is not None:  # less may be bought back than the rule would
        changes = {"market_capacity_tonnes_per_year": capacity}
        few = tuple(x.model_copy(update=changes) for x in instance.materials)
        instance = instance.model_copy(update={"materials": few})
    scenarios = random_scenarios(instance, seed)
    holding = (
        replay(instance, scenarios, held_at_random(instance, scenarios, seed))
        .held[0]
        .holding
    )
    menu = menu_of(instance, holding)
    c = seed % len(menu.candidates)
    held = menu.candidates[c]
    one = to_tranche(instance, holding, held, menu.policies.select(np.array([c])))
    decisions = replace(nothing_held(instance), tranches=(one,))
    (pool,) = pools_of(instance, replay(instance, scenarios, decisions).held)
    found = respond(instance, holding, rule_policies(instance, pool, instance.rules))
    for j, rule in enumerate(instance.rules):
        same = [
            i
            for i, other in enumerate(menu.candidates)
            if (other.level_days_of_cover, other.sourcing, other.rule)
            == (held.level_days_of_cover, held.sourcing, rule.id)
        ]
        expected = respond(instance, holding, menu.policies.select(np.array(same)))
        assert found.released[j] == pytest.approx(expected.released[0])
        assert found.cash_flow[j] == pytest.approx(expected.cash_flow[0])


@LAW
@given(seed=SEEDS)
def test_no_rule_moves_a_level_or_what_is_planned_to_be_bought(seed: int) -> None:
    """Target, start and planned buying are those of the tranches; coverage is whole."""
    instance = random_case(seed)
    scenarios = random_scenarios(instance, seed)
    held = replay(instance, scenarios, held_at_random(instance, scenarios, seed)).held
    own = {x.holding.m: x.policies for x in held if x.holding.offer is None}
    pools = pools_of(instance, held)
    assert [pool.holding.m for pool in pools] == list(own)
    for pool in pools:
        site = (
            pool.holding.storage.outload_tonnes_per_day
            * instance.horizon.average_period_days
        )
        drawn = sum(
            x.policies.most_released(1.0).sum()
            for x in held
            if x.holding.offer is not None and x.holding.m == pool.holding.m
        )
        most = own[pool.holding.m].most_released(1.0).sum()
        assert most <= pool.outload <= max(site - drawn, most) * (1 + 1e-12)
        for j, rule in enumerate(instance.rules):
            under = rule_policies(instance, pool, (rule,))
            before = own[pool.holding.m]
            assert _sums(under) == pytest.approx(_sums(before))
            coverage = [step.coverage for step in rule.steps]
            assert under.coverage.sum(axis=0) == pytest.approx(coverage)
            assert under.outload.sum() == pytest.approx(pool.outload)
            fastest = fastest_replenishment(instance, pool, instance.rules)
            assert (under.replenish.max(axis=1) <= fastest * (1 + 1e-12)).all(), j


def _sums(policies: Policies) -> list[float]:
    planned = policies.planned(5).sum(axis=0).tolist()
    return [policies.target.sum(), policies.initial.sum(), *planned]


@settings(LAW, max_examples=8)
@given(seed=SEEDS)
def test_between_one_rule_for_all_and_the_best_combination(seed: int) -> None:
    """No dearer than the best rule for all; no change of the last pool is better."""
    instance = random_case(seed)
    scenarios = random_scenarios(instance, seed)
    decisions = held_at_random(instance, scenarios, seed)
    followed = follow(instance, scenarios, decisions)
    chosen = best_single_rules(instance, scenarios, decisions)
    number, rules = len(followed.pools), range(len(instance.rules))
    combinations = list(product(rules, repeat=number))
    costs = followed.costs([mixed(followed, x) for x in combinations])
    cost = {
        combination: float(scenarios.probability @ x)
        for combination, x in zip(combinations, costs, strict=True)
    }
    alike = min(cost[(j,) * number] for j in rules)
    tolerance = 1e-6 * alike + 1e-6
    assert min(cost.values()) <= cost[chosen] <= alike + tolerance
    last = min(cost[(*chosen[:-1], j)] for j in rules)
    assert cost[chosen] == pytest.approx(last, abs=tolerance)
