"""Offers of participants to take pre-purchase rights, which pay for what they tie up.

The upfront fee is what raising the money costs, the carrying fee interest, insurance
and rent of the tonnes held.
"""

from service.cases.writing.bills import bottom_up_by_participant
from service.cases.writing.materials import price
from service.cases.writing.tables import Part, Row, content, fragment, rounded

DAYS_PER_YEAR = 365.25
PREMIUM = 1.03


def offers() -> list[Part]:
    """Return the offers of the content table in the form of the case."""
    return [offer(row) for row in content("offers")]


def offer(row: Row) -> Part:
    """Return one offer, sized in days of the participant's own need."""
    m, o = row["material"], row["participant"]
    lot = float(content("materials", id=m)[0]["lot_tonnes"])
    tonnes = bottom_up_by_participant(m, o) * float(row["days"]) / DAYS_PER_YEAR
    usd = price(m)[0]
    storage = _storage(m)
    rent, insured = (
        storage["cost_usd_per_tonne_year"],
        storage["insurance_rate_per_year"],
    )
    interest, exposure = _mean("rate_per_year"), _mean("exposure_fee")
    part: Part = {
        "id": f"{o}_{m}",
        "participant": o,
        "material": m,
        "minimum_lots": 1,
        "maximum_lots": max(1, round(tonnes / lot)),
        "inventory_price_usd_per_tonne": rounded(PREMIUM * usd, 4),
        "upfront_fee_usd_per_tonne": rounded(exposure * usd, 3),
        "carrying_fee_usd_per_tonne_year": rounded(
            (interest + insured) * usd + rent, 3
        ),
        "draw_limit_per_month": 0.5,
        "coverage": 1.0,
        "access_alert": int(row["access_alert"]),
        "replenish_within_periods": 12,
    }
    sources = {
        "minimum_lots": "assumption: any award is welcome",
        "maximum_lots": f"assumption: {row['days']} days of the participant's own need",
        "inventory_price_usd_per_tonne": "assumption: price at the start and 3 %",
        "upfront_fee_usd_per_tonne": (
            f"assumption: not public; {_percent(exposure)} of the price, the exposure "
            "fee of the facilities by their limits"
        ),
        "carrying_fee_usd_per_tonne_year": (
            "loan interest and storage (press reports, February 2026); assumption: "
            f"{_percent(interest)} of the price, the rate of the facilities by their "
            f"limits, {_percent(insured)} for insurance and {rent:g} USD of rent "
            f"(storage class {storage['id']})"
        ),
        "draw_limit_per_month": "assumption: half of the right in a month",
        "coverage": "full access in a major disruption (press reports, February 2026)",
        "access_alert": "assumption: what a major disruption is was not published",
        "replenish_within_periods": "assumption: a year to bring back what was drawn",
    }
    if row["repurchase_period"]:
        part["repurchase_period"] = int(row["repurchase_period"])
        sources["repurchase_period"] = (
            "participants buy the quantity back at the price (press reports, February "
            "2026); assumption: at the end of the horizon"
        )
    return {**part, "sources": sources}


def _storage(material: str) -> Part:
    """Return the storage class of a material."""
    wanted = content("materials", id=material)[0]["storage_class"]
    classes = fragment("framework")["storage_classes"]
    return next(x for x in classes if x["id"] == wanted)


def _mean(term: str) -> float:
    """Return a term of the facilities, weighted by their limits."""
    facilities = fragment("framework")["financing"]["facilities"]
    limits = sum(x["limit_usd"] for x in facilities)
    return sum(x.get(term, 0.0) * x["limit_usd"] for x in facilities) / limits


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.4g} %"
