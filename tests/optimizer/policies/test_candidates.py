"""The menu in numbers: 12 t a year are needed, so 60 days of cover are 1.971 t."""

import pytest

from models.reading import read_instance
from optimizer.policies.candidates import Menu, menu_of
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario

NEED_PER_DAY = 12 / 365.25
OFFER = cases.offer(
    maximum_lots=25,
    replenish_within_periods=2,
    draw_limit_per_month=0.5,
    access_alert=2,
)


def menus(case: Case) -> dict[str, Menu]:
    """Return the menus of all holdings."""
    instance = read_instance(case)
    scenarios = one_scenario(instance)
    held = holdings(instance, scenarios, observe(instance, scenarios))
    return {holding.name: menu_of(instance, holding) for holding in held}


def test_the_menu_is_every_combination(tiny_case: Case) -> None:
    """Two levels, one rule and two sourcing options make four candidates."""
    tiny_case["levels_days_of_cover"] = [30, 60]
    tiny_case["sourcing_options"].append(cases.sourcing("slow", 3))
    menu = menus(tiny_case)["pool:gallium"]
    assert [(c.level_days_of_cover, c.sourcing) for c in menu.candidates] == [
        (30, "in-place"),
        (30, "slow"),
        (60, "in-place"),
        (60, "slow"),
    ]
    targets = [30 * NEED_PER_DAY] * 2 + [60 * NEED_PER_DAY] * 2
    assert menu.policies.target == pytest.approx(targets)


def test_monthly_rates_are_shares_of_the_target_a_period(tiny_case: Case) -> None:
    """In quarters a rate of 20 % a month is 60 %, and never more than all."""
    tiny_case["horizon"]["period_days"] = 365.25 / 4
    tiny_case["rules"][0]["steps"][1]["draw_rate_per_month"] = 0.2
    policies = menus(tiny_case)["pool:gallium"].policies
    target = 60 * NEED_PER_DAY
    assert policies.draw[0] == pytest.approx([0, 0.6 * target, target, target])


def test_the_market_sets_the_pace_of_building_up(tiny_case: Case) -> None:
    """At 6 t a year only 0.5 t come a month: 1.971 t take four months, not two."""
    tiny_case["horizon"]["number_of_periods"] = 5
    tiny_case["materials"][0]["market_capacity_tonnes_per_year"] = 6.0
    tiny_case["sourcing_options"] = [cases.sourcing("fast", 2, start_period=1)]
    policies = menus(tiny_case)["pool:gallium"].policies
    assert policies.build_up == pytest.approx([0.5])
    assert (policies.build_start[0], policies.build_end[0]) == (1, 5)
    planned = [0, 0.5, 0.5, 0.5, 60 * NEED_PER_DAY - 1.5, 0]
    assert policies.planned(6)[0] == pytest.approx(planned)


@pytest.mark.parametrize(
    ("shelf_life_days", "periods"),
    # Expiry at the end of a month is of what would be too old a month later: in
    # months of 31 days, 62 days are two of them, and 365 days are eleven.
    [(62, 2), (365, 11), (20, 1)],
)
def test_a_target_is_rotated_within_its_shelf_life(
    tiny_case: Case, shelf_life_days: float, periods: int
) -> None:
    """Not sooner: what lasts longer than the horizon takes its whole life."""
    tiny_case["horizon"] = cases.horizon(4, period="month", start="2027-07-01")
    terms = {"shelf_life_days": shelf_life_days, "rotation_spread": 0.02}
    tiny_case["materials"][0] |= terms
    policies = menus(tiny_case)["pool:gallium"].policies
    assert (policies.target / policies.rotation).tolist() == pytest.approx([periods])


def test_what_is_not_there_by_the_end_is_no_candidate(tiny_case: Case) -> None:
    """A build-up of four months from month 2 needs five; with four it is left out."""
    tiny_case["sourcing_options"] = [cases.sourcing("slow", 4, start_period=1)]
    assert len(menus(tiny_case)["pool:gallium"].candidates) == 0
    tiny_case["horizon"]["number_of_periods"] = 5
    assert len(menus(tiny_case)["pool:gallium"].candidates) == 1


