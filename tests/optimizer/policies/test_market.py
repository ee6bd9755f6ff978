"""Alerts and gaps by hand arithmetic: 12 t a year are needed, 1 t in each month."""

from typing import Any

import numpy as np
import pytest

from models.moved_on import moved_on
from models.opening_position import OpeningPosition
from models.reading import read_instance
from optimizer.policies.market import (
    Market,
    alert_with_notice,
    gap_after_notice,
    observe,
)
from tests.cases import Case, contract, horizon, route
from tests.optimizer.one_scenario import one_scenario

MONTH = 365.25 / 12


def market_of(
    case: dict[str, Any],
    **series: Any,  # noqa: ANN401 - any series
) -> Market:
    """Return what the market shows in one scenario; by default China is 80 % of it."""
    instance = read_instance(case)
    return observe(instance, one_scenario(instance, **series))


def test_calm_has_neither_alert_nor_gap(tiny_case: Case) -> None:
    """Shares that sum to 1 supply the need exactly."""
    market = market_of(tiny_case)
    assert market.need[0, 0] == pytest.approx([1, 1, 1, 1])
    assert market.gap.max() == 0
    assert market.alert.max() == 0


def test_the_gap_is_what_closed_routes_do_not_deliver(tiny_case: Case) -> None:
    """80 % of 1 t come from China: 0.8 t are missing without it, 0.4 t at half."""
    market = market_of(tiny_case, availability={"gallium-chn": [1, 0.5, 0, 1]})
    assert market.gap[0, 0] == pytest.approx([0, 0.4, 0.8, 0])
    assert market.market_gap[0, 0] == pytest.approx([0, 0.4, 0.8, 0])


def test_demand_moves_the_gap(tiny_case: Case) -> None:
    """When demand is 2,000 wafers instead of 1,000, twice as much is missing."""
    market = market_of(
        tiny_case,
        availability={"gallium-chn": [0, 0, 0, 0]},
        demand={"wafer": [1000, 2000, 500, 0.001]},
    )
    assert market.gap[0, 0] == pytest.approx([0.8, 1.6, 0.4, 0.8e-6])


@pytest.mark.parametrize(
    ("availability", "alert"),
    # 80 % come from China: the loss is 0.8 (1 - availability); thresholds 5, 20, 50 %.
    [(1.0, 0), (0.95, 0), (0.9375, 1), (0.76, 1), (0.75, 2), (0.38, 2), (0.375, 3)],
)
def test_alert_thresholds(tiny_case: Case, availability: float, alert: int) -> None:
    """A loss of exactly 5, 20 or 50 % is alert 1, 2 or 3."""
    series = [1, availability, 1, 1]
    market = market_of(tiny_case, availability={"gallium-chn": series})
    assert market.alert[0, 0].tolist() == [0, alert, 0, 0]


def test_an_announcement_is_an_alert_before_any_loss(tiny_case: Case) -> None:
    """Word of a disruption raises 0 to 1 and leaves a higher alert as it is."""
    market = market_of(
        tiny_case,
        announced={"gallium": [0, 1, 1, 0]},
        availability={"gallium-chn": [1, 1, 0, 0]},
    )
    assert market.alert[0, 0].tolist() == [0, 1, 3, 3]


def test_spare_capacity_of_open_routes_fills_in(tiny_case: Case) -> None:
    """Germany delivers three times its 20 % while China is cut: 0.4 t are missing."""
    tiny_case["routes"][1]["capacity_factor"] = 3.0
    market = market_of(tiny_case, availability={"gallium-chn": [0, 0.5, 1, 1]})
    # Supply 0.6, 0.4 + 0.6 = 1.0, 1.4: loss 0.4 is alert 2.
    assert market.gap[0, 0] == pytest.approx([0.4, 0, 0, 0])
    assert market.alert[0, 0].tolist() == [2, 0, 0, 0]


