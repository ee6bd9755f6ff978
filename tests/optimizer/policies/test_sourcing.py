"""What a sourcing option buys and pays, by hand arithmetic."""

from typing import Any

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.policies.market import observe
from optimizer.policies.sourcing import Purchase, landed_price, purchases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario

FLOOR = {"material": "gallium", "stage": "metal", "floor_usd_per_tonne": 400_000.0}


def options_of(case: dict[str, Any], **series: Any) -> list[Purchase]:  # noqa: ANN401 - any series
    """Return the purchases of gallium in one scenario."""
    instance = read_instance(case)
    scenarios = one_scenario(instance, **series)
    market = observe(instance, scenarios)
    return purchases(instance, scenarios, market, instance.materials[0])


def priced(case: dict[str, Any], route: int, price: float) -> float:
    """Return what a tonne costs over a route at a price."""
    instance = read_instance(case)
    landed = landed_price(instance, instance.routes[route], np.array([price]))
    return float(landed[0])


@pytest.fixture
def zone_case(tiny_case: Case) -> dict[str, Any]:
    """Return a zone of Germany alone, a floor of $400,000 and a duty of 25 %."""
    tiny_case["trade"] = {
        "zone_countries": ["DEU"],
        "price_floors": [FLOOR],
        "border_adjustment_rate": 0.25,
    }
    return tiny_case


@pytest.mark.parametrize(
    ("price", "inside", "outside"),
    [
        # Inside max(price, floor); outside 25 % of the price on top of that.
        (300_000, 400_000, 475_000),
        (400_000, 400_000, 500_000),
        (500_000, 500_000, 625_000),
    ],
)
def test_floor_and_border_adjustment(
    zone_case: dict[str, Any], price: float, inside: float, outside: float
) -> None:
    """Trade in the zone pays the floor at least; from outside the duty comes on top."""
    assert priced(zone_case, 1, price) == pytest.approx(inside)
    assert priced(zone_case, 0, price) == pytest.approx(outside)


def test_a_route_is_in_the_zone_only_as_a_whole(zone_case: dict[str, Any]) -> None:
    """Mined in Germany and refined in China pays the duty."""
    zone_case["routes"][1]["refining_country"] = "CHN"
    assert priced(zone_case, 1, 500_000) == pytest.approx(625_000)


def test_a_floor_of_another_stage_does_not_count(zone_case: dict[str, Any]) -> None:
    """Germany sells oxide, whose floor is not that of the metal."""
    zone_case["routes"][1]["purchase_stage"] = "oxide"
    assert priced(zone_case, 1, 300_000) == pytest.approx(300_000)


def test_yield_and_fee_come_after_the_price(tiny_case: Case) -> None:
    """At a yield of 80 % and a fee of $1,000 a tonne at $500,000 costs $626,000."""
    tiny_case["routes"][0] |= {"conversion_yield": 0.8, "fee_usd_per_tonne": 1000.0}
    assert priced(tiny_case, 0, 500_000) == pytest.approx(626_000)


def test_the_duty_is_on_the_price_alone(zone_case: dict[str, Any]) -> None:
    """500,000 / 80 % + 1,000 = 626,000, and from outside 25 % of 500,000 on top."""
    for route in zone_case["routes"]:
        route |= {"conversion_yield": 0.8, "fee_usd_per_tonne": 1000.0}
    assert priced(zone_case, 1, 500_000) == pytest.approx(626_000)
    assert priced(zone_case, 0, 500_000) == pytest.approx(751_000)


@pytest.mark.parametrize(
    ("price", "inside", "outside"),
    [
        # The oxide's floor is 400,000 / 80 % + 1,000 = 501,000 a tonne of metal; above
        # it oxide costs as much as the metal. Duty: 25 % of the metal's price.
        (400_000, 501_000, 601_000),
        (501_000, 501_000, 626_250),
        (600_000, 600_000, 750_000),
    ],
)
def test_an_earlier_stage_costs_as_much_as_the_traded_form(
    zone_case: dict[str, Any], price: float, inside: float, outside: float
) -> None:
    """Oxide for a tonne of metal costs as much as the metal, or its own floor."""
    zone_case["trade"]["price_floors"] = [FLOOR | {"stage": "oxide"}]
    for route in zone_case["routes"]:
        route |= {
            "purchase_stage": "oxide",
            "conversion_yield": 0.8,
            "fee_usd_per_tonne": 1000.0,
        }
    assert priced(zone_case, 1, price) == pytest.approx(inside)
    assert priced(zone_case, 0, price) == pytest.approx(outside)


