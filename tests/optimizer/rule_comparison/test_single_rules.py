"""The best single rules against all combinations, and with all pools alike."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.rule_comparison.following import follow
from optimizer.rule_comparison.single_rules import best_single_rules, mixed
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.optimizer.rule_comparison.held_at_random import held_at_random

LAW = settings(max_examples=8, deadline=None)


@LAW
@given(seed=st.integers(0, 2**32 - 1))
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
