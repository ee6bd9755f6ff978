"""When routes run, by hand arithmetic: earnings against operating cost, by period."""

from typing import Any

import pytest

from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case, changed

COST = "routes.1.operating_cost_usd_per_tonne"
FLOOR = {"material": "gallium", "stage": "metal", "floor_usd_per_tonne": 620_000.0}


def runs(case: Case, changes: dict[str, Any]) -> tuple[float, ...]:
    """Return how far the German route runs in each of four months."""
    instance = read_instance(changed(case, changes))
    return instance.index.operation[1].in_market


def zone(countries: list[str], **floor: object) -> dict[str, Any]:
    """Return a zone with one floor."""
    return {"zone_countries": countries, "price_floors": [FLOOR | floor]}


@pytest.mark.parametrize(("cost", "part"), [(500_000.0, 1), (500_001.0, 0)])
def test_a_route_runs_if_it_earns_its_cost(
    tiny_case: Case, cost: float, part: float
) -> None:
    """At a price of $500,000 a cost of as much is earned, one of a dollar more not."""
    assert runs(tiny_case, {COST: cost}) == (part,) * 4


def test_a_route_opens_with_the_price(tiny_case: Case) -> None:
    """Prices rise month by month; the last two are above the cost."""
    prices = [450e3, 550e3, 650e3, 700e3]
    path = {"materials.0.price_path_usd_per_tonne": prices}
    assert runs(tiny_case, path | {COST: 600e3}) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("trade", "part"),
    [
        (zone(["DEU"]), 1),
        # Outside the zone the distance to the floor is a duty, and not the seller's.
        (zone(["CHN"]), 0),
        (zone(["DEU"], stage="ore"), 0),
        (zone(["DEU"], floor_usd_per_tonne=590_000.0), 0),
    ],
)
def test_a_floor_holds_open_what_is_inside_the_zone(
    tiny_case: Case, trade: dict[str, Any], part: float
) -> None:
    """A floor of $620,000 for the stage that is sold pays a cost of $600,000."""
    assert runs(tiny_case, {COST: 600e3, "trade": trade}) == (part,) * 4


@pytest.mark.parametrize(
    ("cost", "trade", "part"),
    [
        # Ore that gives half its weight: (500,000 - 20,000) x 0.5 = 240,000.
        (240e3, {}, 1),
        (250e3, {}, 0),
        (250e3, zone(["DEU"], stage="ore", floor_usd_per_tonne=260e3), 1),
        (250e3, zone(["DEU"]), 0),
    ],
)
def test_an_earlier_stage_earns_what_the_refiner_leaves(
    tiny_case: Case, cost: float, trade: dict[str, Any], part: float
) -> None:
    """Price less fee times yield, or the floor of ore; that of metal does not help."""
    ore = {
        "routes.1.purchase_stage": "ore",
        "routes.1.conversion_yield": 0.5,
        "routes.1.fee_usd_per_tonne": 20e3,
    }
    assert runs(tiny_case, ore | {COST: cost, "trade": trade}) == (part,) * 4


@pytest.mark.parametrize(("floor", "part"), [(0.0, 0), (590e3, 0), (600e3, 1)])
def test_a_contract_holds_its_route_open(
    tiny_case: Case, floor: float, part: float
) -> None:
    """If its floor pays the cost, for its own tonnes: the market sees it closed."""
    contract = cases.contract(floor_usd_per_tonne=floor)
    case = changed(tiny_case, {COST: 600e3, "contracts+": contract})
    index = read_instance(case).index
    assert index.contract_runs["offtake"] == (part,) * 4
    assert index.operation[1].in_market == (0,) * 4


def test_what_a_route_lacks_is_counted_in_traded_form(tiny_case: Case) -> None:
    """Ore at $240,000 that costs $250,000 lacks 10,000, a tonne of metal 20,000."""
    ore = {
        "routes.1.purchase_stage": "ore",
        "routes.1.conversion_yield": 0.5,
        "routes.1.fee_usd_per_tonne": 20e3,
    }
    instance = read_instance(changed(tiny_case, ore | {COST: 250e3}))
    lacking = instance.index.operation[1].lacking_usd_per_tonne
    assert lacking == pytest.approx((20e3,) * 4)


@pytest.mark.parametrize(
    ("rate", "countries", "part"),
    [
        (0.2, ["DEU"], 1),
        (0.19, ["DEU"], 0),
        # Outside the zone the duty is paid, not earned.
        (0.2, ["CHN"], 0),
    ],
)
def test_a_border_adjustment_shields_the_zone(
    tiny_case: Case, rate: float, countries: list[str], part: float
) -> None:
    """Imports at $500,000 pay 20 %, so a seller inside can ask for its $600,000."""
    trade = {"zone_countries": countries, "border_adjustment_rate": rate}
    case = changed(tiny_case, {COST: 600e3, "trade": trade})
    operation = read_instance(case).index.operation[1]
    assert operation.in_market == (part,) * 4
    assert operation.lacking_usd_per_tonne == pytest.approx((100e3,) * 4)


CHARGE = {
    "id": "index",
    "name": "Treatment charge",
    "material": "gallium",
    "stage": "ore",
    "conversion_yield": 0.5,
    "usd_per_tonne": [{"period": 1, "value": 30e3}, {"period": 3, "value": -10e3}],
}
CUSTOM = {"treatment_charges": [CHARGE], "routes.1.treatment_charge": "index"}


