"""What policies pay and receive, by hand arithmetic, with one tonne or two at stake."""

from typing import Any

import pytest

from models.reading import read_instance
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from optimizer.policies.response import Response, respond
from optimizer.policies.tranche import to_policies
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place, steps

MONTH = 1 / 12
PRICES = [500_000.0, 800_000.0, 1_000_000.0, 500_000.0]
OFFER = cases.offer()


def response_of(
    case: Case,
    **terms: Any,  # noqa: ANN401 - any field of the tranche
) -> Response:
    """Return what 1 t in place does while China is cut in period 1 and prices rise."""
    instance = read_instance(case)
    scenarios = one_scenario(
        instance, price={"gallium": PRICES}, availability={"gallium-chn": [1, 0, 1, 1]}
    )
    tranche = in_place(1.0, **terms)
    kind = "pool:gallium" if tranche.offer is None else "right:right"
    held = holdings(instance, scenarios, observe(instance, scenarios))
    holding = next(h for h in held if h.name == kind)
    return respond(instance, holding, to_policies(instance, holding, [tranche]))


def test_storage_and_insurance_are_on_what_is_left(tiny_case: Case) -> None:
    """1 t in the first month, 0.2 t afterwards, insured at 2 % of its value."""
    tiny_case["storage_classes"][0]["insurance_rate_per_year"] = 0.02
    found = response_of(tiny_case)
    expected = [
        -500_000 - (200 + 10_000) * MONTH,
        0.8 * 500_000 - 0.2 * (200 + 16_000) * MONTH,
        -0.2 * (200 + 20_000) * MONTH,
        -0.2 * (200 + 10_000) * MONTH,
    ]
    assert found.cash_flow[0, 0] == pytest.approx(expected)
    assert found.stock_value[0, 0] == pytest.approx([5e5, 1.6e5, 2e5, 1e5])


def test_a_pool_sells_at_the_market_price_if_set(tiny_case: Case) -> None:
    """0.8 t at $800,000 instead of the undisrupted $500,000."""
    tiny_case["storage_classes"][0]["cost_usd_per_tonne_year"] = 0.0
    tiny_case["financing"]["pool_sale_price"] = "market"
    found = response_of(tiny_case)
    assert found.cash_flow[0, 0] == pytest.approx([-500_000, 640_000, 0, 0])


def own_trade(case: Case) -> None:
    """Refill half a tonne at every alert; of a month the first 0.2 t move no price."""
    case["storage_classes"][0]["cost_usd_per_tonne_year"] = 0.0
    case["financing"]["pool_sale_price"] = "market"
    case["materials"][0] |= {
        "refill_impact": [
            {"tonnes_per_year": 2.4, "premium": 0.0},
            {"tonnes_per_year": 1.2, "premium": 0.5},
            {"tonnes_per_year": 1.2, "premium": 1.0},
        ],
        "sale_impact": [
            {"tonnes_per_year": 2.4, "discount": 0.0},
            {"tonnes_per_year": 1.2, "discount": 0.1},
            {"tonnes_per_year": 1.2, "discount": 0.2},
        ],
    }


def refilled(tonnes: float) -> dict[str, Any]:
    """Return the terms of a tranche that is refilled."""
    return {"steps": steps(1.0, replenishment_tonnes_per_period=tonnes)}


def test_own_sales_and_refills_move_the_price(tiny_case: Case) -> None:
    """By blocks of what is sold or bought back in a month; the last one goes on."""
    own_trade(tiny_case)
    found = response_of(tiny_case, **refilled(0.5))
    # 0.8 t sold: 0.1 t at 10 % off, 0.5 t at 20 %. A fifth of 0.5 t comes back, then
    # 0.5 t with premia of 50 % on 0.1 t and 100 % on 0.2 t, then 0.2 t.
    expected = [
        -500_000,
        (0.8 - 0.01 - 0.1) * 800_000 - 0.1 * 800_000,
        -(0.5 + 0.05 + 0.2) * 1_000_000,
        -0.2 * 500_000,
    ]
    assert found.cash_flow[0, 0] == pytest.approx(expected)


