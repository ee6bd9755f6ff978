"""Whether a plan can be followed in a case."""

from typing import Any

import pytest

from models.instance import Instance
from models.plan import FinancingPeriod, Level, Plan, SignedContract
from models.plan_references import plan_mistakes
from models.reading import read_instance
from tests.service.fake_solver import plan_of


def plan_with(instance: Instance, **parts: object) -> Plan:
    """Return the plan that holds and draws nothing, but for some parts."""
    financing = tuple(_period(t, "loan") for t in range(4))
    return plan_of(instance).model_copy(update={"financing": financing, **parts})


@pytest.fixture
def instance(tiny_case: dict[str, Any]) -> Instance:
    """Return the tiny case, read."""
    return read_instance(tiny_case)


def test_a_plan_can_be_followed_in_its_own_case(instance: Instance) -> None:
    """Nothing is missing."""
    assert plan_mistakes(plan_with(instance), instance) == ()


def test_a_material_that_is_not_there_is_named(instance: Instance) -> None:
    """The mistake says what is missing, and from which case."""
    level = Level(
        material="unobtainium",
        name="Unobtainium",
        tonnes=0.0,
        pool_tonnes=0.0,
        lots=0,
        days_of_cover=0.0,
        cost_usd=0.0,
    )
    plan = plan_with(instance, levels=(level,))
    (mistake,) = plan_mistakes(plan, instance)
    assert str(mistake) == (
        "levels[unobtainium].material: is 'unobtainium', "
        "expected one of the materials of case tiny"
    )


def test_a_name_is_reported_once(instance: Instance) -> None:
    """A facility that is missing in every period is one mistake."""
    financing = tuple(_period(t, "bond") for t in range(4))
    plan = plan_with(instance, financing=financing)
    (mistake,) = plan_mistakes(plan, instance)
    assert mistake.value == "bond"


def test_contracts_are_looked_up_too(instance: Instance) -> None:
    """A contract that the case does not offer cannot be signed."""
    signed = SignedContract(
        contract="smelter",
        material="gallium",
        volume_tonnes_per_year=1.0,
        expected_cost_usd=0.0,
    )
    plan = plan_with(instance, contracts=(signed,))
    (mistake,) = plan_mistakes(plan, instance)
    assert mistake.path == "contracts[smelter]"


@pytest.mark.parametrize("number_of_periods", [3, 5])
def test_a_plan_for_another_horizon_does_not_fit(
    instance: Instance, tiny_case: dict[str, Any], number_of_periods: int
) -> None:
    """Each period of the case needs its draws, and no other can have any."""
    tiny_case["horizon"]["number_of_periods"] = number_of_periods
    other = read_instance(tiny_case)
    (mistake,) = plan_mistakes(plan_with(instance), other)
    assert mistake.value == "4 periods"


def _period(t: int, facility: str) -> FinancingPeriod:
    return FinancingPeriod(
        period=t,
        draws_usd={facility: 0.0},
        balances_usd={facility: 0.0},
        interest_and_fees_usd=0.0,
        expected_cash_usd=0.0,
        lowest_cash_usd=0.0,
    )
