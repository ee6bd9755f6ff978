"""Where net imports of a material are mined and refined, from published shares.

Ore comes from a known link first, then from home, then from what others have left.
"""

from dataclasses import dataclass

from service.cases.writing.tables import Row, data, shares

DOMESTIC, OTHERS = "USA", "OTH"
LINKS = {
    ("ndpr_oxide", "MYS"): "AUS",
    ("dysprosium", "MYS"): "AUS",
    ("terbium", "MYS"): "AUS",
    ("cobalt", "FIN"): "COD",
    ("cobalt", "NOR"): "CAN",
    ("cobalt", "JPN"): "PHL",
}


@dataclass(frozen=True, slots=True)
class Origins:
    """Shares of refining and mining countries in net imports, and where they stand."""

    refining: dict[str, float]
    mining: dict[str, float]
    is_by_imports: bool
    source: str


def origins(row: Row) -> Origins:
    """Return the countries that a material comes from."""
    m = row["id"]
    mined = data("supply_shares", mineral_id=m, stage="mine", preferred="yes")
    if row["origins"] == "imports":
        imports = data("us_import_sources", mineral_id=m, is_primary_form="yes")
        refining = shares(imports, "share")
        source = f"us_import_sources.csv {m}"
    else:
        stage = "mine" if row["origins"] == "mines" else "refined"
        refined = data("supply_shares", mineral_id=m, stage=stage, preferred="yes")
        refining = shares(refined, "share_of_world")
        source = f"supply_shares.csv {m} {stage} (one world market)"
    mining = shares(mined, "share_of_world") if mined else dict(refining)
    is_by_imports = row["origins"] == "imports"
    where = f"{source}; ore by supply_shares.csv {m} mine"
    return Origins(refining, mining, is_by_imports, where)


def pairs(m: str, found: Origins, home: str = DOMESTIC) -> dict[tuple[str, str], float]:
    """Return the share of each pair of mining and refining country.

    The ore of home is used at home.
    """
    left = dict(found.mining)
    flows: dict[tuple[str, str], float] = {}
    open_refining: dict[str, float] = {}
    for refining, share in found.refining.items():
        mining = LINKS.get((m, refining), refining)
        is_linked = (m, refining) in LINKS
        # Shares of imports say nothing of how much a miner has left for others.
        is_own = found.is_by_imports and refining in left and refining != OTHERS
        known = share if is_linked or is_own else min(share, left.get(mining, 0.0))
        if known > 0:
            flows[mining, refining] = known
            left[mining] = max(0.0, left.get(mining, 0.0) - known)
        open_refining[refining] = share - known
    pool = {c: s for c, s in left.items() if c != home} or {OTHERS: 1.0}
    total = sum(pool.values()) or 1.0
    for refining, share in open_refining.items():
        for mining, ore in pool.items():
            key = (mining, refining)
            flows[key] = flows.get(key, 0.0) + share * ore / total
    return flows
