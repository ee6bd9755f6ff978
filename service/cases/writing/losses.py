"""Published losses of a year's cut-off, and critical minerals that are left out."""

from service.cases.writing.tables import Part, Row, content, data

MILLION = 1e6
SCENARIO_SOURCE = "USGS OFR 2024-1057"
ALONE = "USGS OFR 2025-1047"


def published_losses(suppliers: dict[str, str]) -> list[Part]:
    """Return a loss for each modelled material, and the joint one of Ga and Ge.

    Ranks come from OFR 2025-1047, whose figures are weighted by probability; the
    figures of gallium and germanium come from OFR 2024-1057, whose figures are not.
    """
    joint = ["gallium", "germanium"]
    return [*(_alone(m, c) for m, c in suppliers.items()), _unweighted(joint)]


def rank(material: str) -> tuple[int, str]:
    """Return the rank of a material in OFR 2025-1047 and its row."""
    row = _ranked(material)
    return int(row["rank_ofr2025_1047"]), f"gdp_loss.csv {material} {ALONE}"


def unmodelled() -> list[Part]:
    """Return the critical minerals of the final list of 2025 that a case leaves out."""
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "reason": row["reason"],
            "known_risk": (
                f"rank {row['rank']} by expected GDP loss ({ALONE})"
                if row["rank"]
                else f"no rank among the first fifty ({ALONE})"
            ),
        }
        for row in content("unmodelled")
    ]


def _alone(material: str, country: str) -> Part:
    ranked = _ranked(material)
    place, source = rank(material)
    if material in {"gallium", "germanium"}:
        part = _unweighted([material])
        part["sources"]["rank"] = source
        return {**part, "rank": place}
    part: Part = {"materials": [material], "country": country, "rank": place}
    sources = {"rank": source}
    if ranked["gdp_effect_musd"]:
        part["loss_usd"] = _dollars(ranked["gdp_effect_musd"])
        sources["loss_usd"] = f"{source} gdp_effect_musd (probability taken as 1)"
    return {**part, "sources": sources}


def _unweighted(materials: list[str]) -> Part:
    name = ";".join(materials)
    row = next(
        x for x in data("gdp_loss", mineral_id=name) if SCENARIO_SOURCE in x["source"]
    )
    source = f"gdp_loss.csv {name} {SCENARIO_SOURCE}"
    return {
        "materials": materials,
        "country": "CHN",
        "loss_usd": _dollars(row["gdp_effect_musd"]),
        "loss_usd_low": _dollars(row["gdp_effect_musd_high"]),
        "loss_usd_high": _dollars(row["gdp_effect_musd_low"]),
        "sources": {
            "loss_usd": f"{source} gdp_effect_musd, sign turned",
            "loss_usd_low": f"{source} gdp_effect_musd_high, sign turned",
            "loss_usd_high": f"{source} gdp_effect_musd_low, sign turned",
        },
    }


def _ranked(material: str) -> Row:
    return next(
        x for x in data("gdp_loss", mineral_id=material) if x["rank_ofr2025_1047"]
    )


def _dollars(million: str) -> float:
    return abs(float(million)) * MILLION
