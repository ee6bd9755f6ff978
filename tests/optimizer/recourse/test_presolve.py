"""What is settled before any program: laws on random cases."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.policies.market import observe
from optimizer.recourse.blocks import Recourse, find_blocks
from optimizer.recourse.presolve import presolve, uses_of
from optimizer.scenarios.scenario_set import Floats
from tests.optimizer.random_cases import random_case, random_scenarios

LAW = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


def blocks(seed: int) -> Recourse:
    """Return the blocks of a random case."""
    instance = random_case(seed, number_of_periods=2)
    scenarios = random_scenarios(instance, seed, number=2)
    return find_blocks(instance, scenarios, observe(instance, scenarios))


def pools(recourse: Recourse, seed: int) -> Floats:
    """Return pools that hold nothing, a part or more than enough."""
    total = np.zeros(len(recourse.short_m))
    np.add.at(total, recourse.gap_short, recourse.gap)
    share = np.random.default_rng(seed).choice([0.0, 0.3, 1.5], len(total))
    return total * share


@LAW
@given(seed=SEEDS)
def test_a_pool_with_enough_leaves_nothing_to_decide(seed: int) -> None:
    """All gaps of members are covered at once if the pool has what they miss."""
    recourse = blocks(seed)
    if recourse.number_of_gaps:
        pooled = pools(recourse, seed) * 5  # nothing, or 1.5 or 7.5 times the gaps
        is_enough = pooled > 0
        left = presolve(recourse, uses_of(recourse), recourse.gap, pooled)
        covered = is_enough[recourse.gap_short] & recourse.gap_may_draw
        assert (left.allocated[covered] == recourse.gap[covered]).all()
        assert not left.missing[covered].any()


@LAW
@given(seed=SEEDS)
def test_nothing_missing_gets_lost(seed: int) -> None:
    """What is settled and what is still missing make up every gap."""
    recourse = blocks(seed)
    if recourse.number_of_gaps:
        uses = uses_of(recourse)
        left = presolve(recourse, uses, recourse.gap, pools(recourse, seed))
        saved = np.bincount(
            recourse.coefficient_gap,
            weights=recourse.coefficient * left.shortage[recourse.coefficient_shortage],
            minlength=recourse.number_of_gaps,
        )
        found = left.missing + left.allocated + saved
        assert (found >= recourse.gap * (1 - 1e-9)).all()


@LAW
@given(seed=SEEDS)
def test_no_product_is_cut_by_more_than_its_blocks(seed: int) -> None:
    """Units certainly done without and those that may be are within each block."""
    recourse = blocks(seed)
    if recourse.number_of_gaps:
        uses = uses_of(recourse)
        left = presolve(recourse, uses, recourse.gap, pools(recourse, seed))
        limit = recourse.shortage_limit * (1 + 1e-9)
        assert (left.shortage >= 0).all()
        assert (left.room >= 0).all()
        assert (left.shortage + left.room <= limit).all()


@LAW
@given(seed=SEEDS)
def test_what_can_be_bought_for_nothing_is_not_done_without(seed: int) -> None:
    """No product needs to be cut where emergency purchases are free and unlimited."""
    found = blocks(seed)
    if found.number_of_gaps:
        recourse = replace(
            found,
            emergency_cost=np.zeros_like(found.emergency_cost),
            emergency_limit=np.full_like(found.emergency_limit, np.inf),
        )
        none = np.zeros(len(recourse.short_m))
        left = presolve(recourse, uses_of(recourse), recourse.gap, none)
        assert not left.room[recourse.shortage_cost > 0].any()
        assert not left.shortage.any()
