"""Documents lose nothing on the way, and one seed has one answer."""

import pytest
from hypothesis import given, settings

from models.content import canonical_json
from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer import solve
from service.casefiles import load, shipped_names
from tests import cases
from tests.laws.tiny_cases import LAW, PERIODS, SEEDS, solved, tiny_case
from tests.optimizer.random_cases import random_case


def assert_unchanged(instance: Instance) -> None:
    """Write a case as JSON, read it back, and compare content and hash."""
    read_back = Instance.model_validate_json(instance.model_dump_json())
    assert read_back == instance
    assert read_back.content_hash == instance.content_hash


@settings(LAW, max_examples=30)
@given(seed=SEEDS)
def test_a_case_written_and_read_is_the_same_case(seed: int) -> None:
    """Instance -> JSON -> Instance is the identity."""
    assert_unchanged(random_case(seed))


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_case_written_and_read_is_the_same_case(name: str) -> None:
    """Also with sources, sets of countries, replays and published losses."""
    assert_unchanged(read_instance(load(name)))


@LAW
@given(seed=SEEDS)
def test_a_plan_written_and_read_is_the_same_plan(seed: int) -> None:
    """Plan -> JSON -> Plan is the identity."""
    plan = solved(tiny_case(seed), seed)
    read_back = Plan.model_validate_json(plan.model_dump_json())
    assert read_back == plan
    assert read_back.content_hash == plan.content_hash


@LAW
@given(seed=SEEDS)
def test_one_seed_has_one_plan(seed: int) -> None:
    """Sampled, solved and written twice, a plan is the same to the byte."""
    case = tiny_case(seed)
    phase = cases.phase(20, 30.0 * PERIODS, availability=0.1)
    hazard = {"materials": ["m0", "m1"], "hazard_per_year": 2.0}
    case["events"] = [cases.event("ban", phase, **hazard)]
    case["options"] |= {"number_of_scenarios": 3, "seed": seed % 1000}
    instance = read_instance(case)
    one, other = solve(instance).plan, solve(instance).plan
    assert one is not None
    assert other is not None
    assert canonical_json(one) == canonical_json(other)