def test_a_route_in_tonnes_does_not_follow_demand(tiny_case: Case) -> None:
    """9.6 t a year from China are 0.8 t a month, whatever is needed."""
    del tiny_case["routes"][0]["share"]
    tiny_case["routes"][0]["tonnes_per_year"] = 9.6
    market = market_of(
        tiny_case,
        demand={"wafer": [1000, 2000, 1000, 1000]},
        availability={"gallium-chn": [1, 1, 0.5, 1]},
    )
    # Germany's share is 20 % of the need: 2 t - 0.8 - 0.4 = 0.8 t in the second month.
    assert market.gap[0, 0] == pytest.approx([0, 0.8, 0.4, 0])


def test_a_buffer_is_used_before_a_gap_is_called(tiny_case: Case) -> None:
    """A buffer of a month is 1 t: it covers 0.8 t, then 0.2 t, and is not refilled."""
    tiny_case["participants"][0]["working_buffer_days"] = MONTH
    market = market_of(tiny_case, availability={"gallium-chn": [0, 0, 1, 0]})
    assert market.gap[0, 0] == pytest.approx([0, 0.6, 0, 0.8])


def test_a_buffer_is_refilled_from_spare_supply_up_to_its_size(tiny_case: Case) -> None:
    """Supply of 1.6 above a need of 1 t refills 0.6 t of what was used."""
    tiny_case["participants"][0]["working_buffer_days"] = MONTH
    tiny_case["routes"][1]["capacity_factor"] = 4.0
    series = {"gallium-chn": [0, 1, 0, 0], "gallium-deu": [0, 1, 0, 0]}
    market = market_of(tiny_case, availability=series)
    # 1 t used; 0.8 + 0.8 - 1 = 0.6 t back; then 0.4 t and 1 t of the need are missing.
    assert market.gap[0, 0] == pytest.approx([0, 0, 0.4, 1])


def test_a_buffer_may_be_half_used_at_the_start(tiny_case: Case) -> None:
    """0.5 of 1 t is there; spare supply of 0.28 refills it, and it never overflows."""
    tiny_case["participants"][0]["working_buffer_days"] = MONTH
    tiny_case["routes"][1]["capacity_factor"] = 2.4
    half = {"participant": "maker", "material": "gallium", "days": MONTH / 2}
    series = {"gallium-chn": [1, 0, 1, 0]}
    full = market_of(tiny_case, availability=series)
    market = market_of(
        tiny_case | {"position": {"buffers": [half]}}, availability=series
    )
    # Of 0.52 t that are missing 0.78 t are there; 0.26 + 0.28 t are, in the last month.
    assert full.gap[0, 0] == pytest.approx([0, 0, 0, 0])
    assert market.gap[0, 0] == pytest.approx([0, 0, 0, 0])
    assert market.delivered[0, 0] == pytest.approx([1.28, 0.48, 1.28, 0.48])
    empty = market_of(
        tiny_case | {"position": {"buffers": [half | {"days": 0.0}]}},
        availability={"gallium-chn": [0, 0, 1, 1]},
    )
    assert empty.gap[0, 0] == pytest.approx([0.52, 0.52, 0, 0])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0.0, [0, 3, 2, 0, 1, 1]),
        (30.0, [0, 3, 2, 0, 1, 1]),
        (MONTH, [0, 0, 2, 0, 0, 1]),
        (60.0, [0, 0, 2, 0, 0, 1]),
        (2 * MONTH, [0, 0, 0, 0, 0, 0]),
    ],
)
def test_notice_of_a_release(tiny_case: Case, days: float, expected: list[int]) -> None:
    """After n whole months of notice the lowest alert of n + 1 months counts."""
    tiny_case["storage_classes"][0]["notice_days"] = days
    tiny_case["horizon"]["number_of_periods"] = 6
    instance = read_instance(tiny_case)
    alert = np.array([[0, 3, 2, 0, 1, 1]], dtype=np.int8)
    assert alert_with_notice(instance, 0, alert).tolist() == [expected]


