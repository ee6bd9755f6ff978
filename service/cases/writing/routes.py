"""Routes of a material: where it is mined and refined, from published shares.

Net imports are spread over countries as the world refines, or as the United States
import; the rest is domestic, as far as there is output at home, or recycled.
"""

from collections.abc import Collection
from dataclasses import dataclass

from service.cases.writing.materials import price, yearly_need
from service.cases.writing.origins import DOMESTIC, OTHERS, origins, pairs
from service.cases.writing.regimes import is_controlled
from service.cases.writing.tables import (
    Part,
    Row,
    data,
    fragment,
    material_row,
    mineral,
    rounded,
    shares,
)

CHINA = "CHN"
# What the vault may buy beside the normal deliveries of a route, as a share of them.
FOR_VAULT_IN_ZONE = 0.25
FOR_VAULT_ELSEWHERE = 0.10
FOR_VAULT_LICENSED = 0.02
FEW_LICENCES = (
    "export_controls_in_force.csv China: a licence names its end user; assumption: a "
    "fiftieth of normal deliveries through traders, since a reserve gets no licence"
)
LICENSED = (
    "export_controls_in_force.csv China: each shipment needs a licence, so that "
    "nothing is spare"
)
SMALLEST_SHARE = 0.02
FEE = 0.005
RELIANCE = {
    "ndpr_oxide": (0.8, "assumption: Mountain Pass separates a fifth of the need"),
    "samarium": (1.0, "assumption: as dysprosium and terbium"),
    "gadolinium": (1.0, "assumption: as dysprosium and terbium"),
    "lithium": (0.8, "assumption: printed as above 50; domestic output is one brine"),
    "hafnium": (1.0, "assumption: the need is what is imported, net"),
    "iridium": (1.0, "assumption: the need is what is imported"),
    "rhodium": (0.7, "assumption: three tenths come from scrapped catalysts"),
}
Flow = tuple[str, str, str]  # where it is mined, where it is refined, its kind
PRIMARY_AT_HOME = frozenset({"ndpr_oxide", "lithium"})


@dataclass(frozen=True, slots=True)
class Users:
    """Who needs a material: where they are, tonnes a year, and whom they trust."""

    country: str
    name: str
    need: float
    zone: Collection[str]


def routes(row: Row) -> list[Part]:
    """Return all routes of a material; their shares sum to 1."""
    m = row["id"]
    found = origins(row)
    reliance, reliance_source = _reliance(m)
    where = f"net import reliance {reliance:g} ({reliance_source}) x {found.source}"
    zone = fragment("framework")["trade"]["zone_countries"]
    users = Users(DOMESTIC, "the United States", yearly_need(m), zone)
    flows: dict[Flow, float] = {}
    for (mining, refining), share in pairs(m, found).items():
        flows[mining, refining, "primary"] = reliance * share
    primary, recycled = _domestic(m, 1.0 - reliance)
    at_home = (DOMESTIC, DOMESTIC, "primary")
    flows[at_home] = flows.get(at_home, 0.0) + primary
    flows[DOMESTIC, DOMESTIC, "recycling"] = recycled
    return [
        _with_direct_share(route(m, key, share, _share_source(m, key, where), users))
        for key, share in without_small(flows).items()
    ]


def _reliance(m: str) -> tuple[float, str]:
    if m in RELIANCE:
        return RELIANCE[m]
    row = mineral(m)
    note = ", printed as a bound" if row["nir_is_bound"] == "yes" else ""
    source = f"minerals.csv {m} net_import_reliance_pct{note}"
    return float(row["net_import_reliance_pct"]) / 100, source


def _domestic(m: str, share: float) -> tuple[float, float]:
    """Split what is not imported into primary output at home and recycling."""
    if m in PRIMARY_AT_HOME:
        return share, 0.0
    world = mineral(m)["world_production_t"]
    stage = mineral(m)["world_production_stage"]
    rows = data(
        "supply_shares", mineral_id=m, stage=stage, preferred="yes", iso3=DOMESTIC
    )
    at_home = sum(float(x["share_of_world"]) for x in rows) * float(world or 0)
    primary = min(share, at_home / yearly_need(m))
    return primary, share - primary


