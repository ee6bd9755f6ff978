"""When routes run: in the periods in which they earn what running them costs.

What a route earns follows from undisrupted prices, fees and floors alone: neither from
a scenario nor from what the vault holds. A contract or a sourcing option that pays more
holds a route open for its own tonnes alone. A border adjustment lets a
seller inside the trusted zone ask for what it lacks, up to what imports pay.
"""

from dataclasses import dataclass

from models.material import Material
from models.sections import Sections
from models.supply import OfftakeContract, Route, TreatmentCharge
from models.time_path import fraction_in, value_in

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class RouteOperation:
    """How far a route runs in each period (t), between 0 and 1.

    in_market is for participants and ordinary sourcing options; held_open for those
    that pay the operating cost. lacking_usd_per_tonne is what is paid on top of the
    price to those that earn less than they cost, fee_usd_per_tonne what refining and
    freight cost. Both are in US dollars a tonne of traded form.
    """

    in_market: tuple[float, ...]
    held_open: tuple[float, ...]
    lacking_usd_per_tonne: tuple[float, ...]
    fee_usd_per_tonne: tuple[float, ...]

    @property
    def runs_in_market(self) -> bool:
        """Say whether the market opens the route in some period."""
        return any(self.in_market)


def operation_of(case: Sections, route: Route, material: Material) -> RouteOperation:
    """Return how far a route runs in each period of the horizon."""
    periods = range(case.horizon.number_of_periods)
    held_open = tuple(fraction_in(route.ramp, t) for t in periods)
    lacking = tuple(
        _lacking(case, route, material, t) / route.conversion_yield for t in periods
    )
    is_in_zone = {route.mining_country, route.refining_country} <= (
        case.trade.zone_countries
    )
    rate = case.trade.border_adjustment_rate if is_in_zone else 0.0
    return RouteOperation(
        in_market=tuple(
            held_open[t] if lacking[t] <= rate * undisrupted_price(material, t) else 0.0
            for t in periods
        ),
        held_open=held_open,
        lacking_usd_per_tonne=lacking,
        fee_usd_per_tonne=tuple(fee_in(case, route, material, t) for t in periods),
    )


def runs_under_contract(
    case: Sections, contract: OfftakeContract, route: Route, material: Material
) -> tuple[float, ...]:
    """Return how far the route of a contract runs for it in each period, if signed.

    The buyer pays at least the floor of the contract.
    """
    floor = contract.floor_usd_per_tonne
    return tuple(
        0.0
        if _lacking(case, route, material, t, floor) > 0
        else fraction_in(route.ramp, t)
        for t in range(case.horizon.number_of_periods)
    )


def undisrupted_price(material: Material, t: int) -> float:
    """Return the price of a period if nothing happens; after its path, the last one."""
    path = material.price_path_usd_per_tonne
    return path[min(t, len(path) - 1)] if path else material.price_usd_per_tonne


def earned(
    case: Sections, route: Route, material: Material, t: int, least_price: float = 0.0
) -> float:
    """Return what a tonne earns at the stage at which a route sells, US dollars.

    Its buyer pays the price of the traded form, or least_price if that is more. An
    earlier stage earns what is left of it after the fee, times the yield. Inside the
    trusted zone a seller gets at least the floor. A custom refiner buys its feed at the
    price less the treatment charge; inside the zone, at the floor of the feed at least.
    """
    stage = selling_stage(route, material)
    market = undisrupted_price(material, t)
    price = max(market, least_price)
    if stage != material.stage:
        price = (price - fee_in(case, route, material, t)) * route.conversion_yield
    zone = case.trade.zone_countries
    if {route.mining_country, route.refining_country} <= zone:
        price = max(price, floor_of(case, material.id, stage))
    charge = charge_of(case, route)
    if charge is not None and stage == material.stage:
        feed = market - value_in(charge.usd_per_tonne, t)
        if route.refining_country in zone:
            floor = floor_of(case, material.id, charge.stage)
            feed = max(feed, floor / charge.conversion_yield)
        price -= feed
    return price


def fee_in(case: Sections, route: Route, material: Material, t: int) -> float:
    """Return what refining and freight cost, US dollars a tonne of traded form.

    That is the fee, and the treatment charge of what is sold as feed.
    """
    charge = charge_of(case, route)
    if charge is None or selling_stage(route, material) == material.stage:
        return route.fee_usd_per_tonne
    return route.fee_usd_per_tonne + value_in(charge.usd_per_tonne, t)


def charge_of(case: Sections, route: Route) -> TreatmentCharge | None:
    """Return the treatment charge that a route pays or earns, if it has one."""
    if route.treatment_charge is None:
        return None
    return next(x for x in case.treatment_charges if x.id == route.treatment_charge)


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


def _lacking(
    case: Sections, route: Route, material: Material, t: int, least_price: float = 0.0
) -> float:
    """Return what the earnings of a tonne lack to its cost, 0 up to rounding."""
    cost = route.operating_cost_usd_per_tonne
    if cost is None:
        return 0.0
    lacking = cost - earned(case, route, material, t, least_price)
    return lacking if lacking > ROUNDING * cost else 0.0
