"""A promise beside the cost on fresh scenarios: when it is too rough, and where."""

import json

import pytest

from models.fresh_cost import FreshCost
from models.plan import Plan
from models.reading import read_instance
from tests.cases import Case
from tests.plans import empty_plan

FRESH = FreshCost(
    number_of_scenarios=400,
    seed=8,
    expected_shortage_cost_usd=142e6,
    confidence_interval_usd=(139e6, 145e6),
)


def promising(case: Case, promised_usd: float) -> Plan:
    """Return a plan with that promise and the cost on fresh scenarios."""
    plan = empty_plan(read_instance(case), usd=promised_usd)
    return plan.model_copy(update={"fresh": FRESH})


@pytest.mark.parametrize("promised_usd", [132e6, 139e6, 142e6, 152e6])
def test_a_promise_near_the_interval_is_fine(
    tiny_case: Case, promised_usd: float
) -> None:
    """Up to a twentieth of the cost beyond either end."""
    assert promising(tiny_case, promised_usd).rough_promise() is None


@pytest.mark.parametrize("promised_usd", [131e6, 155e6])
def test_a_promise_far_outside_is_warned_of(
    tiny_case: Case, promised_usd: float
) -> None:
    """With both costs, the interval and a number of scenarios to try."""
    found = promising(tiny_case, promised_usd).rough_promise()
    assert found is not None
    assert found == (
        f"20 planning scenarios are too few: the promise is {promised_usd / 1e6:.4g} "
        "million dollars, 400 fresh scenarios cost 142 (139 to 145); "
        "try --scenarios 200"
    )


def test_a_plan_of_before_keeps_its_hash(tiny_case: Case) -> None:
    """Without a fresh cost the document does not have the field at all."""
    plan = empty_plan(read_instance(tiny_case))
    assert "fresh" not in json.loads(plan.model_dump_json())
    assert plan.rough_promise() is None
    stated = promising(tiny_case, 1e6)
    assert Plan.model_validate_json(stated.model_dump_json()) == stated
    assert stated.content_hash != plan.content_hash


def test_a_plan_of_before_the_benefit_keeps_its_bytes() -> None:
    """What is not stated is not in the document, and is read as unknown."""
    text = FRESH.model_dump_json()
    assert "benefit" not in text
    assert FreshCost.model_validate_json(text) == FRESH