def test_a_share_pays_its_part_of_the_whole(tiny_case: Case) -> None:
    """Half of a candidate of 2 t that moves prices twice as far."""
    own_trade(tiny_case)
    found = response_of(tiny_case, share=0.5, **refilled(0.5))
    # As if 1.6 t were sold, 0.1 t at 10 % off and 1.3 t at 20 %; then 1 t bought with
    # 50 % on 0.1 t and 100 % on 0.7 t, and 0.4 t with 50 % on 0.1 t and 100 % on 0.1 t.
    expected = [
        -500_000,
        (0.8 - 0.005 - 0.13) * 800_000 - 0.1 * 800_000,
        -(0.5 + 0.025 + 0.35) * 1_000_000,
        -(0.2 + 0.025 + 0.05) * 500_000,
    ]
    assert found.cash_flow[0, 0] == pytest.approx(expected)


def test_the_build_up_pays_no_premium_of_refills(tiny_case: Case) -> None:
    """Planned buying has blocks of its own, and a sale at book no discount."""
    own_trade(tiny_case)
    tiny_case["financing"]["pool_sale_price"] = "book"
    terms = {"build_up_tonnes_per_period": 0.5, "build_up_periods": 4}
    moved = response_of(tiny_case, **terms)
    for name in ("refill_impact", "sale_impact"):
        del tiny_case["materials"][0][name]
    assert moved.cash_flow == pytest.approx(response_of(tiny_case, **terms).cash_flow)


def test_purchases_are_paid_at_the_price_of_the_day(tiny_case: Case) -> None:
    """A build-up of 0.25 t a month pays what comes at the price at which it comes."""
    tiny_case["storage_classes"][0]["cost_usd_per_tonne_year"] = 0.0
    found = response_of(tiny_case, build_up_tonnes_per_period=0.25, build_up_periods=4)
    # Period 1: 0.25 t are released at $500,000; of 0.25 t bought Germany sends a fifth.
    expected = [
        -0.25 * 500_000,
        0.25 * 500_000 - 0.05 * 800_000,
        -0.25 * 1_000_000,
        -0.25 * 500_000,
    ]
    assert found.cash_flow[0, 0] == pytest.approx(expected)
    assert found.on_hand[0, 0] == pytest.approx([0.25, 0.05, 0.3, 0.55])


def test_the_repurchase_is_paid_at_the_price_of_the_right(tiny_case: Case) -> None:
    """0.8 t drawn and 0.2 t taken over at $450,000; no fee afterwards."""
    tiny_case["storage_classes"][0]["cost_usd_per_tonne_year"] = 0.0
    tiny_case["entitlement_offers"] = [OFFER | {"repurchase_period": 2}]
    found = response_of(tiny_case, offer="right", participant="maker")
    expected = [
        -500_000 + 1_000 + 12_000 * MONTH,
        0.8 * 450_000 + 0.2 * 12_000 * MONTH,
        0.2 * 450_000,
        0,
    ]
    assert found.cash_flow[0, 0] == pytest.approx(expected)


def test_outload_and_rent_are_by_the_days_of_the_month(tiny_case: Case) -> None:
    """February has 28 days of outload; what is left costs 28 days of rent."""
    tiny_case["horizon"] = cases.horizon(4, period="month", start="2027-01-01")
    outload = 0.01 * 365.25 / 12
    found = response_of(tiny_case, outload_tonnes_per_period=outload)
    assert found.released[0, 0] == pytest.approx([0, 0.28, 0, 0])
    assert found.cash_flow[0, 0] == pytest.approx(
        [
            -500_000 - 200 * 31 / 365.25,
            0.28 * 500_000 - 0.72 * 200 * 28 / 365.25,
            -0.72 * 200 * 31 / 365.25,
            -0.72 * 200 * 30 / 365.25,
        ]
    )