@pytest.mark.parametrize(
    ("days", "expected"),
    # Half a month of notice, and two and a half: half of the first month is lost.
    [
        (0.0, [0.4, 0.8, 0.8, 0, 0.6, 0.8]),
        (0.5 * MONTH, [0.2, 0.8, 0.8, 0, 0.3, 0.8]),
        (2.5 * MONTH, [0.2, 0.8, 0.8, 0, 0.3, 0.8]),
        (3 * MONTH, [0.4, 0.8, 0.8, 0, 0.6, 0.8]),
    ],
)
def test_the_rest_of_a_notice_is_lost_once_an_alert(
    tiny_case: Case, days: float, expected: list[float]
) -> None:
    """Of the gap in the first month of an alert a store sees what is left of it."""
    tiny_case["storage_classes"][0]["notice_days"] = days
    tiny_case["horizon"]["number_of_periods"] = 9
    instance = read_instance(tiny_case)
    gap = np.array([[0, 0, 0, 0.4, 0.8, 0.8, 0, 0.6, 0.8]])
    alert = np.array([[0, 0, 0, 2, 3, 1, 0, 1, 1]], dtype=np.int8)
    seen = gap_after_notice(instance, 0, gap, alert)
    assert seen[0] == pytest.approx([0, 0, 0, *expected])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0.0, [0.4, 0.8, 0.8, 0.1]),
        (MONTH, [0, 0, 0.8, 0]),
        (2 * MONTH, [0, 0, 0, 0]),
        (5000.0, [0, 0, 0, 0]),
    ],
)
def test_a_store_is_shut_until_its_notice_has_passed(
    tiny_case: Case, days: float, expected: list[float]
) -> None:
    """It sees no gap before, even if the rule releases at alert 0."""
    tiny_case["storage_classes"][0]["notice_days"] = days
    instance = read_instance(tiny_case)
    alert = np.array([[0, 3, 3, 0]], dtype=np.int8)
    release_alert = alert_with_notice(instance, 0, alert)
    gap = np.array([[0.4, 0.8, 0.8, 0.1]])
    seen = gap_after_notice(instance, 0, gap, release_alert)
    assert seen[0] == pytest.approx(expected)


def test_word_of_a_disruption_opens_the_store_in_time(tiny_case: Case) -> None:
    """Half a month of notice passes in the month of the announcement, without a gap."""
    tiny_case["storage_classes"][0]["notice_days"] = 0.5 * MONTH
    instance = read_instance(tiny_case)
    alert = np.array([[0, 1, 3, 3]], dtype=np.int8)
    seen = gap_after_notice(instance, 0, np.array([[0, 0, 0.8, 0.8]]), alert)
    assert seen[0] == pytest.approx([0, 0, 0.8, 0.8])


def test_notice_in_months_of_the_calendar(tiny_case: Case) -> None:
    """45 days after 1 January are 15 February; after 1 February 18 March."""
    tiny_case["storage_classes"][0]["notice_days"] = 45
    tiny_case["horizon"] = horizon(4, period="month", start="2027-01-01")
    instance = read_instance(tiny_case)
    for alert, expected in (
        # 14 of 28 days of February are lost, or 17 of the 31 of March.
        ([3, 3, 3, 3], [0, 14 / 28, 1, 1]),
        ([0, 3, 3, 3], [0, 0, 14 / 31, 1]),
    ):
        seen = np.array([alert], dtype=np.int8)
        released = alert_with_notice(instance, 0, seen)
        assert (released[0] > 0).tolist() == [x > 0 for x in expected]
        gap = gap_after_notice(instance, 0, np.ones((1, 4)), released)
        assert gap[0] == pytest.approx(expected)


@pytest.mark.parametrize("notice_days", [0.0, 0.5 * MONTH, MONTH, 1.4 * MONTH, 63.0])
@pytest.mark.parametrize("period", [None, "month"])
def test_alerts_before_the_start_count_as_those_after_it(
    tiny_case: Case, notice_days: float, period: str | None
) -> None:
    """From each month on the rest of a year is as it was, whatever the alerts are."""
    tiny_case["storage_classes"][0]["notice_days"] = notice_days
    tiny_case["horizon"] = horizon(12, period=period, start="2027-01-01")
    whole = read_instance(tiny_case)
    draw = np.random.default_rng(7)
    alert = draw.choice([0, 1, 3], size=(11, 12)).astype(np.int8)
    gap = draw.uniform(size=alert.shape)
    opened = alert_with_notice(whole, 0, alert)
    seen = gap_after_notice(whole, 0, gap, opened)
    for w, t in enumerate(draw.permutation(np.arange(1, 12)).tolist()):
        levels = {"material": "gallium", "levels": alert[w, :t].tolist()}
        later = moved_on(
            whole, t, position=OpeningPosition.model_validate({"alerts": [levels]})
        ).case
        one = slice(w, w + 1)
        found = alert_with_notice(later, 0, alert[one, t:])
        assert (found == opened[one, t:]).all()
        left = gap_after_notice(later, 0, gap[one, t:], found)
        assert left == pytest.approx(seen[one, t:], rel=1e-12)


