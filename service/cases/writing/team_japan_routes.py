"""Routes of Team Japan: by shares of Japan's need, with what they can spare."""

from service.cases.writing.materials import price
from service.cases.writing.routes import (
    FEE,
    FEW_LICENCES,
    FOR_VAULT_ELSEWHERE,
    FOR_VAULT_IN_ZONE,
    FOR_VAULT_LICENSED,
    LICENSED,
)
from service.cases.writing.tables import Part, Row, content, fragment, rounded

JAPAN = "JPN"
LAST_PERIOD = 35
FEE_SOURCE = "assumption: 0.5 % of the price for freight and assay"
# By kind of what is spare: capacity factor and its reason, share for the vault and its
# reason.
ELSEWHERE = (
    "assumption: a tenth of normal deliveries, from idle capacity and from what is "
    "sold elsewhere"
)
IN_ZONE = (
    "assumption: a quarter of normal deliveries, from idle capacity and from what is "
    "sold elsewhere"
)
EXPORTED = (
    "assumption: a quarter more, of what smelters export: about half of JX's copper "
    "(metalsweekly.com, 2025-09), and zinc (Mitsui alone makes 221,500 t a year, "
    "channelnewsasia.com 2023-10-02)"
)
SPARE: dict[str, tuple[float, str, float, str]] = {
    "licensed": (1.0, LICENSED, FOR_VAULT_LICENSED, FEW_LICENCES),
    "elsewhere": (
        1.02,
        "assumption: little spare capacity for Japan elsewhere",
        FOR_VAULT_ELSEWHERE,
        ELSEWHERE,
    ),
    "zone": (
        1.1,
        "assumption: a tenth of spare capacity in the trusted zone",
        FOR_VAULT_IN_ZONE,
        IN_ZONE,
    ),
    "recycling": (
        1.1,
        "assumption: recyclers can collect a tenth more",
        FOR_VAULT_ELSEWHERE,
        "assumption: a tenth of normal deliveries",
    ),
    "exported": (
        1.25,
        EXPORTED,
        FOR_VAULT_ELSEWHERE,
        "assumption: a tenth of normal deliveries",
    ),
}


def routes(row: Row) -> list[Part]:
    """Return the routes of a material; shares of those that do not ramp sum to 1."""
    terms, m = fragment("japan/terms"), row["id"]
    need = float(row["tonnes_per_year"])
    return [
        *(_route(x, need) for x in content("japan/routes", material=m)),
        *(x for x in terms["routes"] if x["material"] == m),
        *(_scrap(x, need) for x in terms["urban_mines"] if x["material"] == m),
    ]


def _route(row: Row, need: float) -> Part:
    m, share = row["material"], float(row["share"])
    factor, reason, taken, taken_reason = SPARE[row["spare"]]
    end = (
        "recycling"
        if row["kind"] == "recycling"
        else f"{row['mining']}_{row['refining']}"
    )
    return {
        "id": f"{m}_{end}",
        "material": m,
        "kind": row["kind"],
        "mining_country": row["mining"],
        "refining_country": row["refining"],
        "fee_usd_per_tonne": rounded(FEE * price(m)[0], 3),
        "share": share,
        "capacity_factor": factor,
        "vault_tonnes_per_year": rounded(taken * share * need, 4),
        "sources": {
            "fee_usd_per_tonne": FEE_SOURCE,
            "share": row["source"],
            "capacity_factor": reason,
            "vault_tonnes_per_year": taken_reason,
        },
    }


def _scrap(row: Part, need: float) -> Part:
    """Return an urban mine that starts at today's rate and ramps to its share."""
    m, share = row["material"], row["share"]
    factor, reason, taken, taken_reason = SPARE["recycling"]
    return {
        "id": f"{m}_scrap",
        "material": m,
        "kind": "recycling",
        "mining_country": JAPAN,
        "refining_country": JAPAN,
        "fee_usd_per_tonne": rounded(FEE * price(m)[0], 3),
        "ramp": [
            {"period": 0, "value": rounded(row["start"] / share, 4)},
            {"period": LAST_PERIOD, "value": 1.0},
        ],
        "share": share,
        "capacity_factor": factor,
        "vault_tonnes_per_year": rounded(taken * share * need, 4),
        "sources": {
            "fee_usd_per_tonne": FEE_SOURCE,
            "ramp": f"{row['source']} at the start; assumption: all after three years",
            "share": f"assumption: {share / row['start']:.3g} times the rate of today",
            "capacity_factor": reason,
            "vault_tonnes_per_year": taken_reason,
        },
    }
