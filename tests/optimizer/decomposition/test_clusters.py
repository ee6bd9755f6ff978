"""Materials that are short together and share a product make a set, by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instance import Instance
from models.reading import read_instance
from optimizer.decomposition.clusters import (
    ALIKE,
    MaterialSet,
    MaterialSets,
    choose_clusters,
    material_sets,
)
from optimizer.policies.market import observe
from optimizer.recourse.blocks import Recourse, find_blocks
from optimizer.scenarios.scenario_set import ScenarioSet
from tests.laws.tiny_cases import LAW, PERIODS, SEEDS, tiny_case
from tests.optimizer.one_scenario import one_scenario
from tests.optimizer.vault_case import changed

A, B, C = 0, 1, 2


def three_materials() -> dict[str, Any]:
    """Return a case in which a lamp needs m0 and m1, and a wire m2."""
    seed = next(s for s in range(100) if len(tiny_case(s)["materials"]) == 3)
    case = tiny_case(seed)
    lamp, wire = case["products"][:2]
    lamp["bill_of_materials"] = [_part("m0"), _part("m1")]
    wire["bill_of_materials"] = [_part("m2")]
    return changed(case, {"products": [lamp, wire]})


def _part(m: str) -> dict[str, object]:
    return {"material": m, "quantity_per_unit": 0.01}


def cut_off(instance: Instance) -> ScenarioSet:
    """Return m0 short in all periods, m1 in the first two and m2 in the last two."""
    series = {"m0": [0.0, 0.0, 0.0], "m1": [0.0, 0.0, 1.0], "m2": [1.0, 0.0, 0.0]}
    assert PERIODS == 3
    return one_scenario(
        instance,
        availability={r.id: series[r.material] for r in instance.routes},
    )


@pytest.fixture
def recourse() -> Recourse:
    """Return the blocks of the case."""
    instance = read_instance(three_materials())
    scenarios = cut_off(instance)
    return find_blocks(instance, scenarios, observe(instance, scenarios))


def by_place(recourse: Recourse, values: list[Any]) -> dict[tuple[int, int], Any]:
    """Return what there is for each short material, by (m, t)."""
    places = zip(recourse.short_m.tolist(), recourse.short_t.tolist(), strict=True)
    return dict(zip(places, values, strict=True))


def test_sets_are_connected_by_products(recourse: Recourse) -> None:
    """m0 and m1 are one set while both are short; m2 is never with them."""
    found = material_sets(recourse)
    of_short: list[int] = found.set_of_short.tolist()
    sets = [found.sets[i] for i in of_short]
    both = frozenset({A, B})
    assert by_place(recourse, sets) == {
        (A, 0): both,
        (B, 0): both,
        (A, 1): both,
        (B, 1): both,
        (A, 2): frozenset({A}),
        (C, 1): frozenset({C}),
        (C, 2): frozenset({C}),
    }
    assert set(found.sets) == {both, frozenset({A}), frozenset({C})}


def test_a_weight_is_the_sum_over_blocks(recourse: Recourse) -> None:
    """A dollar at each of m0 and m1 in two periods is four dollars of their set."""
    weights = material_sets(recourse).weights(np.ones(len(recourse.short_m)))
    assert weights == {
        frozenset({A, B}): 4.0,
        frozenset({A}): 1.0,
        frozenset({C}): 2.0,
    }


def test_sets_without_a_cluster_share_the_rest(recourse: Recourse) -> None:
    """Only the set of m0 and m1 is named; all else is cluster 1."""
    found = material_sets(recourse)
    clusters = found.clusters({frozenset({A, B}): 0}, 1)
    number = {frozenset({A, B}): 0, frozenset({A}): 1, frozenset({C}): 1}
    expected = [number[found.sets[i]] for i in found.set_of_short.tolist()]
    assert clusters.tolist() == expected


def test_nothing_short_has_no_set() -> None:
    """There is nothing to connect."""
    instance = read_instance(three_materials())
    calm = one_scenario(instance)
    found = material_sets(find_blocks(instance, calm, observe(instance, calm)))
    assert found.sets == ()
    assert found.weights(np.zeros(0)) == {}


def test_the_weightiest_of_sets_without_likeness_get_a_cluster() -> None:
    """Weights of all blocks are summed; the lightest set joins the first."""
    parts = [
        {frozenset({A}): 3.0, frozenset({B}): 4.0},
        {frozenset({A}): 3.0, frozenset({C}): 5.0},
    ]
    a, b, c = frozenset({A}), frozenset({B}), frozenset({C})
    assert choose_clusters(parts, 2) == {a: 0, c: 1, b: 0}
    assert choose_clusters(parts, 9) == {a: 0, c: 1, b: 2}


def test_a_set_goes_to_the_one_that_it_is_most_like() -> None:
    """Of four materials three are those of one set, and one is that of the other."""
    large, small, other = frozenset(range(4)), frozenset(range(3)), frozenset({3})
    found = choose_clusters([{small: 5.0, other: 4.0, large: 1.0}], 2)
    assert found == {small: 0, other: 1, large: 0}


def test_no_cluster_is_added_where_all_sets_are_alike() -> None:
    """What weighs a hundredth need not be like any other."""
    heavy, light = frozenset({A, B}), frozenset({C})
    assert choose_clusters([{heavy: 99.0, light: 1.0}], 9) == {heavy: 0, light: 0}


@LAW
@given(seed=SEEDS, most=st.integers(1, 12))
def test_typical_sets_are_chosen_as_if_all_were_tried(seed: int, most: int) -> None:
    """The queue only saves work: each choice is the best of all that are left."""
    weights = drawn_weights(np.random.default_rng(seed))
    found = choose_clusters([weights], most)
    typical: list[MaterialSet] = []
    for _ in range(max(found.values()) + 1):
        # The best is the typical set of its own cluster, which is the next number.
        gains = {x: likeness([*typical, x], weights) for x in weights}
        chosen = [x for x, k in found.items() if k == len(typical) and x not in typical]
        assert max(gains[x] for x in chosen) == pytest.approx(max(gains.values()))
        typical.append(max(chosen, key=lambda x: gains[x]))
    assert len(typical) <= most
    assert len(typical) == most or likeness(typical, weights) >= ALIKE - 1e-6
    for x, k in found.items():
        assert like(x, typical[k]) == pytest.approx(max(like(x, y) for y in typical))


def drawn_weights(draw: np.random.Generator) -> dict[MaterialSet, float]:
    """Return up to 20 sets of up to 6 materials, no two of the same weight."""
    sets = [
        frozenset(np.flatnonzero(row).tolist()) for row in draw.random((20, 6)) < 0.4
    ]
    return {x: float(draw.random()) for x in sets if x}


def likeness(typical: list[MaterialSet], weights: dict[MaterialSet, float]) -> float:
    """Return how like all sets are to the typical ones, each to its nearest."""
    best = {x: max(like(x, y) for y in typical) for x in weights}
    return sum(w * best[x] for x, w in weights.items()) / sum(weights.values())


def like(one: MaterialSet, other: MaterialSet) -> float:
    """Return the part of the materials of two sets that both have."""
    return len(one & other) / len(one | other)


def test_ties_are_broken_by_the_materials() -> None:
    """Clusters do not depend on the order of blocks or of sets."""
    sets = [frozenset({A}), frozenset({B}), frozenset({A, C}), frozenset({B, C})]
    expected = choose_clusters([dict.fromkeys(sets, 1.0)], 4)
    assert sorted(expected.values()) == [0, 1, 2, 3]
    for order in (sets[::-1], [sets[2], *sets[:2], sets[3]]):
        assert choose_clusters([dict.fromkeys(order, 1.0)], 4) == expected
        assert choose_clusters([{x: 1.0} for x in order], 4) == expected


def test_no_set_means_no_cluster() -> None:
    """Also where there is no part that is short."""
    assert choose_clusters([], 3) == {}
    none = MaterialSets((), np.zeros(0, dtype=np.int64))
    assert none.clusters({}, 0).tolist() == []
