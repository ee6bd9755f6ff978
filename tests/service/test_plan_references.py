"""Whether a plan can be followed in a case."""

from typing import Any

from models.instance import Instance
from models.plan import FinancingPeriod, Level, Plan, SignedContract
from models.reading import read_instance
from service.plan_references import unknown_references
from tests.service.fake_solver import plan_of


def test_a_plan_can_be_followed_in_its_own_case(instance: Instance) -> None:
    """Nothing is missing."""
    assert unknown_references(plan_of(instance), instance) == ()


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
    plan = plan_of(instance).model_copy(update={"levels": (level,)})
    (mistake,) = unknown_references(plan, instance)
    assert str(mistake) == (
        "levels[unobtainium].material: is 'unobtainium', "
        "expected one of the materials of case tiny"
    )


def test_a_name_is_reported_once(instance: Instance) -> None:
    """A facility that is missing in every period is one mistake."""
    plan = plan_of(instance).model_copy(
        update={"financing": tuple(_period(t, "bond") for t in range(4))}
    )
    (mistake,) = unknown_references(plan, instance)
    assert mistake.value == "bond"


def test_contracts_are_looked_up_too(instance: Instance) -> None:
    """A contract that the case does not offer cannot be signed."""
    signed = SignedContract(
        contract="smelter",
        material="gallium",
        volume_tonnes_per_year=1.0,
        expected_cost_usd=0.0,
    )
    plan = plan_of(instance).model_copy(update={"contracts": (signed,)})
    (mistake,) = unknown_references(plan, instance)
    assert mistake.path == "contracts[smelter]"


def test_a_plan_for_more_periods_does_not_fit(
    instance: Instance, tiny_case: dict[str, Any]
) -> None:
    """Draws after the end of the horizon cannot be made."""
    financing: tuple[FinancingPeriod, ...] = tuple(_period(t, "loan") for t in range(4))
    plan: Plan = plan_of(instance).model_copy(update={"financing": financing})
    tiny_case["horizon"]["number_of_periods"] = 3
    (mistake,) = unknown_references(plan, read_instance(tiny_case))
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
