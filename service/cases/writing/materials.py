"""The materials of a case: price, volatility, market and emergency supply."""

from service.cases.writing.bills import bottom_up
from service.cases.writing.needs import is_bottom_up, need_source, total_need
from service.cases.writing.tables import (
    Part,
    Row,
    data,
    material_row,
    mineral,
    rounded,
)

EMERGENCY_SHARE = 0.03
EMERGENCY_PREMIUM = 2.0
MINIMUM_DAYS = 0.0
IMPACT = ((0.3, 0.02), (0.3, 0.06), (0.4, 0.15))
DOMINANT_ORIGIN = 0.65
ROTATION_SPREAD = 0.02
SHELF_LIFE = {
    "magnesium_metal": (
        1825,
        (
            "storage_and_shelf_life.csv: unprotected ingot 3 months; assumption: 5 "
            "years in a controlled store"
        ),
    ),
    "lithium": (912, "storage_and_shelf_life.csv lithium carbonate: 2.5 years"),
}


def yearly_need(material: str) -> float:
    """Return what the participants need of a material, tonnes a year."""
    return bottom_up(material) if is_bottom_up(material) else total_need(material)


def price(material: str) -> tuple[float, str]:
    """Return the price in US dollars a tonne and its source."""
    row = mineral(material)
    column = "price_usd_per_t"
    match material_row(material)["price"]:
        case "contained":
            column = "price_usd_per_t_contained"
        case "outside":
            spot = _outside(material)
            source = f"prices_history.csv {material} '{spot['series']}' (outside China)"
            return float(spot["price_usd_per_t"]), source
        case "ratio":
            inside, outside = price_inside("dysprosium"), price("dysprosium")[0]
            source = (
                f"minerals.csv {material} {column} is a price inside China; "
                "assumption: x 3.56 outside, as dysprosium in 2025 (850 to 239 USD/kg)"
            )
            return rounded(price_inside(material) * outside / inside, 4), source
        case _:
            pass
    return float(row[column]), f"minerals.csv {material} {column} ({row['price_year']})"


def price_inside(material: str) -> float:
    """Return the USGS price of a rare earth, inside China or f.o.b. China."""
    return float(mineral(material)["price_usd_per_t"])


def material(row: Row, largest_origin: float, accessible: float) -> Part:
    """Return a material in the form of the case.

    largest_origin is the share of one country in what the vault may buy; accessible
    what all routes have for it, tonnes a year.
    """
    m = row["id"]
    need = yearly_need(m)
    usd_per_tonne, price_source = price(m)
    sigma, sigma_source = _volatility(m)
    is_dominated = largest_origin > DOMINANT_ORIGIN
    part: Part = {
        "id": m,
        "name": row["name"],
        "traded_form": row["traded_form"],
        "stage": row["stage"],
        "lot_tonnes": float(row["lot_tonnes"]),
        "price_usd_per_tonne": usd_per_tonne,
        "price_volatility_per_year": sigma,
        "storage_class": row["storage_class"],
        "market_capacity_tonnes_per_year": rounded(accessible),
        "price_impact": [
            {"tonnes_per_year": rounded(share * accessible), "premium": premium}
            for share, premium in IMPACT
        ],
        "alert_thresholds": [0.05, 0.2, 0.5],
        "emergency_tonnes_per_year": rounded(EMERGENCY_SHARE * need, 3),
        "emergency_premium": EMERGENCY_PREMIUM,
        "minimum_days_of_cover": MINIMUM_DAYS,
        "origin_share_cap": 1.0 if is_dominated else 0.75,
    }
    sources = {
        "participants_need": f"{need:.6g} t a year; {need_source(m)}",
        "lot_tonnes": "assumption: a usual trading lot, about a day or two of the need",
        "price_usd_per_tonne": price_source,
        "price_volatility_per_year": sigma_source,
        "market_capacity_tonnes_per_year": (
            "sum of vault_tonnes_per_year over the eligible routes"
        ),
        "price_impact": (
            "assumption: 2, 6 and 15 % above the price for the first 30, next 30 and "
            "last 40 % of what the routes have for the vault"
        ),
        "alert_thresholds": "assumption: 5, 20 and 50 % of normal supply lost",
        "emergency_tonnes_per_year": "assumption: 3 % of the need from dealers' stocks",
        "emergency_premium": "assumption: twice the scenario's price is lost",
        "minimum_days_of_cover": (
            "assumption: none, so that the plan chooses; the programme's aim of 60 "
            "days for all minerals costs more than 12 billion USD (Wood Mackenzie: 45)"
        ),
        "origin_share_cap": (
            "assumption: no cap, since one country refines most of what can be bought"
            if is_dominated
            else "assumption: three quarters, so that no origin has it all"
        ),
    }
    if m in SHELF_LIFE:
        part["shelf_life_days"], sources["shelf_life_days"] = SHELF_LIFE[m]
        part["rotation_spread"] = ROTATION_SPREAD
        sources["rotation_spread"] = "assumption: 2 % between dealers' bid and offer"
    return {**part, "sources": sources}


def _volatility(material: str) -> tuple[float, str]:
    rows = data("price_volatility", mineral_id=material)
    row = max(rows, key=lambda x: int(x["n_returns"]))
    source = f"price_volatility.csv {material} {row['window']}"
    return float(row["sigma_annual_log"]), source


def _outside(material: str) -> Row:
    rows = data("prices_history", mineral_id=material, is_primary_series="no")
    return next(row for row in rows if "Europe spot" in row["series"])
