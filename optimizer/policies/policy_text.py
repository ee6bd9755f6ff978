"""A tranche's rule, and a sale, as sentences that an operator can follow."""

import math
from collections.abc import Callable
from itertools import groupby

from models.horizon import DAYS_PER_MONTH
from models.instance import Instance
from models.plan import Sale, Tranche, TrancheStep
from models.rights_in_force import on_order_for, right_in_force, tonnes_of

LARGE_TONNES = 1000
ROUNDING = 1e-6  # of a period
OTHERS_LAST = (
    "What is more than that part of the members' gap is for others, by their gaps, at "
    "the market price"
)
ALERTS = ("0 (calm)", "1 (watch)", "2 (high)", "3 (severe)")


def policy_text(instance: Instance, tranche: Tranche) -> str:
    """Return the rule of a tranche in words, rounded to three figures."""
    period = _period(instance.horizon.average_period_days)
    names = instance.index.participant_name
    is_pool = tranche.participant is None
    membership = instance.membership
    serves_all = membership is None or membership.serves_others
    shared = "market gap" if serves_all else "members' gap"
    gap = shared if is_pool else f"gap of {names.get(tranche.participant or '')}"
    sentences = [
        _release(instance, tranche, steps, gap)
        for steps in _runs(tranche.steps, _release_key)
        if steps[0].release_tonnes_per_period > 0 and steps[0].coverage > 0
    ]
    refill = [
        _replenishment(steps, period)
        for steps in _runs(tranche.steps, _replenishment_key)
        if steps[0].replenishment_tonnes_per_period > 0
    ]
    opening = f"Of {tonnes(tranche.tonnes)}, "
    released = "; ".join(sentences) or "release nothing"
    store = _store(instance, tranche, period)
    if is_pool and membership is not None and membership.serves_others:
        store.insert(0, OTHERS_LAST)
    build_up = _build_up(instance, tranche, period)
    return ". ".join([opening + released, build_up, *refill, *store]) + "."


def sale_text(instance: Instance, sale: Sale) -> str:
    """Return the sale of a surplus in words, rounded to three figures."""
    period = _period(instance.horizon.average_period_days)
    number = math.ceil(sale.tonnes / sale.tonnes_per_period - ROUNDING)
    pace = f"Sell {tonnes(sale.tonnes_per_period)} a {period}"
    length = f"for {number} {period}s" if number > 1 else f"in {period} 1"
    sentences = [f"{pace} {length}, {tonnes(sale.tonnes)} in all, oldest out first"]
    m = instance.index.material.get(sale.material)
    days = None if m is None else instance.materials[m].shelf_life_days
    if days is not None:
        sentences.append(f"What is older than {days:g} days expires unsold")
    return ". ".join(sentences) + "."


def tonnes(amount: float) -> str:
    """Return an amount in tonnes to three figures, or in whole tonnes above 1,000."""
    return f"{amount:,.0f} t" if amount >= LARGE_TONNES else f"{amount:.3g} t"


def _release(
    instance: Instance, tranche: Tranche, steps: list[TrancheStep], gap: str
) -> str:
    step = steps[0]
    most = min(step.release_tonnes_per_period, tranche.outload_tonnes_per_period)
    part = f"{100 * step.coverage:.3g} % of the {gap}"
    levels = _levels(steps)
    if most < tranche.tonnes:
        pace = _pace(instance, tranche, step)
        pace = f"release up to {pace} {levels}, never more than {part}"
    else:
        pace = f"release up to {part} {levels}"
    if step.floor_tonnes > 0:
        return f"{pace}, keeping {tonnes(step.floor_tonnes)} in store"
    return pace


def _pace(instance: Instance, tranche: Tranche, step: TrancheStep) -> str:
    """Return the most that is released: a period, a day if the outload limits it.

    Periods of equal length need no limit a day.
    """
    horizon = instance.horizon
    period = _period(horizon.average_period_days)
    most, outload = step.release_tonnes_per_period, tranche.outload_tonnes_per_period
    if horizon.has_equal_periods:
        return f"{tonnes(min(most, outload))} a {period}"
    days = horizon.average_period_days
    limits = [
        f"{tonnes(most)} a {period}",
        f"{tonnes(outload / days)} a day",
    ]
    if most <= outload * min(horizon.period_lengths_days) / days:
        return limits[0]
    if most >= outload * max(horizon.period_lengths_days) / days:
        return limits[1]
    return " and ".join(limits)


