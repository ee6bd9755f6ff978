"""Where a material comes from for users elsewhere: output at home, scrap, the world.

What is neither made nor recycled at home is imported as the world refines, since who
imports from whom is published for the United States only.
"""

from dataclasses import dataclass

from service.cases.writing.origins import OTHERS, Origins, pairs
from service.cases.writing.routes import Flow, Users, route, without_small
from service.cases.writing.tables import Part, data, mineral, shares


@dataclass(frozen=True, slots=True)
class World:
    """Shares of countries in making and mining a material, and where they stand."""

    refining: dict[str, float]
    mining: dict[str, float]
    source: str


def world_of(m: str) -> World:
    """Return how the world makes a material, by the best table that has it."""
    mined = data("supply_shares", mineral_id=m, stage="mine", preferred="yes")
    refined = data("supply_shares", mineral_id=m, stage="refined", preferred="yes")
    mining = shares(mined, "share_of_world") if mined else {}
    if refined or mined:
        stage = "refined" if refined else "mine"
        source = f"supply_shares.csv {m} {stage}"
        return World(shares(refined or mined, "share_of_world"), mining, source)
    imports = data("us_import_sources", mineral_id=m, is_primary_form="yes")
    source = f"assumption: as the United States import, us_import_sources.csv {m}"
    return World(shares(imports, "share"), mining, source)


def recycled_share(m: str) -> tuple[float, str]:
    """Return the share of a need that is recycled at home, and its source."""
    rows = data("recycling_byproduct", mineral_id=m)
    if rows:
        rate = float(rows[0]["eol_recycling_input_rate"])
        return rate, f"recycling_byproduct.csv {m} eol_recycling_input_rate (EU)"
    return 0.0, "assumption: nothing is recycled, as no rate is in the data"


def routes_elsewhere(m: str, users: Users) -> list[Part]:
    """Return all routes of a material to users elsewhere; their shares sum to 1."""
    world = world_of(m)
    scrap, scrap_source = recycled_share(m)
    at_home = _at_home(m, users, world, 1.0 - scrap)
    abroad = {c: x for c, x in world.refining.items() if c != users.country}
    total = sum(abroad.values())
    bought = 1.0 - scrap - at_home if total else 0.0
    at_home = 1.0 - scrap - bought
    refining = {c: bought * x / total for c, x in abroad.items()} if total else {}
    if at_home:
        refining[users.country] = at_home
    mining = dict(world.mining) or dict(refining)
    if users.country in mining:
        mining[users.country] = max(at_home, mining[users.country])
    made = Origins(refining, mining, is_by_imports=False, source=world.source)
    flows: dict[Flow, float] = {
        (mining, refining, "primary"): share
        for (mining, refining), share in pairs(m, made, users.country).items()
    }
    if scrap:
        flows[users.country, users.country, "recycling"] = scrap
    imported = (
        f"what is neither recycled nor made in {users.name} ({bought:.3g}) x "
        f"{world.source}; assumption: {users.name} imports as the world refines; ore "
        f"by supply_shares.csv {m} mine"
    )
    made_at_home = (
        f"output in {users.name} by {world.source} x minerals.csv {m} "
        "world_production_t, over the need, at most all of it"
    )
    return [
        route(
            m,
            flow,
            share,
            _source(flow, users, imported, made_at_home, scrap_source),
            users,
        )
        for flow, share in without_small(flows).items()
    ]


def _at_home(m: str, users: Users, world: World, most: float) -> float:
    """Return the share of the need that is made at home."""
    share = world.refining.get(users.country, 0.0)
    output = float(mineral(m)["world_production_t"] or 0.0)
    return min(most, share * output / users.need if output else share)


def _source(
    flow: Flow, users: Users, imported: str, made_at_home: str, scrap: str
) -> str:
    if flow[2] == "recycling":
        return scrap
    if flow[1] == users.country:
        return made_at_home
    if flow[:2] == (OTHERS, OTHERS):
        return f"rest, and routes below 2 %, of {imported}"
    return imported