def test_delivery_and_price_follow_the_open_routes(zone_case: dict[str, Any]) -> None:
    """With China at half, 0.4 + 0.2 of a purchase come, at the mix of their prices."""
    (bought,) = options_of(zone_case, availability={"gallium-chn": [1, 0.5, 0, 1]})
    assert bought.open_share[0] == pytest.approx([1, 0.6, 0.2, 1])
    # (0.4 x 625,000 + 0.2 x 500,000) / 0.6 = 583,333; Germany alone 500,000.
    assert bought.unit_cost[0] == pytest.approx([600_000, 350_000 / 0.6, 500_000, 6e5])
    assert bought.opening_unit_cost == pytest.approx(600_000)
    assert bought.origins == pytest.approx({"CHN": 0.8, "DEU": 0.2})


def test_nothing_is_paid_where_nothing_comes(tiny_case: Case) -> None:
    """With all routes closed the option delivers nothing and has no price."""
    closed = {"gallium-chn": [0] * 4, "gallium-deu": [0] * 4}
    (bought,) = options_of(tiny_case, availability=closed)
    assert bought.open_share.max() == 0
    assert bought.unit_cost.max() == 0


def test_routes_through_ineligible_countries_are_not_used(tiny_case: Case) -> None:
    """Without China all is bought in Germany, also while China is cut."""
    tiny_case["trade"] = {"ineligible_countries": ["CHN"]}
    (bought,) = options_of(tiny_case, availability={"gallium-chn": [0] * 4})
    assert bought.open_share[0] == pytest.approx([1, 1, 1, 1])
    assert bought.origins == {"DEU": 1.0}


def test_a_zone_option_needs_a_route_in_the_zone(tiny_case: Case) -> None:
    """Without zone countries the zone option buys nothing, with Germany it does."""
    option = tiny_case["sourcing_options"][0] | {"id": "zone", "origins": "zone"}
    tiny_case["sourcing_options"].append(option)
    plain, zone = options_of(tiny_case)
    assert (plain.option.id, zone.option.id) == ("in-place", "zone")
    assert plain.open_share.min() == 1
    assert zone.open_share.max() == 0
    tiny_case["trade"] = {"zone_countries": ["DEU"]}
    _, zone = options_of(tiny_case)
    assert zone.open_share.min() == 1


def test_routes_in_tonnes_weigh_as_their_share_of_the_need(tiny_case: Case) -> None:
    """3 t a year of a need of 12 t weigh as a share of 25 %, against China's 75 %."""
    tiny_case["routes"][0]["share"] = 0.75
    del tiny_case["routes"][1]["share"]
    tiny_case["routes"][1]["tonnes_per_year"] = 3.0
    (bought,) = options_of(tiny_case)
    assert bought.origins == pytest.approx({"CHN": 0.75, "DEU": 0.25})


@pytest.fixture
def limited_case(tiny_case: Case) -> dict[str, Any]:
    """Return a need of 12 t a year, with 6 t from China and 2 t from Germany to buy."""
    for route, tonnes in zip(tiny_case["routes"], (6.0, 2.0), strict=True):
        route["vault_tonnes_per_year"] = tonnes
    return tiny_case


def test_a_purchase_follows_what_routes_have(limited_case: dict[str, Any]) -> None:
    """Three quarters come from China, and all of it is at most 8 t a year."""
    (bought,) = options_of(limited_case)
    assert bought.routes == pytest.approx({0: 0.75, 1: 0.25})
    assert bought.tonnes_per_year == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("origins", "routes", "tonnes"),
    [
        ("any", {0: 0.75, 1: 0.25}, 8.0),
        (["CHN"], {0: 1.0}, 6.0),
        (["DEU", "CHN"], {0: 0.75, 1: 0.25}, 8.0),
        ("recycling", {1: 1.0}, 2.0),
    ],
)
def test_an_option_buys_from_its_origins(
    limited_case: dict[str, Any],
    origins: object,
    routes: dict[int, float],
    tonnes: float,
) -> None:
    """Listed countries are those of refining; recycling is a kind of route."""
    limited_case["routes"][1]["kind"] = "recycling"
    limited_case["sourcing_options"][0]["origins"] = origins
    (bought,) = options_of(limited_case)
    assert bought.routes == pytest.approx(routes)
    assert bought.tonnes_per_year == pytest.approx(tonnes)


