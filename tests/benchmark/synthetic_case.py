"""A case of any size with numbers drawn from a seed, as large as no real one is.

Rules, levels, sourcing options and terms of loans are those of `project_vault`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.reading import read_instance
from service.casefiles import load

Draw = np.random.Generator
Section = list[dict[str, Any]]

TEMPLATE = "project_vault"
KEPT = (
    "rules",
    "levels_days_of_cover",
    "sourcing_options",
    "priority_classes",
    "storage_classes",
)
STORAGE_CLASS = "dry"
STORAGE_TONNES = 1e9
OUTLOAD_TONNES_PER_DAY = 1e6
# The chance that a country is the first supplier of a material.
COUNTRIES = {
    "CHN": 0.45,
    "RUS": 0.11,
    "ZAF": 0.11,
    "COD": 0.11,
    "IDN": 0.11,
    "CHL": 0.11,
}
ZONE = ("AUS", "CAN", "JPN", "USA")
BUNDLE_SIZES = (2, 7)
NEIGHBOURHOOD = 8
BUDGET_SHARE_OF_NEED = 0.1  # of what the participants need in a year
PARTICIPANTS_PER_OFFER = 5


@dataclass(frozen=True, slots=True)
class _Supply:
    """Who delivers what: the first country of each material, prices."""

    materials: tuple[str, ...]
    first_country: tuple[str, ...]
    price: tuple[float, ...]


def synthetic_case(
    number_of_materials: int,
    number_of_participants: int,
    number_of_products: int,
    number_of_periods: int,
    seed: int,
) -> Instance:
    """Return a case in which events of several countries hit bundles of materials.

    Each participant makes a product if there are enough of them; products share
    materials with their neighbours, so that many are short together.
    """
    draw = np.random.default_rng(seed)
    template = load(TEMPLATE)
    supply = _supply(draw, number_of_materials)
    participants = _participants(draw, number_of_participants)
    products = _products(draw, supply, number_of_products, participants)
    need = _need_per_day(products)
    case = {name: template[name] for name in KEPT} | {
        "id": "synthetic",
        "name": "A large case drawn from a seed",
        "horizon": {
            "start": "2027-01-01",
            "number_of_periods": number_of_periods,
            "discount_rate_per_year": 0.04,
        },
        "materials": _materials(draw, supply, need),
        "storage_classes": _storage_classes(template),
        "routes": _routes(draw, supply),
        "trade": {"zone_countries": list(ZONE)},
        "participants": participants,
        "products": products,
        "entitlement_offers": _offers(supply, participants, products),
        "financing": _financing(template, supply, need),
        "events": _events(draw, supply),
        "options": {"seed": seed, "gap": 0.02},
    }
    return read_instance(case)


def _supply(draw: Draw, number: int) -> _Supply:
    names, chances = list(COUNTRIES), list(COUNTRIES.values())
    return _Supply(
        tuple(f"m{i:02d}" for i in range(number)),
        tuple(str(x) for x in draw.choice(names, size=number, p=chances)),
        tuple(_rounded(x) for x in 10 ** draw.uniform(3.3, 6, size=number)),
    )


def _participants(draw: Draw, number: int) -> Section:
    classes = ("defence", "infrastructure", "industry")
    return [
        {
            "id": f"o{i:02d}",
            "name": f"Participant {i}",
            "priority_class": str(draw.choice(classes, p=(0.2, 0.2, 0.6))),
            "working_buffer_days": float(draw.choice((10, 20, 30))),
        }
        for i in range(number)
    ]


def _products(
    draw: Draw, supply: _Supply, number: int, participants: Section
) -> Section:
    """Return products of two to five materials that are near to each other."""
    # Every material is needed by somebody, in turn; the others are its neighbours.
    found: Section = []
    for i in range(max(number, len(supply.materials))):
        m = i % len(supply.materials)
        near = (m + np.arange(1, NEIGHBOURHOOD)) % len(supply.materials)
        others = draw.choice(near, size=draw.integers(1, 5), replace=False)
        bill = sorted({m, *others.tolist()})
        maker = participants[i % len(participants)]["id"]
        found.append(_product(draw, supply, f"p{i:03d}", maker, bill))
    return found


def _product(
    draw: Draw, supply: _Supply, name: str, maker: str, bill: list[int]
) -> dict[str, Any]:
    """Return a product of 1,000 US dollars of materials a unit."""
    parts = draw.dirichlet(np.full(len(bill), 2.0)) * 1_000.0
    worth = 10 ** draw.uniform(0.3, 1.2)
    blocks = (
        ("thrift", 0.05, 0.1),
        ("substitution", 0.1, 0.3),
        ("line_stop", 0.25, 0.6),
        ("line_stop", 0.3, 1.0),
        ("line_stop", 0.3, 1.2),
    )
    return {
        "id": name,
        "name": name,
        "unit": "piece",
        "participant": maker,
        "demand_units_per_year": _rounded(10 ** draw.uniform(4.3, 5.7)),
        "bill_of_materials": [
            {
                "material": supply.materials[m],
                "quantity_per_unit": usd / supply.price[m],
            }
            for m, usd in zip(bill, parts.tolist(), strict=True)
        ],
        "shortage_blocks": [
            {"kind": kind, "share": share, "cost_usd_per_unit": 1_000.0 * worth * cost}
            for kind, share, cost in blocks
        ],
    }


def _need_per_day(products: Section) -> dict[str, float]:
    """Return what all products need, tonnes a day by material."""
    need: dict[str, float] = {}
    for product in products:
        for line in product["bill_of_materials"]:
            tonnes = line["quantity_per_unit"] * product["demand_units_per_year"]
            m = line["material"]
            need[m] = need.get(m, 0.0) + tonnes / DAYS_PER_YEAR
    return need


def _materials(draw: Draw, supply: _Supply, need: Mapping[str, float]) -> Section:
    return [
        {
            "id": m,
            "name": f"Material {m}",
            "traded_form": "metal",
            "stage": "metal",
            "lot_tonnes": _rounded(draw.uniform(0.2, 0.9) * need[m]),
            "price_usd_per_tonne": price,
            "price_volatility_per_year": draw.uniform(0.2, 0.35),
            "storage_class": STORAGE_CLASS,
            "market_capacity_tonnes_per_year": 2 * need[m] * DAYS_PER_YEAR,
            "price_impact": [
                {"tonnes_per_year": share * need[m] * DAYS_PER_YEAR, "premium": premium}
                for share, premium in ((0.6, 0.02), (0.6, 0.06), (0.8, 0.15))
            ],
            "emergency_tonnes_per_year": 0.03 * need[m] * DAYS_PER_YEAR,
            "emergency_premium": 2.0,
        }
        for m, price in zip(supply.materials, supply.price, strict=True)
    ]


def _storage_classes(template: Mapping[str, object]) -> Section:
    """Return the class that holds all materials, with room for them."""
    classes = cast("Section", template["storage_classes"])
    one = next(x for x in classes if x["id"] == STORAGE_CLASS)
    room = {
        "capacity_tonnes": STORAGE_TONNES,
        "outload_tonnes_per_day": OUTLOAD_TONNES_PER_DAY,
    }
    return [one | room]


def _routes(draw: Draw, supply: _Supply) -> Section:
    """Return three routes a material: its first country, another, one of the zone."""
    found: Section = []
    for m, first, price in zip(
        supply.materials, supply.first_country, supply.price, strict=True
    ):
        others = [x for x in COUNTRIES if x != first]
        second, zone = str(draw.choice(others)), str(draw.choice(ZONE))
        share = draw.uniform(0.45, 0.85)
        rest = (1 - share) * draw.uniform(0.3, 0.7)
        parts = ((first, share), (second, rest), (zone, 1 - share - rest))
        found += [
            {
                "id": f"{m}_{country}",
                "material": m,
                "mining_country": country,
                "refining_country": country,
                "share": part,
                "capacity_factor": 1.02 if country == first else 1.1,
                "fee_usd_per_tonne": 0.005 * price,
            }
            for country, part in parts
        ]
    return found


def _events(draw: Draw, supply: _Supply) -> Section:
    """Return events on bundles of each country, and one on all that it delivers."""
    found: Section = []
    for country in COUNTRIES:
        materials = [
            m
            for m, first in zip(supply.materials, supply.first_country, strict=True)
            if first == country
        ]
        if not materials:
            continue
        for bundle in (*_bundles(draw, materials), *_bundles(draw, materials)):
            name = f"{country.lower()}_{len(found)}"
            found.append(_event(name, country, bundle, draw.uniform(0.08, 0.2)))
        found.append(_event(f"{country.lower()}_all", country, materials, 0.02))
    return found


def _bundles(draw: Draw, materials: list[str]) -> list[list[str]]:
    """Return the materials in bundles, drawn anew with each call."""
    left = [str(x) for x in draw.permutation(materials)]
    found: list[list[str]] = []
    while left:
        size = int(draw.integers(*BUNDLE_SIZES))
        found.append(sorted(left[:size]))
        left = left[size:]
    return found


def _event(
    name: str, country: str, materials: list[str], hazard: float
) -> dict[str, Any]:
    return {
        "id": name,
        "name": f"{country} stops {len(materials)} materials",
        "country": country,
        "stage": "both",
        "materials": materials,
        "notice_days": 10.0,
        "hazard_per_year": hazard,
        "phases": [
            {
                "name": "licence delay",
                "duration_days_low": 45.0,
                "duration_days_high": 90.0,
                "availability": 0.0,
                "price_multiplier": 2.0,
            },
            {
                "name": "licences",
                "duration_days_low": 180.0,
                "duration_days_high": 540.0,
                "availability": 0.5,
                "price_multiplier": 1.5,
            },
        ],
    }


def _offers(supply: _Supply, participants: Section, products: Section) -> Section:
    """Return an offer of one participant in five for the first thing it needs."""
    price = dict(zip(supply.materials, supply.price, strict=True))
    found: Section = []
    for participant in participants[::PARTICIPANTS_PER_OFFER]:
        made = [x for x in products if x["participant"] == participant["id"]]
        if not made:
            continue
        m = made[0]["bill_of_materials"][0]["material"]
        found.append(
            {
                "id": f"{participant['id']}_{m}",
                "participant": participant["id"],
                "material": m,
                "maximum_lots": 100,
                "inventory_price_usd_per_tonne": 1.03 * price[m],
                "upfront_fee_usd_per_tonne": 0.02 * price[m],
                "carrying_fee_usd_per_tonne_year": 0.055 * price[m],
                "draw_limit_per_month": 0.5,
            }
        )
    return found


def _financing(
    template: Mapping[str, object], supply: _Supply, need: Mapping[str, float]
) -> dict[str, Any]:
    """Return the facilities of the template, their limits in proportion to the need."""
    terms = cast("dict[str, Any]", template["financing"])
    price = dict(zip(supply.materials, supply.price, strict=True))
    yearly = sum(DAYS_PER_YEAR * need[m] * price[m] for m in need)
    limits = sum(x["limit_usd"] for x in terms["facilities"])
    factor = BUDGET_SHARE_OF_NEED * yearly / limits
    facilities = [
        x | {"limit_usd": _rounded(factor * x["limit_usd"])}
        for x in terms["facilities"]
        if x["limit_usd"] > 0
    ]
    return terms | {"facilities": facilities}


def _rounded(x: float) -> float:
    """Return a number with two digits, as people write them."""
    return float(f"{x:.2g}")
