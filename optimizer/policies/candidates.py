"""The menu as candidates: levels x rules x sourcing options of each holding."""

import math
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from models.entitlement import EntitlementOffer
from models.held_stock import free_stock
from models.instance import Instance
from models.on_order import free_purchases
from models.opening_position import RightInForce, SaleTerms
from models.rule import NUMBER_OF_ALERT_LEVELS, ReleaseRule, RuleStep
from models.supply import SourcingOption
from optimizer.deadline import look
from optimizer.policies.holding import Holding, rotation_periods
from optimizer.policies.policy import NUMBERS, Policies
from optimizer.policies.sale import whole_sale
from optimizer.policies.sourcing import Purchase

RIGHT_RULE = "entitlement"
SALE_RULE = "sale"
PART_OF_A_LEVEL = 1e-6


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where a policy comes from in the menu."""

    holding: str
    level_days_of_cover: float
    target_tonnes: float
    rule: str
    sourcing: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The candidates of one holding and their policies, in the same order."""

    candidates: tuple[Candidate, ...]
    policies: Policies

    def select(self, chosen: NDArray[np.int64]) -> "Menu":
        """Return some of the candidates."""
        positions: list[int] = chosen.tolist()
        candidates = tuple(self.candidates[c] for c in positions)
        return Menu(candidates, self.policies.select(chosen))


@dataclass(frozen=True, slots=True)
class Paces:
    """Months in a period; tonnes a period that may be bought and loaded out.

    rotation_periods is in how many a target is swapped, none if it is not rotated.
    """

    months: float
    acquire: float
    outload: float
    rotation_periods: int | None

    def rotation(self, target: float) -> float:
        """Return what is swapped for fresh in a period, so that nothing expires."""
        return 0.0 if self.rotation_periods is None else target / self.rotation_periods

    def left_to_acquire(self, target: float) -> float:
        """Return what may be bought in a period beside what is swapped."""
        return max(self.acquire - self.rotation(target), 0.0)


def menu_of(instance: Instance, holding: Holding) -> Menu:
    """Return every candidate of a holding that can be bought."""
    look()
    if holding.sale is not None:
        return _menu_of_sale(instance, holding, holding.sale)
    index, material = instance.index, holding.material
    paces = [paces_of(instance, holding, x) for x in holding.purchases]
    if holding.offer is None:
        days_of_cover = instance.pool_levels_days_of_cover(material.id)
        lot, need = material.lot_tonnes, index.served_need_tonnes_per_day[material.id]
        levels = [(days, in_whole_lots(days * need, lot)) for days in days_of_cover]
        rules = instance.rules
    else:
        levels = _right_levels(instance, holding)
        rules = (_right_rule(holding),)
    has_stock = bool(free_stock(instance, material))
    is_coming = bool(free_purchases(instance, material))
    options = [
        (s, x)
        for s, x in enumerate(holding.purchases)
        if holding.in_force is not None
        or (x.option.buys and x.routes)
        or (x.option.is_held and has_stock)
        or (x.option.is_on_order and is_coming)
    ]
    combined = list(product(levels, rules, options))
    candidates = tuple(
        Candidate(holding.name, days, target, rule.id, purchase.option.id)
        for (days, target), rule, (_, purchase) in combined
    )
    rows = [
        _policy(target, rule, s, purchase.option, paces[s])
        for (_, target), rule, (s, purchase) in combined
    ]
    policies = _stack(rows)
    expired = holding.initial_expired(policies.sourcing)
    policies = replace(policies, initial_expired=expired)
    policies = holding.with_purchases(policies)
    if holding.offer is not None:
        policies = _buying_back_in_time(policies, holding.offer, paces)
    if holding.in_force is not None:
        stands = _as_it_stands(policies, holding, holding.in_force, paces[0])
        return Menu(candidates, stands)
    number = instance.horizon.number_of_periods
    return Menu(candidates, policies).select(_complete(holding, policies, number))


def _menu_of_sale(instance: Instance, holding: Holding, terms: SaleTerms) -> Menu:
    """Return the one candidate of a sale: all that may be sold."""
    policies = whole_sale(instance, holding, terms)
    tonnes = float(policies.target[0])
    return Menu((Candidate(holding.name, 0.0, tonnes, SALE_RULE, ""),), policies)


def in_whole_lots(tonnes: float, lot: float) -> float:
    """Return a level as exactly the whole lots that it is up to rounding.

    A lot is often written with a few digits of a level, so they may be a little more.
    """
    lots = round(tonnes / lot)
    is_whole = abs(tonnes - lots * lot) <= PART_OF_A_LEVEL * tonnes
    return lots * lot if is_whole else tonnes


def paces_of(instance: Instance, holding: Holding, purchase: Purchase) -> Paces:
    """Return the limits of a holding's material and store over a sourcing option."""
    horizon, material = instance.horizon, holding.material
    a_year = min(material.market_capacity_tonnes_per_year, purchase.tonnes_per_year)
    return Paces(
        months=horizon.average_period_months,
        acquire=a_year * horizon.average_period_years,
        outload=holding.storage.outload_tonnes_per_day * horizon.average_period_days,
        rotation_periods=rotation_periods(horizon, material),
    )


