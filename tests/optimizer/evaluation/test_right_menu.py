"""What rights are worth over a menu of quantities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.entitlement import EntitlementOffer
from models.instance import Instance
from models.participant_view import RightView
from models.reading import read_instance
from models.right_menu import RightMenu
from optimizer import UnknownParticipantError, participant_view, right_menus
from optimizer.evaluation.right_menu import NUMBER_OF_QUANTITIES, menu_of_lots
from tests import cases
from tests.cases import Case
from tests.plans import in_place, steps, written_plan

NUMBER, SEED = 40, 7
OFFER = cases.offer(id="maker-right", minimum_lots=1, maximum_lots=6)


def one_maker(case: Case, **terms: object) -> Instance:
    """Return the case with an offer of its one maker, whose class weighs double."""
    case["priority_classes"][0]["weight"] = 2.0
    case["horizon"]["discount_rate_per_year"] = 0.1
    case["entitlement_offers"] = [OFFER | terms]
    return read_instance(case)


def only_menu(instance: Instance, *lots: int, number: int = NUMBER) -> RightMenu:
    """Return the menu of the maker's one right."""
    found = right_menus(
        instance, "maker", number_of_scenarios=number, seed=SEED, lots=lots
    )
    (menu,) = found.rights
    return menu


def as_viewed(instance: Instance, tonnes: float, number: int) -> RightView:
    """Return the right as its holder sees it in a plan that holds nothing else."""
    bought_back = {"replenishment_tonnes_per_period": tonnes / 12}
    (calm, *alerts) = steps(tonnes)
    right = in_place(
        tonnes,
        offer="maker-right",
        participant="maker",
        steps=[calm | bought_back, *alerts],
    )
    plan = written_plan(instance, right)
    found = participant_view(
        instance, plan, "maker", number_of_scenarios=number, seed=SEED
    )
    return found.rights[0]


@pytest.mark.parametrize("number", [NUMBER, 300])
def test_a_quantity_is_worth_what_a_plan_of_it_alone_shows(
    tiny_case: Case, number: int
) -> None:
    """Value, fees and break-even, on the same scenarios in one part or in two."""
    instance = one_maker(tiny_case)
    menu = only_menu(instance, 2, 5, number=number)
    lot = menu.lot_tonnes
    for quantity in menu.quantities:
        view = as_viewed(instance, quantity.lots * lot, number)
        assert quantity.avoided_cost_usd > 0
        assert quantity.avoided_cost_usd == pytest.approx(view.avoided_cost_usd)
        assert quantity.avoided_cost_interval_usd == pytest.approx(
            view.avoided_cost_interval_usd
        )
        assert quantity.expected_fees_usd == pytest.approx(view.expected_fees_usd)
        assert quantity.break_even_probability == pytest.approx(
            view.break_even_probability
        )
        assert menu.gap_probability == pytest.approx(view.gap_probability)


def test_the_figures_of_a_menu_add_up(tiny_case: Case) -> None:
    """Remaining and avoided make up the cost; what lots add makes up the benefit."""
    menu = only_menu(one_maker(tiny_case))
    total = 0.0
    for quantity in menu.quantities:
        assert quantity.shortage_cost_usd + quantity.avoided_cost_usd == pytest.approx(
            menu.shortage_cost_usd
        )
        assert quantity.cvar_usd <= menu.cvar_usd
        total += quantity.added_lots * quantity.added_net_benefit_per_lot_usd
        assert quantity.net_benefit_usd == pytest.approx(total)
    best = max(menu.quantities, key=lambda x: x.net_benefit_usd)
    assert menu.best_lots == best.lots


def test_a_right_that_costs_more_than_it_avoids_is_best_left(tiny_case: Case) -> None:
    """Also if a gap is certain."""
    menu = only_menu(one_maker(tiny_case, upfront_fee_usd_per_tonne=1e9), 1, 2)
    assert menu.best_lots == 0
    assert all(x.net_benefit_usd < 0 for x in menu.quantities)
    assert all((x.break_even_probability or 0) > 1 for x in menu.quantities)


