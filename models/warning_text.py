"""Words that warnings share: near names, per cent, and the countries of a route."""

from difflib import get_close_matches

from models.supply import Route


def nearest(name: str, known: set[str]) -> str:
    """Return the nearest known name after a comma, nothing if none is near."""
    close = get_close_matches(name, sorted(known), n=1)
    return f", perhaps {close[0]}" if close else ""


def percent(fraction: float) -> str:
    """Return a fraction as per cent."""
    return f"{100 * fraction:.4g} %"


def route_countries(route: Route, stage: str) -> set[str]:
    """Return the countries of a route at a stage: mining, refining or both."""
    return {
        "mining": {route.mining_country},
        "refining": {route.refining_country},
        "both": {route.mining_country, route.refining_country},
    }[stage]
