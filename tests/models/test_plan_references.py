"""Whether a plan can be followed in a case."""

import pytest

from models.instance import Instance
from models.plan import FinancingPeriod, Plan
from models.plan_references import plan_mistakes
from models.reading import read_instance
from optimizer.evaluation.decisions import PlanMismatchError, decisions_of
from tests.cases import Case, contract
from tests.plans import empty_plan, financing_period, level, signed_contract


def plan_with(instance: Instance, **parts: object) -> Plan:
    """Return the plan that holds and draws nothing, but for some parts."""
    financing = tuple(_period(t, "loan") for t in range(4))
    return empty_plan(instance).model_copy(update={"financing": financing, **parts})


@pytest.fixture
def instance(tiny_case: Case) -> Instance:
    """Return the tiny case, read."""
    return read_instance(tiny_case)


def test_a_plan_can_be_followed_in_its_own_case(instance: Instance) -> None:
    """Nothing is missing."""
    assert plan_mistakes(plan_with(instance), instance) == ()


def test_a_material_that_is_not_there_is_named(instance: Instance) -> None:
    """The mistake names what is missing and the case."""
    plan = plan_with(instance, levels=(level("unobtainium"),))
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
    plan = plan_with(instance, contracts=(signed_contract(),))
    (mistake,) = plan_mistakes(plan, instance)
    assert mistake.path == "contracts[smelter]"


def test_a_plan_has_the_contracts_in_force(tiny_case: Case) -> None:
    """One that leaves a contract out is of another case."""
    signed = {"position": {"contracts": [{"contract": "offtake"}]}}
    case = read_instance(tiny_case | {"contracts": [contract()]} | signed)
    plan = plan_with(case, contracts=(signed_contract(contract="offtake"),))
    assert plan_mistakes(plan, case) == ()
    (mistake,) = plan_mistakes(plan_with(case), case)
    assert (mistake.path, mistake.value) == ("contracts[offtake]", "absent")
    with pytest.raises(PlanMismatchError, match=r"contracts\[offtake\]"):
        decisions_of(case, plan_with(case))


@pytest.mark.parametrize("number_of_periods", [3, 5])
def test_a_plan_for_another_horizon_does_not_fit(
    instance: Instance, tiny_case: Case, number_of_periods: int
) -> None:
    """Each period of the case needs its draws, and no other can have any."""
    tiny_case["horizon"]["number_of_periods"] = number_of_periods
    other = read_instance(tiny_case)
    (mistake,) = plan_mistakes(plan_with(instance), other)
    assert mistake.value == "4 periods"


def _period(t: int, facility: str) -> FinancingPeriod:
    nothing = {facility: 0.0}
    return financing_period(t, draws_usd=nothing, balances_usd=nothing)
