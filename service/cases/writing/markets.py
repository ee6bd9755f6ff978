"""A material of the reference case in the market of other users: need and supply."""

from dataclasses import dataclass

from service.cases.writing.assembling import largest_origin
from service.cases.writing.materials import DOMINANT_ORIGIN, EMERGENCY_SHARE, IMPACT
from service.cases.writing.routes import accessible_tonnes
from service.cases.writing.tables import Part, rounded


@dataclass(frozen=True, slots=True)
class SourcedNumber:
    """A number, and where it comes from."""

    value: float
    source: str


def in_market(
    base: Part, need: SourcedNumber, lot_tonnes: float, parts: list[Part]
) -> Part:
    """Return a material with the need of its users, tonnes a year, and their routes."""
    accessible = accessible_tonnes(parts)
    is_dominated = largest_origin(parts) > DOMINANT_ORIGIN
    return {
        **base,
        "lot_tonnes": lot_tonnes,
        "market_capacity_tonnes_per_year": rounded(accessible),
        "price_impact": [
            {"tonnes_per_year": rounded(share * accessible), "premium": premium}
            for share, premium in IMPACT
        ],
        "emergency_tonnes_per_year": rounded(EMERGENCY_SHARE * need.value, 3),
        "origin_share_cap": 1.0 if is_dominated else 0.75,
        "sources": {
            **base["sources"],
            "participants_need": f"{need.value:.6g} t a year; {need.source}",
            "origin_share_cap": (
                "assumption: no cap, since one country refines most of what can be "
                "bought"
                if is_dominated
                else "assumption: three quarters, so that no origin has it all"
            ),
        },
    }