def _store(instance: Instance, tranche: Tranche, period: str) -> list[str]:
    """Return what store, material and right add to the rule."""
    added: list[str] = []
    m = instance.index.material.get(tranche.material)
    if m is None:
        return added
    material, storage = instance.materials[m], instance.index.storage[tranche.material]
    if storage.notice_days > 0:
        added.append(f"The store opens {storage.notice_days:g} days after the alert")
    if tranche.rotation_tonnes_per_period > 0:
        pace = tonnes(tranche.rotation_tonnes_per_period)
        added.append(
            f"Each {period} sell {pace} of the oldest and buy as much anew, as far as "
            "routes are open"
        )
    if material.shelf_life_days is not None:
        days = material.shelf_life_days
        added.append(f"What is older than {days:g} days expires, oldest out first")
    offer = instance.index.offer.get(tranche.offer or "")
    end = None if offer is None else offer.repurchase_period
    if end is not None:
        added.append(f"In {period} {end + 1} the beneficiary takes what is left")
    return added


def _build_up(instance: Instance, tranche: Tranche, period: str) -> str:
    if right := right_in_force(instance, tranche.offer or ""):
        m = instance.index.material[tranche.material]
        held = tonnes_of(instance, instance.materials[m], right)
        said = f"The right is in force, and {tonnes(held)} of it are there at the start"
        if (coming := on_order_for(instance, right)) > 0:
            said += f", {tonnes(coming)} are on the way"
        is_built = tranche.build_up_periods == 0
        return said if is_built else f"{said}. {_planned(tranche, period)}"
    if tranche.build_up_periods == 0:
        options = instance.sourcing_options
        if any(x.is_held for x in options if x.id == tranche.sourcing):
            return "The stock is free stock that is held already"
        if any(x.is_on_order for x in options if x.id == tranche.sourcing):
            return "The stock was bought before and is on the way"
        return "The stock is bought before the start"
    return _planned(tranche, period)


def _planned(tranche: Tranche, period: str) -> str:
    first = tranche.build_up_start_period + 1
    last = tranche.build_up_start_period + tranche.build_up_periods
    pace = tonnes(tranche.build_up_tonnes_per_period)
    cap = tranche.build_up_price_cap
    limit = "" if cap is None else _up_to(cap)
    window = f"from {period} {first} to {last}"
    return f"Buy {pace} a {period} {window} ({tranche.sourcing}){limit}"


def _replenishment(steps: list[TrancheStep], period: str) -> str:
    step = steps[0]
    cap = "" if step.price_cap is None else _up_to(step.price_cap)
    pace = tonnes(step.replenishment_tonnes_per_period)
    levels = _levels(steps)
    return f"Then buy back up to {pace} a {period} {levels}{cap}"


def _up_to(cap: float) -> str:
    return f" if the price is at most {cap:.3g} times the undisrupted one"


def _levels(steps: list[TrancheStep]) -> str:
    first, last = steps[0].alert, steps[-1].alert
    if last == len(ALERTS) - 1 and first < last:
        return f"while the alert is {first} or more" if first > 0 else "at any alert"
    if first == last:
        return f"while the alert is {ALERTS[first]}"
    return f"while the alert is {first} to {last}"


def _runs(
    steps: tuple[TrancheStep, ...], key: Callable[[TrancheStep], tuple[object, ...]]
) -> list[list[TrancheStep]]:
    """Return neighbouring alert levels with the same instruction together."""
    return [list(group) for _, group in groupby(steps, key=key)]


def _release_key(step: TrancheStep) -> tuple[object, ...]:
    return (step.release_tonnes_per_period, step.coverage, step.floor_tonnes)


def _replenishment_key(step: TrancheStep) -> tuple[object, ...]:
    return (step.replenishment_tonnes_per_period, step.price_cap)


def _period(days: float) -> str:
    known = {7: "week", round(DAYS_PER_MONTH): "month", 91: "quarter", 365: "year"}
    return known.get(round(days), "period")