def test_a_quantity_that_cannot_be_bought_in_time_is_named(tiny_case: Case) -> None:
    """The market has 12 t a year for it, and the right ends after three months."""
    tiny_case["materials"][0]["market_capacity_tonnes_per_year"] = 12.0
    option = tiny_case["sourcing_options"][0]
    option["build_up_periods"] = 1
    instance = one_maker(tiny_case, repurchase_period=3)
    lot = instance.materials[0].lot_tonnes
    fitting, too_many = round(1 / lot), round(40 / lot)
    menu = only_menu(instance, too_many, fitting)
    assert [x.lots for x in menu.quantities] == [fitting]
    assert menu.quantities[0].available_from_period == 1
    assert menu.lots_not_available == (too_many,)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_right_comes_by_the_sourcing_with_which_most_is_drawn(
    tiny_case: Case, *, is_first: bool
) -> None:
    """Bought at the start, and not in the last month."""
    late = cases.sourcing("late", 1, start_period=3)
    options = tiny_case["sourcing_options"]
    tiny_case["sourcing_options"] = [*options, late] if is_first else [late, *options]
    menu = only_menu(one_maker(tiny_case), 1)
    assert [x.sourcing for x in menu.quantities] == [options[0]["id"]]


def test_nobody_learns_who_else_there_is(tiny_case: Case) -> None:
    """An unknown name is refused without the known ones."""
    with pytest.raises(UnknownParticipantError) as caught:
        right_menus(
            one_maker(tiny_case), "omega", number_of_scenarios=NUMBER, seed=SEED
        )
    assert "maker" not in str(caught.value)


def test_without_an_offer_there_is_nothing_to_value(tiny_case: Case) -> None:
    """The document is empty, not an error."""
    found = right_menus(
        read_instance(tiny_case), "maker", number_of_scenarios=NUMBER, seed=SEED
    )
    assert found.rights == ()


@given(least=st.integers(1, 400), more=st.integers(0, 400))
def test_a_menu_goes_from_the_least_to_the_largest(least: int, more: int) -> None:
    """At most eight quantities, in order, all allowed."""
    offer = EntitlementOffer.model_validate(
        OFFER | {"minimum_lots": least, "maximum_lots": least + more}
    )
    menu = menu_of_lots(offer)
    assert (menu[0], menu[-1]) == (least, least + more)
    assert menu == sorted(set(menu))
    assert len(menu) == min(more + 1, NUMBER_OF_QUANTITIES)


def test_offers_and_costs_of_others_change_nothing(tiny_case: Case) -> None:
    """The menu is the same to the letter, as long as no emergency purchase is shared.

    What can be bought in an emergency goes to whom it is worth most.
    """
    wafer = tiny_case["products"][0]
    tiny_case["participants"].append(
        {"id": "zeta", "name": "Zeta", "priority_class": "civil"}
    )
    tiny_case["products"].append(wafer | {"id": "chip", "participant": "zeta"})
    before = only_menu(one_maker(tiny_case), 1, 2)
    blocks = [x | {"cost_usd_per_unit": 23_457.0} for x in wafer["shortage_blocks"]]
    tiny_case["products"][1]["shortage_blocks"] = blocks
    case = one_maker(tiny_case).model_dump(mode="json")
    case["entitlement_offers"].append(OFFER | {"id": "other", "participant": "zeta"})
    assert only_menu(read_instance(case), 1, 2) == before


def test_a_right_takes_no_more_free_stock_than_there_is(tiny_case: Case) -> None:
    """Of 0.2 t it takes two lots; six are bought, a month later."""
    held, slow = cases.sourcing("held", is_held=True), cases.sourcing("slow", 1)
    tiny_case["sourcing_options"] = [held, slow]
    tiny_case["position"] = {"stock": [cases.stock_lot("pile", 0.2)]}
    menu = only_menu(one_maker(tiny_case), 2, 6)
    assert [x.sourcing for x in menu.quantities] == ["held", "slow"]
    tiny_case["sourcing_options"] = [held]
    assert only_menu(one_maker(tiny_case), 2, 6).lots_not_available == (6,)
