"""Small cases and scenarios with numbers drawn from a seed; any of them is valid."""

import numpy as np

from models.instance import Instance
from models.reading import read_instance
from optimizer.scenarios.market import demand_path, price_path
from optimizer.scenarios.scenario_set import ScenarioSet
from tests import cases
from tests.cases import Part

RAMP_DOWN = [{"period": 0, "value": 1.0}, {"period": 4, "value": 0.0}]
COUNTRIES = ("AUS", "CHN", "USA")


def random_case(seed: int, *, number_of_periods: int = 5) -> Instance:
    """Return two or three materials, participants and products, pools and rights.

    In one case of two the routes limit what the vault may take, beside another buyer.
    In one of two of these a route of m0 ramps up and costs about as much as it earns,
    what is bought in the zone pays that cost, and a product ramps down. In one of two
    with several participants not all of them are members. Refills and sales of one
    material of two move its price.
    """
    draw = np.random.default_rng(seed)
    limits = np.random.default_rng([seed, 1])
    impacts = np.random.default_rng([seed, 2])
    is_limited = limits.random() < 0.5
    closing = np.random.default_rng([seed, 4])
    closes = is_limited and closing.random() < 0.5
    materials = [f"m{i}" for i in range(draw.integers(2, 4))]
    participants = [f"o{i}" for i in range(draw.integers(1, 4))]
    return read_instance(
        {
            "id": "random",
            "name": "A case drawn from a seed",
            "horizon": cases.horizon(number_of_periods, discount_rate_per_year=0.05),
            "materials": [
                _material(draw, m) | _rotation(limits, is_limited) | _impacts(impacts)
                for m in materials
            ],
            "storage_classes": [
                cases.storage_class(
                    capacity_tonnes=1000.0,
                    cost_usd_per_tonne_year=12.0,
                    insurance_rate_per_year=0.02,
                    outload_tonnes_per_day=draw.uniform(0.02, 2),
                    notice_days=_one_of(draw, 0.0, 30.0),
                )
            ],
            "routes": [
                cases.route(
                    m,
                    country,
                    share,
                    capacity_factor=_one_of(draw, 1.0, 1.3),
                    conversion_yield=draw.uniform(0.5, 1),
                    fee_usd_per_tonne=draw.uniform(0, 5),
                    vault_tonnes_per_year=limits.uniform(1, 40) if is_limited else None,
                )
                | (
                    _closing(closing)
                    if closes and (m, country) == ("m0", "AUS")
                    else {}
                )
                for m in materials
                for country, share in zip(COUNTRIES, (0.2, 0.5, 0.3), strict=True)
            ],
            "treatment_charges": [
                {
                    "id": "index",
                    "name": "Index",
                    "material": "m0",
                    "stage": "ore",
                    "usd_per_tonne": [
                        {"period": 0, "value": -20.0},
                        {"period": 4, "value": 90.0},
                    ],
                }
            ]
            if closes
            else [],
            "trade": {"zone_countries": ["AUS", "USA"], "border_adjustment_rate": 0.1},
            "competing_buyers": [
                {
                    "id": "ally",
                    "name": "Ally",
                    "material": "m0",
                    "countries": ["AUS", "USA"],
                    "tonnes_per_year": 1.0,
                }
            ]
            if is_limited
            else [],
            "priority_classes": [
                {"id": "defence", "name": "Defence", "weight": 3.0},
                {"id": "civil", "name": "Civil"},
            ],
            "participants": [
                {
                    "id": o,
                    "name": o,
                    "priority_class": _one_of(draw, "defence", "civil"),
                    "working_buffer_days": _one_of(draw, 0.0, 10.0),
                }
                for o in participants
            ],
            "membership": _membership(seed, participants),
            "products": [
                _product(draw, f"p{i}", participants, materials)
                | ({"ramp": RAMP_DOWN} if closes and i == 1 else {})
                for i in range(len(participants) + 1)
            ],
            "sourcing_options": [
                cases.sourcing("ready"),
                cases.sourcing("late", 2, start_period=1),
                cases.sourcing("zone", 3, origins="zone", pays_operating_cost=closes),
            ],
            "rules": [_rule(draw, f"j{i}") for i in range(2)],
            "levels_days_of_cover": [20, 75],
            "entitlement_offers": [
                _offer(draw, number_of_periods, participants[0], m) for m in materials
            ],
            "contracts": [
                cases.contract(
                    material="m0",
                    route="m0-aus",
                    volume_tonnes_per_year=draw.uniform(5, 20),
                    term_periods=600,
                    floor_usd_per_tonne=300.0,
                    upside_threshold_usd_per_tonne=400.0,
                    upside_share=0.3,
                    upside_cap_usd_per_year=draw.uniform(10, 1000),
                    beneficiary=_one_of(draw, None, "o0"),
                )
            ],
            "financing": {
                "facilities": [],
                "opening_cash_usd": 1e9,
                "pool_sale_price": _one_of(draw, "book", "market"),
            },
        }
    )


