"""Which routes a disruption cuts, and how much of their flow."""

from models.disruption import Disruption
from models.supply import Route


def is_hit(route: Route, disruption: Disruption) -> bool:
    """Tell whether a route passes through what is disrupted.

    A route needs both its steps, so the smaller availability of the two is the smallest
    of all disruptions that hit either.
    """
    is_mined_there = route.mining_country == disruption.country
    is_refined_there = route.refining_country == disruption.country
    return route.material in disruption.materials and (
        (is_mined_there and disruption.stage != "refining")
        or (is_refined_there and disruption.stage != "mining")
    )


def share_hit(route: Route, disruption: Disruption) -> float:
    """Return the share of a route's flow that a disruption that hits it can cut."""
    if disruption.scope == "world" or route.direct_share is None:
        return 1.0
    return route.direct_share
