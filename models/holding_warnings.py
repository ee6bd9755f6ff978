"""Warnings about stocks, their members, stores, prices and money."""

from collections.abc import Iterator

from models.instance import Instance
from models.material import SHELF_LIFE_ROUNDING
from models.mistakes import Mistake

ROUNDING = 1e-6
# Costs of shipped cases have four digits.
SLIGHTLY = 1e-3


def idle_impacts(case: Instance) -> Iterator[Mistake]:
    """Find price impacts of sales at a fixed price, and of refills that never are."""
    is_refilled = bool(case.entitlement_offers) or any(
        step.replenishment_rate_per_month > 0
        for rule in case.rules
        for step in rule.steps
    )
    membership = case.membership
    is_at_book = case.financing.pool_sale_price == "book"
    is_at_book &= membership is None or not membership.serves_others
    for m in case.materials:
        path = f"materials[{m.id}]"
        if m.sale_impact and is_at_book:
            expected = "financing.pool_sale_price: market; at book it lowers no price"
            yield Mistake(f"{path}.sale_impact", len(m.sale_impact), expected)
        if m.refill_impact and not is_refilled:
            expected = "a rule that replenishes; no premium is ever paid"
            yield Mistake(f"{path}.refill_impact", len(m.refill_impact), expected)


def idle_membership(case: Instance) -> Iterator[Mistake]:
    """Find memberships without effect, and minimum covers that serve no participant."""
    if case.membership is None:
        return
    index = case.index
    if all(index.is_member) and case.membership.serves_others:
        expected = "none: all participants are members, so it has no effect"
        yield Mistake("membership.others", case.membership.others, expected)
    elif all(index.is_member) and not case.membership.fee_rate_per_year:
        expected = "a part of the participants, or a fee; it has no effect"
        yield Mistake("membership.members", "all participants", expected)
    makers = {product.participant for product in case.final_products()}
    for member in case.membership.members:
        if member not in makers:
            expected = "a participant with a product; it pays nothing and draws nothing"
            yield Mistake("membership.members", member, expected)
    for material in case.materials:
        need = index.served_need_tonnes_per_day[material.id]
        if not need and material.minimum_days_of_cover > 0:
            expected = "0: no member needs it, so its pool holds nothing"
            path = f"materials[{material.id}].minimum_days_of_cover"
            yield Mistake(path, material.minimum_days_of_cover, expected)


def lots_above_menu(case: Instance) -> Iterator[Mistake]:
    """Find materials whose pool cannot hold even one lot."""
    for material in case.materials:
        if is_above_menu(case, material.id, material.lot_tonnes):
            highest = _highest_level(case, material.id)
            expected = (
                f"at most {highest:.6g}, the highest level of the menu in tonnes; no "
                "lot is ever bought for the pool"
            )
            path = f"materials[{material.id}].lot_tonnes"
            yield Mistake(path, material.lot_tonnes, expected)


def short_shelf_lives(case: Instance) -> Iterator[Mistake]:
    """Find shelf lives shorter than a period, which count as one."""
    longest = max(case.horizon.period_lengths_days)
    for material in case.materials:
        days = material.shelf_life_days
        if days is not None and days < (1 - SHELF_LIFE_ROUNDING) * longest:
            expected = (
                f"at least one period, {longest:g} days; stock is kept for a period "
                "all the same"
            )
            path = f"materials[{material.id}].shelf_life_days"
            yield Mistake(path, material.shelf_life_days, expected)


def shut_stores(case: Instance) -> Iterator[Mistake]:
    """Find storage classes that need more notice than the horizon has days.

    Those of a material with an alert before the start may be open.
    """
    alerted = {case.index.storage[x.material].id for x in case.position.alerts}
    for storage in case.storage_classes:
        if storage.id not in alerted and storage.notice_days >= case.horizon.days:
            expected = (
                f"less than the {case.horizon.days:g} days of the horizon; the store "
                "never opens, so nothing that it holds is released"
            )
            path = f"storage_classes[{storage.id}].notice_days"
            yield Mistake(path, storage.notice_days, expected)


def blocks_below_metal(case: Instance) -> Iterator[Mistake]:
    """Find products that stop although their metal costs more at emergency terms."""
    for product in case.final_products():
        tonnes = case.index.tonnes_per_unit[product.id]
        last = len(product.shortage_blocks) - 1
        lost = product.shortage_blocks[last].cost_usd_per_unit
        for m in case.materials:
            price = m.emergency_premium * m.price_usd_per_tonne
            metal = price * tonnes.get(m.id, 0.0)
            if lost < metal * (1 - SLIGHTLY):
                path = f"products[{product.id}].shortage_blocks[{last}]"
                expected = (
                    f"at least {metal:.6g}, what the {m.id} of a unit costs at "
                    "emergency terms; the line stops sooner than its metal is bought"
                )
                yield Mistake(f"{path}.cost_usd_per_unit", lost, expected)


def is_above_menu(case: Instance, material: str, lot_tonnes: float) -> bool:
    """Return whether so much of a material is more than its highest level."""
    highest = _highest_level(case, material)
    return 0 < highest * (1 + ROUNDING) < lot_tonnes


def _highest_level(case: Instance, material: str) -> float:
    days = case.pool_levels_days_of_cover(material)[-1]
    return days * case.index.served_need_tonnes_per_day[material]