def random_scenarios(instance: Instance, seed: int, number: int = 3) -> ScenarioSet:
    """Return scenarios with routes cut at random, in part or whole."""
    draw = np.random.default_rng(seed)
    plane = (number, instance.horizon.number_of_periods)
    base_price = price_path(instance)
    demand = demand_path(instance)
    return ScenarioSet(
        names=tuple(f"w{w}" for w in range(number)),
        probability=np.full(number, 1 / number),
        stratum=np.zeros(number, dtype=np.int64),
        availability=draw.choice([0.0, 0.3, 1.0], size=(len(instance.routes), *plane)),
        announced=draw.random((len(instance.materials), *plane)) < 0.3,
        price=base_price[:, None]
        * draw.uniform(0.5, 3, size=(len(base_price), *plane)),
        base_price=base_price,
        demand=demand[:, None] * draw.uniform(0.8, 1.2, size=(len(demand), *plane)),
    )


def _one_of(draw: np.random.Generator, *values: object) -> object:
    return values[int(draw.integers(len(values)))]


def _material(draw: np.random.Generator, m: str) -> Part:
    return cases.material(
        m,
        draw.uniform(100, 1000),
        lot_tonnes=0.01,
        shelf_life_days=_one_of(draw, None, 70.0),
        market_capacity_tonnes_per_year=draw.uniform(20, 200),
        emergency_tonnes_per_year=_one_of(draw, 0.0, 30.0),
        emergency_premium=draw.uniform(0.1, 3),
        price_impact=[
            {"tonnes_per_year": 10.0, "premium": 0.05},
            {"tonnes_per_year": 20.0, "premium": 0.2},
        ],
    )


def _rotation(limits: np.random.Generator, is_limited: bool) -> Part:  # noqa: FBT001
    """Return a short shelf life with rotation for one limited material of two."""
    if not is_limited or limits.random() < 0.5:
        return {}
    return {"shelf_life_days": 70.0, "rotation_spread": limits.uniform(0, 0.1)}


def _closing(draw: np.random.Generator) -> Part:
    """Return an operating cost of about what ore or metal earns."""
    return {
        "operating_cost_usd_per_tonne": draw.uniform(10, 800),
        "purchase_stage": _one_of(draw, None, "ore"),
        "treatment_charge": _one_of(draw, None, "index"),
        "ramp": [{"period": 1, "value": 0.4}, {"period": 4, "value": 1.0}],
    }


def _membership(seed: int, participants: list[str]) -> Part | None:
    draw = np.random.default_rng([seed, 5])
    if len(participants) == 1 or draw.random() < 0.5:
        return None
    number = int(draw.integers(1, len(participants)))
    members = draw.permutation(participants)[:number].tolist()
    fee = draw.uniform(0, 0.05)
    others = _one_of(draw, "none", "after_members")
    return {"members": sorted(members), "fee_rate_per_year": fee, "others": others}


def _impacts(impacts: np.random.Generator) -> Part:
    """Return blocks of own refills and sales for one material of two."""
    if impacts.random() < 0.5:
        return {}
    widths = impacts.uniform(0.5, 20, 2)
    return {
        "refill_impact": [
            {"tonnes_per_year": widths[0], "premium": 0.1},
            {"tonnes_per_year": widths[1], "premium": 0.5},
        ],
        "sale_impact": [
            {"tonnes_per_year": widths[1], "discount": 0.05},
            {"tonnes_per_year": widths[0], "discount": 0.3},
        ],
    }


def _product(
    draw: np.random.Generator, p: str, participants: list[str], materials: list[str]
) -> Part:
    number = int(p.removeprefix("p"))
    parts = materials if number == 0 else draw.permutation(materials)[:2].tolist()
    costs = np.sort(draw.uniform(10, 1000, 3)).tolist()
    return cases.product(
        p,
        draw.uniform(1000, 5000),
        {m: draw.uniform(0.001, 0.01) for m in parts},
        ("thrift", 0.1, costs[0]),
        ("substitution", 0.2, costs[1]),
        ("line_stop", 0.7, costs[2]),
        participant=participants[number % len(participants)],
    )


def _rule(draw: np.random.Generator, name: str) -> Part:
    return {
        "id": name,
        "name": name,
        "steps": [
            {
                "draw_rate_per_month": draw.uniform(0.1, 1),
                "coverage": draw.uniform(0.3, 1),
                "floor": _one_of(draw, 0.0, 0.2),
                "replenishment_rate_per_month": _one_of(draw, 0.0, 0.3),
                "price_cap": _one_of(draw, None, 1.5),
            }
            for _ in range(4)
        ],
    }


def _offer(draw: np.random.Generator, periods: int, participant: str, m: str) -> Part:
    return cases.offer(
        id=f"{participant}-{m}",
        participant=participant,
        material=m,
        maximum_lots=300,
        inventory_price_usd_per_tonne=500.0,
        upfront_fee_usd_per_tonne=20.0,
        carrying_fee_usd_per_tonne_year=30.0,
        draw_limit_per_month=draw.uniform(0.2, 1),
        coverage=draw.uniform(0.5, 1),
        access_alert=int(draw.integers(0, 3)),
        replenish_within_periods=int(draw.integers(1, 4)),
        repurchase_period=_one_of(draw, None, periods - 2),
    )
