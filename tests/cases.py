"""Cases as files hold them: the smallest one, and parts that fit into it.

Keywords give a part other terms, or further ones.
"""

import json
from collections.abc import Mapping
from typing import Any, cast

Case = dict[str, Any]
Part = dict[str, Any]


def smallest_case() -> Case:
    """Return a fresh mapping of a smallest valid case: 1 t of gallium a month."""
    return {
        "id": "tiny",
        "name": "Gallium for one maker of wafers",
        "horizon": horizon(4),
        "materials": [material("gallium", 500_000.0, lot_tonnes=0.1)],
        "storage_classes": [storage_class()],
        "routes": [route("gallium", "CHN", 0.8), route("gallium", "DEU", 0.2)],
        "priority_classes": [{"id": "civil", "name": "Civil"}],
        "participants": [
            {"id": "maker", "name": "Wafer maker", "priority_class": "civil"}
        ],
        # 0.001 t a wafer x 12,000 wafers a year: 12 t a year, 1 t a month.
        "products": [
            product(
                "wafer",
                12_000.0,
                {"gallium": 0.001},
                ("thrift", 0.1, 1_000.0),
                ("line_stop", 0.9, 10_000.0),
                name="Wafer",
                unit="wafer",
            )
        ],
        "sourcing_options": [sourcing("in-place", name="In place at the start")],
        "rules": [rule("immediate", 1.0, name="Release all that is missing")],
        "levels_days_of_cover": [60],
        "financing": {
            "facilities": [
                facility("loan", limit_usd=5e6, rate_per_year=0.05),
                facility("capital", kind="equity", limit_usd=1e6, rate_per_year=0.08),
            ]
        },
        "events": [
            event("chn-ban", phase(60, 120, price_multiplier=2.0), hazard_per_year=0.3)
        ],
    }


def add_germanium(case: Case) -> None:
    """Make each wafer of the smallest case need as much germanium as gallium."""
    case["materials"].append(case["materials"][0] | {"id": "germanium"})
    for way in list(case["routes"]):
        other = {"id": f"{way['id']}-ge", "material": "germanium"}
        case["routes"].append(way | other)
    bill = case["products"][0]["bill_of_materials"]
    bill.append({"material": "germanium", "quantity_per_unit": 0.001})


def changed(case: Case, changes: Mapping[str, object]) -> Case:
    """Return a copy with values in place, by path: 'materials.0.lot_tonnes'.

    A value at '...+' is added to the list of that name.
    """
    copy = json.loads(json.dumps(case))
    for path, value in changes.items():
        *way, last = path.split(".")
        here: Any = copy
        for step in way:
            here = here[int(step) if step.isdigit() else step]
        if last.endswith("+"):
            here.setdefault(last[:-1], []).append(value)
        else:
            here[last] = value
    return copy


def horizon(number_of_periods: int, **terms: object) -> Part:
    """Return a horizon from 1 January 2026 on."""
    return {"start": "2026-01-01", "number_of_periods": number_of_periods} | terms


def material(m: str, price_usd_per_tonne: float, **terms: object) -> Part:
    """Return a metal in dry storage of which the market has 40 t a year."""
    return {
        "id": m,
        "name": m.capitalize(),
        "traded_form": "metal 4N",
        "stage": "metal",
        "lot_tonnes": 1.0,
        "price_usd_per_tonne": price_usd_per_tonne,
        "storage_class": "dry",
        "market_capacity_tonnes_per_year": 40.0,
    } | terms


def storage_class(**terms: object) -> Part:
    """Return a dry warehouse."""
    return {
        "id": "dry",
        "name": "Dry warehouse",
        "capacity_tonnes": 100.0,
        "cost_usd_per_tonne_year": 200.0,
        "outload_tonnes_per_day": 1.0,
    } | terms


def route(m: str, country: str, share: float, **terms: object) -> Part:
    """Return a route of a material that is mined and refined in one country."""
    return {
        "id": f"{m}-{country.lower()}",
        "material": m,
        "mining_country": country,
        "refining_country": country,
        "share": share,
    } | terms


def product(
    p: str,
    units_per_year: float,
    tonnes_per_unit: Mapping[str, float],
    *blocks: tuple[str, float, float],
    **terms: object,
) -> Part:
    """Return a product of the maker; a block is a kind, a share and dollars a unit."""
    return {
        "id": p,
        "name": p,
        "unit": "piece",
        "participant": "maker",
        "demand_units_per_year": units_per_year,
        "bill_of_materials": [
            {"material": m, "quantity_per_unit": tonnes}
            for m, tonnes in tonnes_per_unit.items()
        ],
        "shortage_blocks": [
            {"kind": kind, "share": share, "cost_usd_per_unit": cost}
            for kind, share, cost in blocks
        ],
    } | terms