def test_a_custom_refiner_closes_when_the_treatment_charge_falls(
    tiny_case: Case,
) -> None:
    """It earns 30,000, 30,000, 10,000 and -10,000 a tonne, and needs 20,000."""
    assert runs(tiny_case, CUSTOM | {COST: 20e3}) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("trade", "part"),
    [
        # Metal at 520,000 leaves the refiner 10,000 + 20,000, then -10,000 + 20,000.
        (zone(["DEU"], floor_usd_per_tonne=520e3), (1, 1, 1, 0)),
        # Ore at 245,000, two tonnes for one of metal, leaves it 500,000 - 490,000.
        (zone(["DEU"], stage="ore", floor_usd_per_tonne=245e3), (0, 0, 0, 0)),
        (zone(["CHN"], stage="ore", floor_usd_per_tonne=245e3), (1, 1, 0, 0)),
    ],
)
def test_a_floor_of_the_feed_kills_the_refiner(
    tiny_case: Case, trade: dict[str, Any], part: tuple[float, ...]
) -> None:
    """And one of the metal keeps it: it is what it sells at less what it buys at."""
    assert runs(tiny_case, CUSTOM | {COST: 20e3, "trade": trade}) == part


def test_a_mine_pays_the_treatment_charge(tiny_case: Case) -> None:
    """Ore earns half of 500,000 less 1,000 and the charge; it needs 242,000."""
    mine = {"routes.1.purchase_stage": "ore", "routes.1.conversion_yield": 0.5}
    mine |= CUSTOM | {"routes.1.fee_usd_per_tonne": 1e3, COST: 242e3}
    assert runs(tiny_case, mine) == (0, 0, 1, 1)
    operation = read_instance(changed(tiny_case, mine)).index.operation[1]
    assert operation.fee_usd_per_tonne == pytest.approx((31e3, 31e3, 11e3, -9e3))


def test_a_ramp_is_how_far_a_route_runs(tiny_case: Case) -> None:
    """From a tenth to all of it in three months, closed in the first by its price."""
    ramp = [{"period": 0, "value": 0.1}, {"period": 3, "value": 1.0}]
    prices = [450e3, 550e3, 650e3, 700e3]
    path = {"materials.0.price_path_usd_per_tonne": prices, "routes.1.ramp": ramp}
    case = changed(tiny_case, path | {COST: 500e3})
    operation = read_instance(case).index.operation[1]
    assert operation.in_market == pytest.approx((0, 0.4, 0.7, 1))
    assert operation.held_open == pytest.approx((0.1, 0.4, 0.7, 1))


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({"routes.1.treatment_charge": "none"}, "routes[gallium-deu]", "one of the"),
        (
            CUSTOM | {"routes.1.purchase_stage": "oxide"},
            "routes[gallium-deu].purchase_stage",
            "ore, the feed of charge index, or absent for a custom refiner",
        ),
        (
            {"treatment_charges": [CHARGE | {"stage": "metal"}]},
            "treatment_charges[index].stage",
            "a stage before metal",
        ),
        (
            {"treatment_charges": [CHARGE | {"material": "tin"}]},
            "treatment_charges[index].material",
            "one of the materials",
        ),
    ],
)
def test_a_treatment_charge_fits_its_routes(
    tiny_case: Case, changes: dict[str, Any], path: str, expected: str
) -> None:
    """Unknown, of another stage, of the traded form, of an unknown material."""
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(changed(tiny_case, changes))
    (mistake,) = raised.value.mistakes
    assert mistake.path.startswith(path)
    assert expected in mistake.expected


def test_something_needs_each_material_at_the_start(tiny_case: Case) -> None:
    """Days of cover count from there."""
    ramp = [{"period": 0, "value": 0.0}, {"period": 3, "value": 1.0}]
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(changed(tiny_case, {"products.0.ramp": ramp}))
    (mistake,) = raised.value.mistakes
    assert mistake.path == "products[wafer].ramp"
    assert "as no other product needs gallium then" in mistake.expected


def test_a_fee_above_the_price_leaves_ore_without_price(tiny_case: Case) -> None:
    """Then no operating cost can be covered: named, with the price it must be below."""
    ore = {"routes.1.purchase_stage": "ore", "routes.1.fee_usd_per_tonne": 500e3}
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(changed(tiny_case, ore | {COST: 1.0}))
    (mistake,) = raised.value.mistakes
    assert mistake.path == "routes[gallium-deu].fee_usd_per_tonne"
    assert "ore has no price that could cover" in mistake.expected


def test_an_origin_puts_out_what_its_route_delivers(tiny_case: Case) -> None:
    """A route of 2.4 t a year cannot come from an output of 2 t."""
    volume = {"routes.1.share": None, "routes.1.tonnes_per_year": 2.4}
    contract = cases.contract(capacity_tonnes_per_year=2.0)
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(changed(tiny_case, volume | {"contracts+": contract}))
    (mistake,) = raised.value.mistakes
    assert mistake.path == "contracts[offtake].capacity_tonnes_per_year"
    assert "at least 2.4" in mistake.expected
