"""When routes run: in the periods in which they earn what running them costs.

What a route earns follows from undisrupted prices, fees and floors alone: neither from
a scenario nor from what the vault holds. A contract or a sourcing option that pays more
holds a route open for its own tonnes, and for nobody else's.
"""

from dataclasses import dataclass

from models.material import Material
from models.sections import Sections
from models.supply import OfftakeContract, Route

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class RouteOperation:
    """How far a route runs in each period (t), between 0 and 1.

    in_market is for participants and ordinary sourcing options; held_open for those
    that pay the operating cost, with what they pay on top, US dollars a tonne of traded
    form.
    """

    in_market: tuple[float, ...]
    held_open: tuple[float, ...]
    lacking_usd_per_tonne: tuple[float, ...]

    @property
    def runs_in_market(self) -> bool:
        """Say whether the market opens the route in some period."""
        return any(self.in_market)


def operation_of(case: Sections, route: Route, material: Material) -> RouteOperation:
    """Return how far a route runs in each period of the horizon."""
    periods = range(case.horizon.number_of_periods)
    full = tuple(1.0 for _ in periods)
    cost = route.operating_cost_usd_per_tonne
    if cost is None:
        return RouteOperation(full, full, tuple(0.0 for _ in periods))
    lacking = tuple(
        _lacking(cost, earned(case, route, material, undisrupted_price(material, t)))
        for t in periods
    )
    return RouteOperation(
        in_market=tuple(0.0 if x > 0 else 1.0 for x in lacking),
        held_open=full,
        lacking_usd_per_tonne=tuple(x / route.conversion_yield for x in lacking),
    )


def runs_under_contract(
    case: Sections, contract: OfftakeContract, route: Route, material: Material
) -> tuple[float, ...]:
    """Return how far the route of a contract runs for it in each period, if signed.

    The buyer pays at least the floor of the contract.
    """
    cost = route.operating_cost_usd_per_tonne or 0.0
    paid = (
        max(undisrupted_price(material, t), contract.floor_usd_per_tonne)
        for t in range(case.horizon.number_of_periods)
    )
    return tuple(
        0.0 if _lacking(cost, earned(case, route, material, price)) > 0 else 1.0
        for price in paid
    )


def undisrupted_price(material: Material, t: int) -> float:
    """Return the price of a period if nothing happens; after its path, the last one."""
    path = material.price_path_usd_per_tonne
    return path[min(t, len(path) - 1)] if path else material.price_usd_per_tonne


def earned(case: Sections, route: Route, material: Material, price: float) -> float:
    """Return what a tonne earns at the stage at which a route sells, US dollars.

    price is that of the traded form. An earlier stage earns what is left of it after
    the fee, times the yield. Inside the trusted zone it is at least the floor.
    """
    stage = selling_stage(route, material)
    if stage != material.stage:
        price = (price - route.fee_usd_per_tonne) * route.conversion_yield
    if {route.mining_country, route.refining_country} <= case.trade.zone_countries:
        price = max(price, floor_of(case, material.id, stage))
    return price


def _lacking(cost: float, earnings: float) -> float:
    """Return what earnings lack to the cost, 0 up to rounding."""
    lacking = cost - earnings
    return lacking if lacking > ROUNDING * cost else 0.0


def selling_stage(route: Route, material: Material) -> str:
    """Return the stage at which a route sells."""
    return route.purchase_stage or material.stage


def floor_of(case: Sections, material: str, stage: str) -> float:
    """Return the price floor of a stage, 0 if there is none."""
    floors = (
        x.floor_usd_per_tonne
        for x in case.trade.price_floors
        if (x.material, x.stage) == (material, stage)
    )
    return max(floors, default=0.0)
