"""What a tranche must print, from the tables of the case and its level and share.

Computed again from rules, offers and sourcing options, without
`optimizer.policies.candidates`.
"""

import math
from dataclasses import dataclass

from models.entitlement import EntitlementOffer
from models.instance import Instance
from models.material import Material
from models.opening_position import RightInForce
from models.plan import Tranche
from models.rule import NUMBER_OF_ALERT_LEVELS, RuleStep
from models.supply import SourcingOption
from optimizer.feasibility.members import served_by
from optimizer.feasibility.orders import most_bought
from optimizer.feasibility.rights_in_force import in_force, left_to_buy
from optimizer.feasibility.tolerances import ROUNDING
from optimizer.policies.holding import rotation_periods

PART_OF_A_LEVEL = 1e-6


@dataclass(frozen=True, slots=True)
class Rates:
    """What is done at one alert level in a period, shares of the whole target."""

    draw: float
    coverage: float
    floor: float
    replenish: float
    price_cap: float | None


@dataclass(frozen=True, slots=True)
class Expected:
    """The whole candidate of a tranche: levels on offer in days, target in tonnes.

    outload, build_up, rotation and replenish (by alert level) are in tonnes a period;
    build_up_periods is None if nothing can ever be bought.
    """

    levels: tuple[float, ...]
    target: float
    rates: tuple[Rates, ...]
    replenish: tuple[float, ...]
    outload: float
    build_up: float
    rotation: float
    build_up_start: int
    build_up_price_cap: float | None
    build_up_periods: int | None


def expected_rule(instance: Instance, tranche: Tranche) -> Expected:
    """Return the candidate that a tranche has a share of."""
    material = next(m for m in instance.materials if m.id == tranche.material)
    storage = next(
        s for s in instance.storage_classes if s.id == material.storage_class
    )
    option = next(s for s in instance.sourcing_options if s.id == tranche.sourcing)
    offer = next(
        (x for x in instance.entitlement_offers if x.id == tranche.offer), None
    )
    right = in_force(instance, tranche.offer)
    need_per_day, levels = _levels(instance, material, offer, right)
    tonnes = tranche.level_days_of_cover * need_per_day
    target = _in_whole_lots(tonnes, material.lot_tonnes)
    horizon = instance.horizon
    a_year = min(
        material.market_capacity_tonnes_per_year,
        most_bought(instance, material, option),
    )
    rotation = _rotation(instance, material, target)
    buyable = max(a_year * horizon.average_period_years - rotation, 0.0)
    rates = _rates(instance, tranche.rule, offer)
    is_in_place = option.build_up_periods == 0
    pace = 0.0 if is_in_place else min(target / option.build_up_periods, buyable)
    periods = 0 if is_in_place else _periods(instance, option, offer, target, pace)
    start, cap = 0 if is_in_place else option.start_period, option.price_cap
    if right is not None:
        left = left_to_buy(instance, material, right)
        periods, start = right.build_up_periods if left > 0 else 0, 0
        pace = min(left / periods, buyable) if periods else 0.0
        cap = option.price_cap if periods else None
    return Expected(
        levels=levels,
        target=target,
        rates=rates,
        replenish=tuple(min(x.replenish * target, buyable) for x in rates),
        outload=storage.outload_tonnes_per_day * horizon.average_period_days,
        build_up=pace,
        rotation=rotation,
        build_up_start=start,
        build_up_price_cap=cap,
        build_up_periods=periods,
    )


def _rotation(instance: Instance, material: Material, target: float) -> float:
    """Return what is swapped in a period: all of a target within a shelf life."""
    periods = rotation_periods(instance.horizon, material)
    return 0.0 if periods is None else target / periods


def _levels(
    instance: Instance,
    material: Material,
    offer: EntitlementOffer | None,
    right: RightInForce | None,
) -> tuple[float, tuple[float, ...]]:
    """Return the tonnes in a day of cover, and the levels on offer in days."""
    need = instance.index.need_by_participant_tonnes_per_day[material.id]
    menu = instance.levels_days_of_cover
    if offer is None:
        added = instance.options.added_levels_days_of_cover.get(material.id, ())
        served = served_by(instance)
        seen = sum(tonnes for o, tonnes in need.items() if o in served)
        return seen, (*menu, *added)
    own = need[offer.participant]
    if right is not None:
        return own, (right.lots * material.lot_tonnes / own,)
    lots = {_nearest(days * own / material.lot_tonnes) for days in menu}
    lots = {x for x in lots if offer.minimum_lots <= x <= offer.maximum_lots}
    allowed = sorted(lots | {offer.maximum_lots})
    return own, tuple(x * material.lot_tonnes / own for x in allowed)


def _in_whole_lots(tonnes: float, lot: float) -> float:
    """Return the whole lots that a level is, but for a part of it; else the level."""
    whole = _nearest(tonnes / lot)
    beside = abs(tonnes - whole * lot)
    return whole * lot if beside <= PART_OF_A_LEVEL * tonnes else tonnes


def _nearest(value: float) -> int:
    """Return the nearest whole number, the higher one of two."""
    below = math.floor(value)
    return below if value - below < 1 / 2 else below + 1


def _rates(
    instance: Instance, rule: str, offer: EntitlementOffer | None
) -> tuple[Rates, ...]:
    if offer is None:
        steps = next(x for x in instance.rules if x.id == rule).steps
        return tuple(_of_pool(instance, step) for step in steps)
    alerts = range(NUMBER_OF_ALERT_LEVELS)
    return tuple(_of_right(instance, offer, alert) for alert in alerts)


def _of_pool(instance: Instance, step: RuleStep) -> Rates:
    months = instance.horizon.average_period_months
    return Rates(
        draw=min(1.0, step.draw_rate_per_month * months),
        coverage=step.coverage,
        floor=step.floor,
        replenish=min(1.0, step.replenishment_rate_per_month * months),
        price_cap=step.price_cap,
    )


def _of_right(instance: Instance, offer: EntitlementOffer, alert: int) -> Rates:
    """Draw from the access alert on, buy back in equal parts once all is calm."""
    months = instance.horizon.average_period_months
    may_draw = alert >= offer.access_alert
    return Rates(
        draw=min(1.0, offer.draw_limit_per_month * months) if may_draw else 0.0,
        coverage=offer.coverage if may_draw else 0.0,
        floor=0.0,
        replenish=1 / offer.replenish_within_periods if alert == 0 else 0.0,
        price_cap=None,
    )


def _periods(
    instance: Instance,
    option: SourcingOption,
    offer: EntitlementOffer | None,
    target: float,
    pace: float,
) -> int | None:
    """Return how many periods buying takes; a part that is mere rounding is none.

    None if it cannot end within the horizon or, for a right, by its repurchase.
    """
    if pace <= 0:
        return None
    end = instance.horizon.number_of_periods
    if offer is not None and offer.repurchase_period is not None:
        end = min(end, offer.repurchase_period)
    periods = math.ceil(target / pace - ROUNDING)
    return periods if 0 < periods <= end - option.start_period else None
