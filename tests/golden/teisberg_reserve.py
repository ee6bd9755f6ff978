"""Teisberg's reserve as a case: a tonne is his unit of oil, a million dollars of cost.

The disruption recurs after a rest of a year and has a geometric length. What a year
without oil costs consumers is in the shortage blocks; what filling costs, and what
filling makes consumers pay, is a fee of the route for the first units and a premium on
refills for more; what a release takes off its own price is a discount on sales. Blocks
end where his grid of stocks does.
"""

from collections.abc import Callable
from functools import cache
from math import log

from models.instance import Instance
from models.reading import read_instance
from tests import cases
from tests.cases import Part
from tests.golden.teisberg_program import (
    DISRUPTION,
    NORMAL,
    NORMAL_PRICE,
    STEP,
    STOCKS,
    STORAGE,
    SUPPLY,
    TRANSITION,
    lost,
    price_at,
)

MILLION = 1e6
YEAR = 365.25
MOST_RELEASED = 9
REFILLS = (0.0, 1 / 7, 1 / 3, 1.0)
RELEASES = (2, 3, 4, 6, MOST_RELEASED)


def marginal(curve: Callable[[float], float], first: int, last: int) -> float:
    """Return what a unit adds to a curve between two points."""
    return (curve(last) - curve(first)) / (last - first)


def filling(first: int) -> float:
    """Return what a unit of a block of filling costs, and makes consumers pay."""
    return marginal(lambda x: lost(x) + price_at(x) * x, first, first + STEP)


def refill_blocks() -> list[Part]:
    """Return what filling costs above the first units, by blocks of the grid."""
    return [
        {
            "tonnes_per_year": STEP,
            "premium": (filling(first) - filling(0)) / NORMAL_PRICE,
        }
        for first in STOCKS[:-1]
    ]


def sale_blocks() -> list[Part]:
    """Return what releases take off the price of a disruption, by blocks."""
    return [
        {
            "tonnes_per_year": STEP,
            "discount": 1
            - marginal(lambda x: price_at(DISRUPTION - x) * x, x, x + STEP)
            / price_at(DISRUPTION),
        }
        for x in range(0, MOST_RELEASED, STEP)
    ]


def shortage_blocks() -> list[tuple[str, float, float]]:
    """Return what missing oil costs consumers, by blocks that end with the grid's."""
    ends = [int(DISRUPTION) - x for x in range(MOST_RELEASED, -1, -STEP)]
    blocks = [
        ("thrift", (last - first) / SUPPLY, MILLION * marginal(lost, first, last))
        for first, last in zip([0, *ends], ends, strict=False)
    ]
    rest = 1 - sum(share for _, share, _ in blocks)
    return [*blocks, ("line_stop", rest, 2 * blocks[-1][2])]


def rules() -> list[Part]:
    """Return the menu: how much of a disruption is met, how fast a stock refilled."""
    return [
        cases.rule(
            f"release-{released}-refill-{i}",
            released / DISRUPTION,
            calm={"replenishment_rate_per_month": refill / 12},
        )
        for released in RELEASES
        for i, refill in enumerate(REFILLS)
    ]


@cache
def reserve(years: int, discount: float, **options: float) -> Instance:
    """Return the case for some years with a discount factor."""
    ban = cases.event(
        "disruption",
        cases.chance_phase(mean_days=2 * YEAR, step_days=YEAR)
        | {
            "availability": 1 - DISRUPTION / SUPPLY,
            "price_multiplier": price_at(DISRUPTION) / NORMAL_PRICE,
        },
        stage="both",
        materials=["oil"],
        hazard_per_year=-log(TRANSITION[NORMAL, NORMAL]),
        begins_with_period=True,
        recurs_after={"low_days": YEAR, "high_days": YEAR},
    )
    return read_instance(
        {
            "id": "reserve",
            "name": "Petroleum reserve",
            "horizon": cases.horizon(
                years, period_days=YEAR, discount_rate_per_year=1 / discount - 1
            ),
            "materials": [
                cases.material(
                    "oil",
                    NORMAL_PRICE * MILLION,
                    refill_impact=refill_blocks(),
                    sale_impact=sale_blocks(),
                )
            ],
            "storage_classes": [
                cases.storage_class(cost_usd_per_tonne_year=STORAGE * MILLION)
            ],
            "routes": [
                cases.route(
                    "oil",
                    "CHN",
                    1.0,
                    fee_usd_per_tonne=MILLION * (filling(0) - NORMAL_PRICE),
                )
            ],
            "priority_classes": [{"id": "civil", "name": "Civil"}],
            "participants": [
                {"id": "maker", "name": "Consumers", "priority_class": "civil"}
            ],
            "products": [
                cases.product("fuel", SUPPLY, {"oil": 1.0}, *shortage_blocks())
            ],
            "sourcing_options": [cases.sourcing("in-place")],
            "rules": rules(),
            "levels_days_of_cover": [x * YEAR / SUPPLY for x in STOCKS if x > 0],
            "financing": {
                "facilities": [cases.facility(limit_usd=1e10)],
                "pool_sale_price": "market",
            },
            "events": [ban],
            "options": options,
        }
    )