def _right_levels(instance: Instance, holding: Holding) -> list[tuple[float, float]]:
    """Return levels in days of the participant's own need: whole lots of the offer.

    Each level of the menu is the nearest number of lots, if the offer allows it; the
    largest award comes last.
    """
    offer = holding.offer
    if offer is None:
        return []
    need = instance.index.need_by_participant_tonnes_per_day[offer.material]
    own = need.get(offer.participant, 0.0)
    if own <= 0:
        return []
    lot = holding.material.lot_tonnes
    nearest = {
        math.floor(days * own / lot + 0.5) for days in instance.levels_days_of_cover
    }
    allowed = range(offer.minimum_lots, offer.maximum_lots)
    lots = (*sorted(x for x in nearest if x in allowed), offer.maximum_lots)
    return [(number * lot / own, number * lot) for number in lots]


def _right_rule(holding: Holding) -> ReleaseRule:
    """Return the terms of an offer for draws as a table by alert level."""
    offer = holding.offer
    if offer is None:
        msg = f"{holding.name} has no offer, expected a right"
        raise ValueError(msg)

    def step(alert: int) -> RuleStep:
        may_draw = alert >= offer.access_alert
        return RuleStep(
            draw_rate_per_month=offer.draw_limit_per_month if may_draw else 0.0,
            coverage=offer.coverage if may_draw else 0.0,
        )

    steps = (step(0), step(1), step(2), step(3))
    return ReleaseRule(id=RIGHT_RULE, name="Pre-purchase right", steps=steps)


def _complete(
    holding: Holding, policies: Policies, number_of_periods: int
) -> NDArray[np.int64]:
    """Return those whose build-up ends within the horizon and before a repurchase.

    What would still be on its way is not held: it is no cover and earns no fees.
    """
    end, offer = number_of_periods, holding.offer
    if offer is not None and offer.repurchase_period is not None:
        end = min(end, offer.repurchase_period)
    complete, seen = policies.build_end, holding.observables.on_order
    if seen is not None and policies.on_order is not None:
        complete = np.maximum(complete, seen.complete_from(policies.on_order))
    has_some = policies.initial + policies.coming() > 0
    is_bought = has_some | (policies.build_end > policies.build_start)
    return np.flatnonzero(is_bought & (complete <= end))


def _buying_back_in_time(
    policies: Policies, offer: EntitlementOffer, paces: list[Paces]
) -> Policies:
    """Return policies that replace a full draw within the offer's calm periods."""
    targets: list[float] = policies.target.tolist()
    options: list[int] = policies.sourcing.tolist()
    left = np.array(
        [paces[s].left_to_acquire(x) for s, x in zip(options, targets, strict=True)]
    )
    replenish = np.zeros_like(policies.replenish)
    replenish[:, 0] = np.minimum(policies.target / offer.replenish_within_periods, left)
    return replace(policies, replenish=replenish)


def _as_it_stands(
    policies: Policies, holding: Holding, right: RightInForce, paces: Paces
) -> Policies:
    """Return policies of a right in force: what is left of its build-up goes on."""
    number = policies.number_of_policies
    periods = right.build_up_periods if holding.left_to_buy > 0 else 0
    pace = holding.left_to_buy / max(periods, 1)
    most = [paces.left_to_acquire(x) for x in policies.target.tolist()]
    cap = holding.purchases[0].option.price_cap if periods else None
    return replace(
        policies,
        initial=np.full(number, holding.held_tonnes),
        build_up=np.minimum(pace, most),
        build_start=np.zeros(number, dtype=np.int64),
        build_end=np.full(number, periods),
        build_cap=np.full(number, np.inf if cap is None else cap),
        is_in_force=np.ones(number, dtype=np.bool_),
    )


def _policy(
    target: float,
    rule: ReleaseRule,
    sourcing: int,
    option: SourcingOption,
    paces: Paces,
) -> dict[str, object]:
    """Return one row of the policy arrays."""
    in_place = option.build_up_periods == 0
    left = paces.left_to_acquire(target)
    pace = min(target / max(option.build_up_periods, 1), left)
    periods = 0 if in_place or pace <= 0 else math.ceil(target / pace - 1e-9)
    start = 0 if in_place else option.start_period
    return {
        "share": 1.0,
        "target": target,
        **rule_steps(rule, target, paces),
        "outload": paces.outload,
        "build_up": 0.0 if in_place else pace,
        "rotation": paces.rotation(target),
        "build_start": start,
        "build_cap": math.inf if option.price_cap is None else option.price_cap,
        "build_end": start + periods,
        "initial": target if in_place else 0.0,
        "sourcing": sourcing,
    }


def rule_steps(
    rule: ReleaseRule, target: float, paces: Paces
) -> dict[str, list[float]]:
    """Return what a rule does with a target at each alert level, by policy field."""
    return {
        "draw": [_in_period(s.draw_rate_per_month, paces) * target for s in rule.steps],
        "coverage": [s.coverage for s in rule.steps],
        "floor": [s.floor * target for s in rule.steps],
        "replenish": [
            min(
                _in_period(s.replenishment_rate_per_month, paces) * target,
                paces.left_to_acquire(target),
            )
            for s in rule.steps
        ],
        "price_cap": [
            math.inf if s.price_cap is None else s.price_cap for s in rule.steps
        ],
    }


def _in_period(rate_per_month: float, paces: Paces) -> float:
    """Return a monthly rate as a share of the target a period, at most all of it."""
    return min(1.0, rate_per_month * paces.months)


def _stack(rows: list[dict[str, object]]) -> Policies:
    def column(name: str) -> np.ndarray:
        by_alert = name in {"draw", "coverage", "floor", "replenish", "price_cap"}
        integer = name in {"build_start", "build_end", "sourcing"}
        values = np.array(
            [row[name] for row in rows], dtype=np.int64 if integer else np.float64
        )
        return values.reshape(-1, NUMBER_OF_ALERT_LEVELS) if by_alert else values

    return Policies(**{name: column(name) for name in NUMBERS})