def test_supply_and_buffers_in_months_of_the_calendar(tiny_case: Case) -> None:
    """Deliveries in tonnes a year keep pace with the days; a buffer is days of need."""
    tiny_case["horizon"] = horizon(4, period="month", start="2027-01-01")
    tiny_case["routes"][0] |= {"share": None, "tonnes_per_year": 9.6}
    tiny_case["participants"][0]["working_buffer_days"] = 10
    market = market_of(tiny_case, availability={"gallium-chn": [1, 0, 1, 1]})
    # February needs 28 days of 12 t a year, 80 % from China, and the buffer has 10.
    a_day = 12 / 365.25
    expected = [0, (0.8 * 28 - 10) * a_day, 0, 0]
    assert market.gap[0, 0] == pytest.approx(expected, abs=1e-9)


def test_a_closed_route_delivers_nothing_whoever_holds_it_open(tiny_case: Case) -> None:
    """Without Germany 0.2 t are missing; a contract and the vault help themselves only.

    A floor of the zone is in the market, and opens the route for all.
    """
    tiny_case["routes"][1]["operating_cost_usd_per_tonne"] = 600e3
    closed = market_of(tiny_case)
    assert closed.gap[0, 0] == pytest.approx([0.2] * 4)
    assert closed.alert[0, 0].tolist() == [2, 2, 2, 2]
    tiny_case["contracts"] = [contract(floor_usd_per_tonne=600e3)]
    tiny_case["sourcing_options"][0]["pays_operating_cost"] = True
    held = market_of(tiny_case)
    assert np.array_equal(held.gap, closed.gap)
    floor = {"material": "gallium", "stage": "metal", "floor_usd_per_tonne": 600e3}
    tiny_case["trade"] = {"zone_countries": ["DEU"], "price_floors": [floor]}
    assert market_of(tiny_case).gap.max() == 0


def test_recycling_that_ramps_closes_the_gap_by_and_by(tiny_case: Case) -> None:
    """Without China 0.8 t are missing; scrap brings 0.1, 0.2, 0.3 and 0.4 t."""
    scrap = route("gallium", "USA", 0.4, kind="recycling")
    scrap["ramp"] = [{"period": 0, "value": 0.25}, {"period": 3, "value": 1.0}]
    tiny_case["routes"].append(scrap)
    market = market_of(tiny_case, availability={"gallium-chn": [0, 0, 0, 0]})
    assert market.gap[0, 0] == pytest.approx([0.7, 0.6, 0.5, 0.4])


def test_wafers_without_the_metal_take_over(tiny_case: Case) -> None:
    """Half of the wafers need almost none at the end: 1, 5/6, 2/3 and 1/2 t a month."""
    wafer = tiny_case["products"][0]
    bill = [{"material": "gallium", "quantity_per_unit": 1e-9}]
    free = wafer | {"id": "free", "bill_of_materials": bill}
    wafer["ramp"] = [{"period": 0, "value": 1.0}, {"period": 3, "value": 0.5}]
    free["ramp"] = [{"period": 0, "value": 0.0}, {"period": 3, "value": 0.5}]
    tiny_case["products"].append(free)
    market = market_of(tiny_case, availability={"gallium-chn": [0, 0, 0, 0]})
    assert market.need[0, 0] == pytest.approx([1, 5 / 6, 2 / 3, 1 / 2], rel=1e-6)
    assert market.gap[0, 0] == pytest.approx(0.8 * market.need[0, 0])