def test_tonnes_of_an_ineligible_country_are_gone(limited_case: dict[str, Any]) -> None:
    """Without China 2 t a year are left, and not 8 t over the other route."""
    limited_case["trade"] = {"ineligible_countries": ["CHN"]}
    (bought,) = options_of(limited_case)
    assert bought.tonnes_per_year == pytest.approx(2.0)


def test_a_cap_spreads_out_what_no_mix_could_keep(limited_case: Case) -> None:
    """Not three quarters but three fifths are Chinese: 2 t from Germany carry 5 t."""
    limited_case["materials"][0]["origin_share_cap"] = 0.6
    (bought,) = options_of(limited_case)
    assert bought.origins == pytest.approx({"CHN": 0.6, "DEU": 0.4})
    assert bought.tonnes_per_year == pytest.approx(5.0)


def test_a_cap_leaves_what_a_mix_can_keep(limited_case: Case) -> None:
    """Who may buy in Germany alone as well mixes the two."""
    limited_case["materials"][0]["origin_share_cap"] = 0.6
    germany = limited_case["sourcing_options"][0] | {"id": "deu", "origins": ["DEU"]}
    limited_case["sourcing_options"].append(germany)
    bought, german = options_of(limited_case)
    assert bought.origins == pytest.approx({"CHN": 0.75, "DEU": 0.25})
    assert german.origins == {"DEU": 1.0}


def test_a_competing_buyer_takes_its_part_of_each_route(
    limited_case: dict[str, Any],
) -> None:
    """Of 4 t China loses 3 and Germany 1; another buyer takes 2 t more in Germany."""
    ally: Case = {
        "id": "ally",
        "name": "Ally",
        "material": "gallium",
        "tonnes_per_year": 4.0,
    }
    limited_case["competing_buyers"] = [ally]
    (bought,) = options_of(limited_case)
    assert bought.tonnes_per_year == pytest.approx(4.0)
    assert bought.routes == pytest.approx({0: 0.75, 1: 0.25})
    german = {**ally, "id": "smelter", "tonnes_per_year": 2.0, "countries": ["DEU"]}
    limited_case["competing_buyers"].append(german)
    (bought,) = options_of(limited_case)
    assert bought.routes == pytest.approx({0: 1.0})
    assert bought.tonnes_per_year == pytest.approx(3.0)


def test_participants_take_spare_capacity_first(limited_case: dict[str, Any]) -> None:
    """Half of China is missing; Germany's spare goes to the participants.

    Germany normally delivers 0.2 t a month and can deliver 0.5 t. Its spare 0.3 t do
    not cover the 0.4 t that China withholds, so nothing of them is left for the vault:
    of its 0.4 t a month, 0.1 t are beyond the spare capacity.
    """
    limited_case["routes"][1] |= {"capacity_factor": 2.5, "vault_tonnes_per_year": 4.8}
    (bought,) = options_of(limited_case, availability={"gallium-chn": [1, 0.5, 1, 1]})
    china, germany = 6.0 / 10.8, 4.8 / 10.8
    assert bought.open_share[0, 0] == pytest.approx(1)
    assert bought.open_share[0, 1] == pytest.approx(china * 0.5 + germany * 0.25)


def test_what_participants_do_not_need_is_left(limited_case: dict[str, Any]) -> None:
    """A tenth of China is missing: 0.08 t of Germany's spare 0.3 t, so 22 of 30."""
    limited_case["routes"][1] |= {"capacity_factor": 2.5, "vault_tonnes_per_year": 3.6}
    (bought,) = options_of(limited_case, availability={"gallium-chn": [1, 0.9, 1, 1]})
    china, germany = 6.0 / 9.6, 3.6 / 9.6
    expected = china * 0.9 + germany * 22 / 30
    assert bought.open_share[0, 1] == pytest.approx(expected)