def test_what_can_never_be_bought_is_no_candidate(tiny_case: Case) -> None:
    """Where the market sells nothing only a stock in place is on the menu."""
    tiny_case["materials"][0]["market_capacity_tonnes_per_year"] = 0.0
    tiny_case["sourcing_options"].append(cases.sourcing("slow", 3))
    menu = menus(tiny_case)["pool:gallium"]
    assert [c.sourcing for c in menu.candidates] == ["in-place"]


def test_a_right_has_levels_up_to_its_largest_award(tiny_case: Case) -> None:
    """30 and 60 days are 9.86 and 19.7 lots of 0.1 t, so 10 and 20; then 25, not 90."""
    tiny_case["levels_days_of_cover"] = [30, 60, 90]
    tiny_case["entitlement_offers"] = [OFFER]
    menu = menus(tiny_case)["right:right"]
    days = [c.level_days_of_cover for c in menu.candidates]
    assert menu.policies.target == pytest.approx([1, 2, 2.5])
    assert days == pytest.approx(
        [1 / NEED_PER_DAY, 2 / NEED_PER_DAY, 2.5 / NEED_PER_DAY]
    )


def test_a_right_has_no_level_below_its_least_award(tiny_case: Case) -> None:
    """Ten lots are too few for an offer from eleven on."""
    tiny_case["levels_days_of_cover"] = [30, 60]
    tiny_case["entitlement_offers"] = [OFFER | {"minimum_lots": 11}]
    menu = menus(tiny_case)["right:right"]
    assert menu.policies.target == pytest.approx([2, 2.5])


def test_a_right_has_each_level_once(tiny_case: Case) -> None:
    """29 and 30 days are ten lots, 75 and 76 days are the largest award of 25."""
    tiny_case["levels_days_of_cover"] = [29, 30, 75, 76]
    tiny_case["entitlement_offers"] = [OFFER]
    menu = menus(tiny_case)["right:right"]
    assert menu.policies.target == pytest.approx([1, 2.5])


def test_a_right_follows_the_terms_of_its_offer(tiny_case: Case) -> None:
    """Half may go a month from alert 2 on; what went is back two calm months later."""
    tiny_case["entitlement_offers"] = [OFFER]
    policies = menus(tiny_case)["right:right"].policies
    # 60 days are 20 lots.
    half = 2.0 / 2
    assert policies.draw[0] == pytest.approx([0, 0, half, half])
    assert policies.coverage[0] == pytest.approx([0, 0, 1, 1])
    assert policies.replenish[0] == pytest.approx([half, 0, 0, 0])


@pytest.mark.parametrize("days", [7, 30.4375, 91.3125])
def test_a_right_is_replenished_in_its_periods(tiny_case: Case, days: float) -> None:
    """Within two periods means half the target a period, however long a period is."""
    tiny_case["horizon"]["period_days"] = days
    tiny_case["materials"][0]["market_capacity_tonnes_per_year"] = 4000.0
    tiny_case["entitlement_offers"] = [OFFER]
    policies = menus(tiny_case)["right:right"].policies
    assert policies.replenish[:, 0] == pytest.approx(policies.target / 2)


@pytest.mark.parametrize(("period", "sourcing"), [(3, {"now"}), (4, {"now", "slow"})])
def test_a_right_is_whole_before_its_repurchase(
    tiny_case: Case, period: int, sourcing: set[str]
) -> None:
    """Four months of buying serve a right that is taken over in month 4, not in 3."""
    tiny_case["horizon"]["number_of_periods"] = 6
    tiny_case["sourcing_options"] = [cases.sourcing("now"), cases.sourcing("slow", 4)]
    tiny_case["entitlement_offers"] = [OFFER | {"repurchase_period": period}]
    menu = menus(tiny_case)["right:right"]
    assert {c.sourcing for c in menu.candidates} == sourcing
