"""What buying costs by the check's own count, by hand arithmetic."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.feasibility.buying import landed_price
from tests.cases import Case


@pytest.mark.parametrize(
    ("stage", "price", "inside", "outside"),
    [
        # Metal: max(price, 400,000) / 80 % + 1,000. Duty: 25 % of the price.
        ("metal", 300_000, 501_000, 576_000),
        ("metal", 500_000, 626_000, 751_000),
        # Oxide: the price of metal, at least 400,000 / 80 % + 1,000 = 501,000.
        ("oxide", 400_000, 501_000, 601_000),
        ("oxide", 600_000, 600_000, 750_000),
        # Ore has no floor of its own; that of metal is not its.
        ("ore", 300_000, 300_000, 375_000),
    ],
)
def test_a_tonne_lands_at_its_price(
    tiny_case: Case, stage: str, price: float, inside: float, outside: float
) -> None:
    """The traded form costs price, yield and fee; an earlier stage costs as much."""
    floor = "metal" if stage == "ore" else stage
    tiny_case["trade"] = {
        "zone_countries": ["DEU"],
        "border_adjustment_rate": 0.25,
        "price_floors": [
            {"material": "gallium", "stage": floor, "floor_usd_per_tonne": 400_000.0}
        ],
    }
    for route in tiny_case["routes"]:
        route |= {
            "purchase_stage": stage,
            "conversion_yield": 0.8,
            "fee_usd_per_tonne": 1000.0,
        }
    instance = read_instance(tiny_case)
    china, germany = instance.routes
    prices = np.array([float(price)])
    assert landed_price(instance, germany, prices) == pytest.approx([inside])
    assert landed_price(instance, china, prices) == pytest.approx([outside])
