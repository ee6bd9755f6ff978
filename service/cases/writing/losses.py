"""Published losses of a year's cut-off by kind, and minerals that are left out.

OFR 2024-1057 gives losses on the condition of a cut-off; OFR 2025-1047 weights them by
probability (taken as 1 where a control is in force) and gives its worst scenario
without a weight. Two older studies and a share of products are free tests.
"""

from service.cases.writing.tables import Part, Row, content, data

MILLION = 1e6
SCENARIO_SOURCE = "USGS OFR 2024-1057"
ALONE = "USGS OFR 2025-1047"
# One good of two elements with ranks of their own: the better rank counts.
RANKED_AS = {"ndpr_oxide": "neodymium"}
SEMICONDUCTORS = ("power_and_rf_chip", "optoelectronic_chip", "germanium_device")
PLATINUM_AND_RHODIUM = 0.94
PRICES_SINCE_1988 = 304.702 / 118.3
PRICES_SOURCE = "CPI-U annual means 118.3 (1988) and 304.702 (2023), bls.gov"


def published_losses(suppliers: dict[str, str], russian: list[str]) -> list[Part]:
    """Return the published losses, those that the loss model was fitted to first.

    suppliers has the dominant supplier of each material, russian the materials that
    pass through Russia.
    """
    weighted = [_weighted(m, c) for m, c in suppliers.items() if _has_rank(m)]
    return [
        _scenario(["gallium"], is_fitted=True),
        _scenario(["germanium"], is_fitted=True),
        *sorted(weighted, key=lambda part: not part.get("is_fitted", False)),
        _joint(),
        _worst(),
        _embargo(),
        _russia(russian),
    ]


def unmodelled() -> list[Part]:
    """Return the critical minerals of the final list of 2025 that a case leaves out."""
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "reason": row["reason"],
            "known_risk": _known_risk(row),
        }
        for row in content("unmodelled")
    ]


def _known_risk(row: Row) -> str:
    known = f"no rank among the first fifty ({ALONE})"
    if row["rank"]:
        known = f"rank {row['rank']} by expected GDP loss ({ALONE})"
    for mineral in data("minerals", mineral_id=row["id"]):
        tonnes = float(mineral["us_apparent_consumption_t_per_year"])
        price = float(mineral["price_usd_per_t"])
        known += (
            f"; consumption {tonnes:,.6g} t, price {price:,.6g} USD a tonne, net "
            f"imports {mineral['nir_published_2024']} (minerals.csv)"
        )
    return known


def _weighted(material: str, country: str) -> Part:
    row = _ranked(RANKED_AS.get(material, material))
    source = f"gdp_loss.csv {row['mineral_id']} {ALONE}"
    part: Part = {
        "materials": [material],
        "country": country,
        "basis": "weighted",
        "rank": int(row["rank_ofr2025_1047"]),
    }
    sources = {"rank": source}
    if row["gdp_effect_musd"]:
        part |= {"loss_usd": _dollars(row["gdp_effect_musd"]), "is_fitted": True}
        part["probability"] = float(row["probability"])
        sources["loss_usd"] = f"{source} gdp_effect_musd, sign turned"
        sources["probability"] = f"{source} probability: the control is in force"
    else:
        part["loss_usd_low"] = _dollars(row["gdp_effect_musd_high"])
        part["loss_usd_high"] = _dollars(row["gdp_effect_musd_low"])
        for field in ("loss_usd_low", "loss_usd_high"):
            sources[field] = f"{source}: interval that the rank implies, sign turned"
    return {**part, "sources": sources}


def _scenario(materials: list[str], *, is_fitted: bool) -> Part:
    name = ";".join(materials)
    row = next(
        x for x in data("gdp_loss", mineral_id=name) if SCENARIO_SOURCE in x["source"]
    )
    source = f"gdp_loss.csv {name} {SCENARIO_SOURCE}"
    return {
        "materials": materials,
        "country": "CHN",
        "basis": "conditional",
        "loss_usd": _dollars(row["gdp_effect_musd"]),
        "loss_usd_low": _dollars(row["gdp_effect_musd_high"]),
        "loss_usd_high": _dollars(row["gdp_effect_musd_low"]),
        "is_fitted": is_fitted,
        "sources": {
            "loss_usd": f"{source} gdp_effect_musd, sign turned",
            "loss_usd_low": f"{source} gdp_effect_musd_high, sign turned",
            "loss_usd_high": f"{source} gdp_effect_musd_low, sign turned",
        },
    }


def _joint() -> Part:
    """Return the joint loss of Ga and Ge, over 40 % of it in semiconductors."""
    part = _scenario(["gallium", "germanium"], is_fitted=False)
    part["products"] = list(SEMICONDUCTORS)
    part["products_share_low"] = 0.4
    part["sources"]["products_share_low"] = (
        f"gdp_loss.csv gallium;germanium {SCENARIO_SOURCE} notes: over 40 % of the "
        "loss falls on semiconductor devices"
    )
    return part


def _worst() -> Part:
    rows = data("gdp_loss", mineral_id="all")
    row = next(x for x in rows if "worst" in x["scenario"])
    return {
        "materials": ["rhodium"],
        "country": "ZAF",
        "basis": "unweighted",
        "loss_usd": _dollars(row["gdp_effect_musd_low"]),
        "sources": {
            "loss_usd": (
                f"gdp_loss.csv all {ALONE} worst unweighted scenario: rhodium and "
                "niobium lead that ranking; South Africa by the announcement of the "
                "Department of the Interior (2025-08-25, via eadaily.com)"
            )
        },
    }


def _embargo() -> Part:
    row = data("gdp_loss", mineral_id="platinum;rhodium")[0]
    usd = _dollars(row["gdp_effect_musd"]) * PLATINUM_AND_RHODIUM
    return {
        "materials": ["platinum", "rhodium"],
        "country": "ZAF",
        "basis": "conditional",
        "loss_usd": round(usd * PRICES_SINCE_1988, -6),
        "sources": {
            "loss_usd": (
                "gdp_loss.csv platinum;rhodium Bureau of Mines OFR 19-88: 1,850 "
                f"million USD of 1988 x 94 % for the two, in prices of 2023 "
                f"({PRICES_SOURCE}); the economy of 1988 used less of both"
            )
        },
    }


def _russia(materials: list[str]) -> Part:
    row = data("gdp_loss", mineral_id="all", country="Russia")[0]
    return {
        "materials": materials,
        "country": "RUS",
        "basis": "conditional",
        "loss_usd_low": 0.0,
        "loss_usd_high": _dollars(row["gdp_effect_musd_low"]),
        "sources": {
            "loss_usd_low": (
                "gdp_loss.csv all USGS OFR 2017-1023: a gain of 336 million USD at "
                "best, counted as no loss"
            ),
            "loss_usd_high": "gdp_loss.csv all USGS OFR 2017-1023: loss at worst",
        },
    }


def _has_rank(material: str) -> bool:
    rows = data("gdp_loss", mineral_id=RANKED_AS.get(material, material))
    return any(row["rank_ofr2025_1047"] for row in rows)


def _ranked(material: str) -> Row:
    return next(
        x for x in data("gdp_loss", mineral_id=material) if x["rank_ofr2025_1047"]
    )


def _dollars(million: str) -> float:
    return abs(float(million)) * MILLION