def without_small(flows: dict[Flow, float]) -> dict[Flow, float]:
    """Return flows of some size whose shares sum to 1, the others as one."""
    others = (OTHERS, OTHERS, "primary")
    kept = {k: rounded(v, 4) for k, v in flows.items() if v >= SMALLEST_SHARE}
    kept.pop(others, None)
    rest = round(1.0 - sum(kept.values()), 6)
    if rest < SMALLEST_SHARE / 10:
        largest = max(kept, key=lambda key: kept[key])
        kept[largest] = round(kept[largest] + rest, 6)
        return kept
    return {**kept, others: rest}


def route(m: str, key: Flow, share: float, source: str, users: Users) -> Part:
    """Return the route of a flow of a material to its users, with what is spare."""
    mining, refining, kind = key
    is_in_zone = mining in users.zone and refining in users.zone
    factor, reason = _capacity(kind, users.name, is_in_zone=is_in_zone)
    taken, taken_reason = _for_vault(kind, is_in_zone=is_in_zone)
    if CHINA in {mining, refining} and is_controlled(m) and users.country != CHINA:
        factor, reason = 1.0, LICENSED
        taken, taken_reason = FOR_VAULT_LICENSED, FEW_LICENCES
    end = "recycling" if kind == "recycling" else f"{mining}_{refining}"
    return {
        "id": f"{m}_{end}",
        "material": m,
        "kind": kind,
        "mining_country": mining,
        "refining_country": refining,
        "fee_usd_per_tonne": rounded(FEE * price(m)[0], 3),
        "share": share,
        "capacity_factor": factor,
        "vault_tonnes_per_year": rounded(taken * share * users.need, 4),
        "sources": {
            "fee_usd_per_tonne": "assumption: 0.5 % of the price for freight and assay",
            "share": source,
            "capacity_factor": reason,
            "vault_tonnes_per_year": taken_reason,
        },
    }


def _with_direct_share(part: Part) -> Part:
    direct = _direct(part["material"], part["refining_country"])
    if direct is None:
        return part
    sources = {**part["sources"], "direct_share": direct[1]}
    rest = {key: value for key, value in part.items() if key != "sources"}
    return {**rest, "direct_share": direct[0], "sources": sources}


def _direct(m: str, refining: str) -> tuple[float, str] | None:
    """Return the share of a flow that its country sells directly, and its source.

    Of materials with one world market: its share of imports over that of refining. None
    if that is all.
    """
    if material_row(m)["origins"] != "world":
        return None
    bought = data("us_import_sources", mineral_id=m, is_primary_form="yes")
    refined = data("supply_shares", mineral_id=m, stage="refined", preferred="yes")
    of_imports = shares(bought, "share").get(refining, 0.0) if bought else 0.0
    of_world = shares(refined, "share_of_world").get(refining, 0.0) if refined else 0.0
    if not 0 < of_imports < of_world:
        return None
    return rounded(of_imports / of_world, 3), (
        f"us_import_sources.csv {m} {of_imports:.3g} over supply_shares.csv {m} "
        f"refined {of_world:.3g}"
    )


def _for_vault(kind: str, *, is_in_zone: bool) -> tuple[float, str]:
    """Return the share of normal deliveries that the vault may buy on top of them."""
    if is_in_zone and kind == "primary":
        return FOR_VAULT_IN_ZONE, (
            "assumption: a quarter of normal deliveries, from idle capacity and from "
            "what is sold elsewhere"
        )
    return FOR_VAULT_ELSEWHERE, (
        "assumption: a tenth of normal deliveries, from idle capacity and from what is "
        "sold elsewhere"
    )


def accessible_tonnes(parts: list[Part]) -> float:
    """Return what all eligible routes of a material have for the vault a year."""
    ineligible = set(fragment("framework")["trade"]["ineligible_countries"])
    return sum(
        part["vault_tonnes_per_year"]
        for part in parts
        if not {part["mining_country"], part["refining_country"]} & ineligible
    )


def _share_source(m: str, key: Flow, where: str) -> str:
    if key == (DOMESTIC, DOMESTIC, "recycling"):
        return (
            f"what is neither imported (minerals.csv {m} net_import_reliance_pct) nor "
            "primary output at home"
        )
    if key[0] == OTHERS and key[1] == OTHERS:
        return f"rest, and routes below 2 %, of {where}"
    return where


def _capacity(kind: str, users: str, *, is_in_zone: bool) -> tuple[float, str]:
    if kind == "recycling":
        return 1.1, "assumption: recyclers can collect a tenth more"
    if is_in_zone:
        return 1.1, "assumption: a tenth of spare capacity in the trusted zone"
    return 1.02, f"assumption: little spare capacity for {users} elsewhere"
