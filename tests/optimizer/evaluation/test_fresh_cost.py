"""The quick evaluation beside a promise: that of `evaluate`, if there is time."""

from collections.abc import Iterator

import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.deadline import Deadline
from optimizer.evaluation.evaluate import evaluate
from optimizer.evaluation.fresh_cost import NUMBER_OF_SCENARIOS, fresh_cost
from optimizer.solve import solve
from tests.cases import Case


@pytest.fixture
def instance(tiny_case: Case) -> Instance:
    """Return the smallest case on few scenarios."""
    tiny_case["options"] = {"number_of_scenarios": 5}
    return read_instance(tiny_case)


@pytest.fixture
def plan(instance: Instance) -> Plan:
    """Return its plan."""
    found = solve(instance).plan
    assert found is not None
    return found


def test_a_plan_states_its_cost_on_fresh_scenarios(
    instance: Instance, plan: Plan
) -> None:
    """The same as `evaluate` with that number and seed, and as another solve."""
    fresh = plan.fresh
    assert fresh is not None
    assert fresh.number_of_scenarios == NUMBER_OF_SCENARIOS
    assert fresh.seed == instance.options.seed + 1
    found = evaluate(
        instance, plan, number_of_scenarios=NUMBER_OF_SCENARIOS, seed=fresh.seed
    )
    assert found.confidence_interval_usd == fresh.confidence_interval_usd
    assert found.expected_shortage_cost_usd == fresh.expected_shortage_cost_usd
    again = solve(instance).plan
    assert again is not None
    assert again.model_dump_json() == plan.model_dump_json()


def ticking(seconds: float) -> Iterator[float]:
    """Yield the times of a clock that advances by `seconds` at each read."""
    now = 0.0
    while True:
        yield now
        now += seconds


@pytest.mark.parametrize(("ends_at", "is_found"), [(100.0, True), (4.0, False)])
def test_it_ends_before_the_deadline(
    instance: Instance, plan: Plan, ends_at: float, *, is_found: bool
) -> None:
    """Where the scenarios that are left would take too long it is given up."""
    clock = ticking(1.0)
    deadline = Deadline(ends_at, lambda: next(clock))
    assert (fresh_cost(instance, plan, deadline=deadline) is not None) == is_found


def test_an_interruption_leaves_it_out(instance: Instance, plan: Plan) -> None:
    """Nothing is simulated for someone who does not want to wait."""
    assert (
        fresh_cost(instance, plan, deadline=Deadline(is_interrupted=lambda: True))
        is None
    )


def test_too_few_scenarios_have_no_interval(instance: Instance, plan: Plan) -> None:
    """Two make one batch only."""
    with pytest.raises(ValueError, match="expected at least 4"):
        fresh_cost(instance, plan, number_of_scenarios=2)