def test_a_closed_route_sells_to_who_pays_its_cost(tiny_case: Case) -> None:
    """Germany costs $600,000 a tonne at a price of $500,000.

    Who pays the market price gets nothing from there; who pays the cost pays 100,000 on
    top for the German fifth: 500,000 + 0.2 x 100,000.
    """
    tiny_case["routes"][1]["operating_cost_usd_per_tonne"] = 600e3
    pays = {"id": "pays", "name": "Pays", "pays_operating_cost": True}
    tiny_case["sourcing_options"].append(tiny_case["sourcing_options"][0] | pays)
    market, held = options_of(tiny_case, availability={"gallium-chn": [1, 1, 0, 1]})
    assert market.routes == {0: 1.0}
    assert market.open_share[0] == pytest.approx([1, 1, 0, 1])
    assert held.routes == pytest.approx({0: 0.8, 1: 0.2})
    assert held.open_share[0] == pytest.approx([1, 1, 0.2, 1])
    assert held.unit_cost[0] == pytest.approx([520e3, 520e3, 600e3, 520e3])
    assert held.opening_unit_cost == pytest.approx(520e3)


def test_a_route_that_closes_for_a_time_is_like_one_that_is_cut(
    tiny_case: Case,
) -> None:
    """Germany earns its cost in the last two of four months."""
    prices = [450e3, 550e3, 650e3, 700e3]
    tiny_case["materials"][0]["price_path_usd_per_tonne"] = prices
    tiny_case["routes"][1]["operating_cost_usd_per_tonne"] = 600e3
    (bought,) = options_of(tiny_case)
    assert bought.routes == pytest.approx({0: 0.8, 1: 0.2})
    assert bought.open_share[0] == pytest.approx([0.8, 0.8, 1, 1])


def test_a_competing_buyer_takes_nothing_from_closed_routes(tiny_case: Case) -> None:
    """All of the 1.2 t that it takes a year come off China's 2.4 t."""
    for route, tonnes in zip(tiny_case["routes"], (2.4, 1.2), strict=True):
        route["vault_tonnes_per_year"] = tonnes
    tiny_case["routes"][1]["operating_cost_usd_per_tonne"] = 600e3
    ally = {"id": "ally", "name": "Ally", "material": "gallium"}
    tiny_case["competing_buyers"] = [ally | {"tonnes_per_year": 1.2}]
    tiny_case["sourcing_options"][0]["pays_operating_cost"] = True
    (bought,) = options_of(tiny_case)
    assert bought.tonnes_per_year == pytest.approx(1.2 + 1.2)


def test_the_vault_buys_as_far_as_a_ramp_has_come(tiny_case: Case) -> None:
    """A fifth of what is planned comes from Germany, which starts at a tenth of it."""
    ramp = [{"period": 0, "value": 0.1}, {"period": 3, "value": 1.0}]
    tiny_case["routes"][1]["ramp"] = ramp
    (bought,) = options_of(tiny_case)
    assert bought.open_share[0] == pytest.approx([0.82, 0.88, 0.94, 1])


def test_feed_with_a_floor_costs_the_treatment_charge(zone_case: Case) -> None:
    """400,000 / 80 % and a charge of 2,000 in period 0 on top of a fee of 1,000."""
    zone_case["trade"]["price_floors"] = [FLOOR | {"stage": "oxide"}]
    zone_case["treatment_charges"] = [
        {
            "id": "index",
            "name": "Index",
            "material": "gallium",
            "stage": "oxide",
            "usd_per_tonne": [{"period": 0, "value": 2e3}],
        }
    ]
    zone_case["routes"][1] |= {
        "purchase_stage": "oxide",
        "conversion_yield": 0.8,
        "fee_usd_per_tonne": 1000.0,
        "treatment_charge": "index",
    }
    assert priced(zone_case, 1, 300_000) == pytest.approx(503_000)


def test_behind_a_border_adjustment_the_vault_pays_what_sellers_lack(
    zone_case: Case,
) -> None:
    """Germany costs $550,000: that, not 500,000, and China 625,000 with its duty."""
    zone_case["routes"][1]["operating_cost_usd_per_tonne"] = 550e3
    (bought,) = options_of(zone_case)
    assert bought.open_share[0] == pytest.approx([1] * 4)
    assert bought.unit_cost[0] == pytest.approx([0.8 * 625e3 + 0.2 * 550e3] * 4)
