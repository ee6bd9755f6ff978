"""What changes between two plans that are written by hand."""

import pytest

from models.instance import Instance
from models.plan import Award, Plan, Sale
from models.reading import read_instance
from optimizer.plan_comparison.compare import plan_changes
from tests import cases
from tests.cases import Case
from tests.plans import in_place, level, steps, written_plan


@pytest.fixture
def instance(tiny_case: Case) -> Instance:
    """Return the tiny case with a contract and an offer."""
    tiny_case["contracts"] = [cases.contract(id="smelter")]
    tiny_case["entitlement_offers"] = [cases.offer()]
    return read_instance(tiny_case)


def award(tonnes: float) -> Award:
    """Return the right of the maker."""
    return Award(
        offer="right",
        participant="maker",
        material="gallium",
        lots=1,
        tonnes=tonnes,
        days_of_own_cover=1.0,
        inventory_price_usd_per_tonne=1.0,
        upfront_fee_usd=0.0,
        carrying_fee_usd_per_year=7.0 * tonnes,
    )


def with_rights(plan: Plan, *awards: Award) -> Plan:
    """Return a plan that awards rights."""
    return plan.model_copy(update={"awards": awards})


def test_tranches_of_one_rule_and_source_count_together(instance: Instance) -> None:
    """1 t + 2 t under one rule are 3 t as well; only a change of rule is listed."""
    before = written_plan(instance, in_place(1.0), in_place(2.0))
    after = written_plan(instance, in_place(3.0), in_place(0.5, rule="half"))
    (found,) = plan_changes(before, after).tranches
    assert (found.rule, found.before_tonnes, found.after_tonnes) == ("half", 0, 0.5)
    assert not found.is_resized


def test_sales_of_free_stock_are_compared(instance: Instance) -> None:
    """One that ends, as 0 t, and none where both plans sell nothing."""
    plan = written_plan(instance, in_place(1.0))
    sale = Sale(material="gallium", tonnes=3.0, tonnes_per_period=1.5, text="Sell.")
    selling = plan.levels[0].model_copy(update={"sale": sale})
    before = plan.model_copy(update={"levels": (selling,)})
    (found,) = plan_changes(before, plan).sales
    assert (found.before_tonnes, found.before_tonnes_per_period) == (3.0, 1.5)
    assert (found.after_tonnes, found.after_tonnes_per_period) == (0.0, 0.0)
    assert not plan_changes(plan, plan).sales


def test_steps_are_those_of_the_pool_together(instance: Instance) -> None:
    """Alert 0 releases nothing in both; from 1 on 3 t become 4 t a period."""
    before = written_plan(instance, in_place(1.0), in_place(2.0))
    after = written_plan(instance, in_place(1.0), in_place(3.0))
    found = plan_changes(before, after).steps
    assert [x.alert for x in found] == [1, 2, 3]
    assert {x.before.release_tonnes_per_period for x in found} == {3.0}
    assert {x.after.release_tonnes_per_period for x in found} == {4.0}
    assert {x.before.coverage for x in found} == {2.0}


def test_a_right_has_steps_of_its_own(instance: Instance) -> None:
    """Its tranche is not one of the pool."""
    right = {"offer": "right", "participant": "maker", "rule": "entitlement"}
    before = written_plan(instance, in_place(1.0))
    after = written_plan(
        instance, in_place(1.0), in_place(1.0, **right, steps=steps(0.25))
    )
    found = plan_changes(before, after)
    assert {x.offer for x in found.steps} == {"right"}
    assert [(x.offer, x.after_tonnes) for x in found.tranches] == [("right", 1.0)]


def test_rights_are_awarded_ended_and_resized(instance: Instance) -> None:
    """With their carrying fees."""
    plan = written_plan(instance)
    one, two = with_rights(plan, award(1.0)), with_rights(plan, award(2.0))
    for before, after, tonnes, is_resized in (
        (plan, one, (0.0, 1.0), False),
        (one, plan, (1.0, 0.0), False),
        (one, two, (1.0, 2.0), True),
    ):
        (found,) = plan_changes(before, after).rights
        assert (found.before_tonnes, found.after_tonnes) == tonnes
        assert found.after_fees_usd_per_year == 7.0 * tonnes[1]
        assert found.is_resized is is_resized


def test_contracts_are_signed_and_left(instance: Instance) -> None:
    """By their volume of a year."""
    plain, signed = written_plan(instance), written_plan(instance, signed=("smelter",))
    (found,) = plan_changes(plain, signed).contracts
    assert (found.before_tonnes_per_year, found.after_tonnes_per_year) == (0.0, 1.2)
    (left,) = plan_changes(signed, plain).contracts
    assert (left.before_tonnes_per_year, left.after_tonnes_per_year) == (1.2, 0.0)


def test_a_material_that_only_one_plan_knows_counts_as_nothing(
    instance: Instance,
) -> None:
    """Plans of different cases can be compared."""
    plan = written_plan(instance)
    helium = level("helium", tonnes=3.0, pool_tonnes=3.0, days_of_cover=9.0)
    after = plan.model_copy(update={"levels": (*plan.levels, helium)})
    (found,) = plan_changes(plan, after).levels
    assert (found.material, found.before_tonnes, found.after_tonnes) == (
        "helium",
        0.0,
        3.0,
    )
    (gone,) = plan_changes(after, plan).levels
    assert gone.change_tonnes == -3.0
