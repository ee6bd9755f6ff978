"""The synthetic case is valid at any size, the same for a seed, and worth a vault."""

import numpy as np

from optimizer.problem import first_stage_problem, recourse_of
from optimizer.scenarios import sample
from tests.benchmark.synthetic_case import synthetic_case


def test_sizes_are_those_asked_for() -> None:
    """Every participant makes something, every material is needed."""
    instance = synthetic_case(9, 6, 12, 24, seed=1)
    assert len(instance.materials) == 9
    assert len(instance.participants) == 6
    assert len(instance.products) == 12
    assert instance.horizon.number_of_periods == 24
    assert {p.participant for p in instance.products} == {
        o.id for o in instance.participants
    }
    assert all(x > 0 for x in instance.index.need_tonnes_per_day.values())


def test_a_product_needs_two_to_five_materials() -> None:
    """So materials are short together."""
    instance = synthetic_case(9, 6, 12, 24, seed=1)
    assert {len(p.bill_of_materials) for p in instance.products} <= {2, 3, 4, 5}


def test_a_seed_has_one_case() -> None:
    """Another seed has another one."""
    one, same, other = (synthetic_case(5, 3, 6, 12, seed=x) for x in (1, 1, 2))
    assert one.content_hash == same.content_hash
    assert one.content_hash != other.content_hash


def test_a_material_is_short_in_one_of_four_or_five_periods() -> None:
    """With 60 materials over 60 months: 0.22."""
    instance = synthetic_case(60, 50, 120, 60, seed=1)
    scenarios = sample(
        instance, number_of_scenarios=20, generator=np.random.default_rng(1)
    )
    short = len(recourse_of(first_stage_problem(instance, scenarios)).short_m)
    assert 0.17 < short / (20 * 60 * 60) < 0.28
