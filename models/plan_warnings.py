"""Warnings about a plan: a rough promise, and nothing held in spite of its value."""

from collections.abc import Iterator

from models.allowed_levels import least_tonnes
from models.holding_warnings import is_above_menu
from models.instance import Instance
from models.plan import Plan

SMALLEST_VALUE_SHOWN_USD = 0.005
ROUNDING = 1e-8  # of what must be held


def plan_warnings(case: Instance, plan: Plan) -> tuple[str, ...]:
    """Return the warnings about a plan of a case."""
    found = (_unspent_budget(case, plan), plan.rough_promise())
    missed = missed_levels(case, plan)
    return (*(warning for warning in found if warning is not None), *missed)


def missed_levels(case: Instance, plan: Plan) -> Iterator[str]:
    """Yield which materials are held less than they must be."""
    material = {x.id: x for x in case.materials}
    for level in plan.levels:
        least = least_tonnes(case, material[level.material])
        if level.tonnes < least * (1 - ROUNDING):
            yield (
                f"{level.tonnes:,.6g} t of {level.material} are held, and "
                f"{least:,.6g} t must be by minimum cover and levels in force: what "
                "has been drawn cannot be bought back within the limits"
            )


def _unspent_budget(case: Instance, plan: Plan) -> str | None:
    """Return why a plan holds nothing although the next dollar is worth something."""
    price = plan.promise.budget_shadow_price or 0.0
    if price < SMALLEST_VALUE_SHOWN_USD or any(level.tonnes for level in plan.levels):
        return None
    lots = [
        (material.lot_tonnes * material.price_usd_per_tonne, material)
        for material in case.materials
        if not is_above_menu(case, material.id, material.lot_tonnes)
    ]
    reason = "every lot is larger than the highest level of its material"
    if lots:
        cost, material = min(lots, key=lambda lot: lot[0])
        budget = case.financing.budget_usd()
        lot = f"{material.lot_tonnes:,.6g} t of {material.id} for about ${cost:,.2f}"
        reason = f"the cheapest lot is {lot}, and the financing is ${budget:,.2f}"
        if cost <= budget:
            reason = (
                "that value is of a part of a lot, and no whole lot avoids more than "
                "the gap within the limits (strongroom explain names the limits)"
            )
    return f"nothing is held, although the next dollar avoids ${price:,.2f}: {reason}"