def sourcing(identifier: str, build_up_periods: int = 0, **terms: object) -> Part:
    """Return a sourcing option with a build-up of some periods from any origin."""
    plain = {"id": identifier, "name": identifier, "origins": "any"}
    return plain | {"build_up_periods": build_up_periods} | terms


def stock_lot(identifier: str, tonnes: float, **terms: object) -> Part:
    """Return a lot of free gallium from China that arrived on the first day."""
    return {
        "id": identifier,
        "material": "gallium",
        "tonnes": tonnes,
        "arrival": "2026-01-01",
        "mining_country": "CHN",
        "refining_country": "CHN",
    } | terms


def purchase(identifier: str, tonnes: float, **terms: object) -> Part:
    """Return a free purchase of gallium on the way from China, due in period 1."""
    return {
        "id": identifier,
        "material": "gallium",
        "route": "gallium-chn",
        "tonnes": tonnes,
        "arrival_period": 1,
        "price_usd_per_tonne": 500_000.0,
    } | terms


def rule(
    j: str,
    coverage: float,
    *,
    name: str | None = None,
    calm: Part | None = None,
    **terms: object,
) -> Part:
    """Return a rule that releases a share of the gap from alert 1 on.

    The terms hold at each alert, those in `calm` at alert 0 only.
    """
    zero = {"draw_rate_per_month": 0.0, "coverage": 0.0} | terms | (calm or {})
    step = {"draw_rate_per_month": 1.0, "coverage": coverage} | terms
    return {"id": j, "name": name or j, "steps": [zero, step, {**step}, {**step}]}


def facility(identifier: str = "loan", **terms: object) -> Part:
    """Return a loan of up to a billion dollars without interest and fees."""
    plain = {"id": identifier, "name": identifier.capitalize(), "kind": "loan"}
    return plain | {"limit_usd": 1e9, "rate_per_year": 0.0} | terms


def instalments(start: int, number: int) -> Part:
    """Return the terms of equal instalments that begin after the last draw."""
    return {
        "last_draw_period": start - 1,
        "repayment_start_period": start,
        "number_of_instalments": number,
    }


def offer(**terms: object) -> Part:
    """Return the offer of a right of up to 2 t of gallium to the maker."""
    return {
        "id": "right",
        "participant": "maker",
        "material": "gallium",
        "maximum_lots": 20,
        "inventory_price_usd_per_tonne": 450_000.0,
        "upfront_fee_usd_per_tonne": 1_000.0,
        "carrying_fee_usd_per_tonne_year": 12_000.0,
    } | terms


def contract(**terms: object) -> Part:
    """Return a contract for 0.1 t of gallium a month from Germany, four months long."""
    return {
        "id": "offtake",
        "name": "Offtake",
        "material": "gallium",
        "route": "gallium-deu",
        "volume_tonnes_per_year": 1.2,
        "term_periods": 4,
    } | terms


def phase(low: float = 1.0, high: float | None = None, **terms: object) -> Part:
    """Return a phase without any supply, `low` to `high` days long."""
    return {
        "name": "ban",
        "duration_days_low": low,
        "duration_days_high": low if high is None else high,
        "availability": 0.0,
    } | terms


def chance_phase(**duration: object) -> Part:
    """Return a phase without any supply whose duration has the law that is given."""
    return {"name": "ban", "duration": duration, "availability": 0.0}


def disruption(*phases: Part, **terms: object) -> Part:
    """Return a ban by China on refined gallium."""
    cut = {"country": "CHN", "stage": "refining", "materials": ["gallium"]}
    return cut | {"phases": list(phases)} | terms


def event(identifier: str, *phases: Part, **terms: object) -> Part:
    """Return an event that is such a ban; it needs a hazard or a date."""
    return {"id": identifier, "name": "Export ban"} | disruption(*phases) | terms


def replay(identifier: str, *disruptions: Part) -> Part:
    """Return a replay of disruptions, which need their days of onset."""
    title = identifier.title()
    return {"id": identifier, "name": title, "disruptions": list(disruptions)}


def has_number(value: object) -> bool:
    """Return whether a value of a case is a number, or has one somewhere in it."""
    if isinstance(value, bool):
        return False
    if isinstance(value, dict):
        return any(map(has_number, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return any(map(has_number, cast("list[object]", value)))
    return isinstance(value, int | float)
