"""Offers of participants to take pre-purchase rights."""

from service.cases.writing.bills import bottom_up_by_participant
from service.cases.writing.materials import price
from service.cases.writing.tables import Part, Row, content, rounded

DAYS_PER_YEAR = 365.25
PREMIUM = 1.03
UPFRONT = 0.02
CARRY = 0.0565


def offers() -> list[Part]:
    """Return the offers of the content table in the form of the case."""
    return [offer(row) for row in content("offers")]


def offer(row: Row) -> Part:
    """Return one offer, sized in days of the participant's own need."""
    m, o = row["material"], row["participant"]
    lot = float(content("materials", id=m)[0]["lot_tonnes"])
    tonnes = bottom_up_by_participant(m, o) * float(row["days"]) / DAYS_PER_YEAR
    usd = price(m)[0]
    part: Part = {
        "id": f"{o}_{m}",
        "participant": o,
        "material": m,
        "minimum_lots": 1,
        "maximum_lots": max(1, round(tonnes / lot)),
        "inventory_price_usd_per_tonne": rounded(PREMIUM * usd, 4),
        "upfront_fee_usd_per_tonne": rounded(UPFRONT * usd, 3),
        "carrying_fee_usd_per_tonne_year": rounded(CARRY * usd, 3),
        "draw_limit_per_month": 0.5,
        "coverage": 1.0,
        "access_alert": int(row["access_alert"]),
        "replenish_within_periods": 12,
    }
    sources = {
        "minimum_lots": "assumption: any award is welcome",
        "maximum_lots": f"assumption: {row['days']} days of the participant's own need",
        "inventory_price_usd_per_tonne": "assumption: price at the start and 3 %",
        "upfront_fee_usd_per_tonne": "assumption: not public; 2 % of the price",
        "carrying_fee_usd_per_tonne_year": (
            "loan interest and storage (press reports, February 2026); assumption: "
            "5.65 % of the price, as five sixths at 5.03 % and one sixth at 8 %, and "
            "rent"
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
