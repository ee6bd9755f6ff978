"""Rights that were awarded before the start, counted again from the position.

Without `models.rights_in_force`. Each of them is in the plan, whole and alone.
"""

import numpy as np

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.material import Material
from models.opening_position import RightInForce
from models.plan import Plan
from optimizer.feasibility.lots import is_good
from optimizer.feasibility.on_order import on_order_for
from optimizer.feasibility.tolerances import ROUNDING
from optimizer.feasibility.violation import Violations, equal, same
from optimizer.scenarios.scenario_set import Floats


def in_force(instance: Instance, offer: str | None) -> RightInForce | None:
    """Return the right of an offer, None if it was not awarded before the start."""
    for right in instance.position.rights:
        if right.offer == offer:
            return right
    return None


def there(instance: Instance, material: Material, right: RightInForce) -> float:
    """Return the tonnes of a right that are good at the start."""
    lots = [x for x in instance.position.stock if x.right == right.offer]
    found = sum(x.tonnes for x in lots if is_good(instance, material, x))
    return min(found, right.lots * material.lot_tonnes)


def left_to_buy(instance: Instance, material: Material, right: RightInForce) -> float:
    """Return what a right's build-up still has to buy: not there, coming or drawn."""
    whole = right.lots * material.lot_tonnes
    missing = whole - there(instance, material, right) - right.drawn_tonnes
    missing -= sum(x.tonnes for x in on_order_for(instance, right.offer))
    is_building = right.build_up_periods > 0 and missing > ROUNDING * whole
    return missing if is_building else 0.0


def unpaid_years(instance: Instance, right: RightInForce | None) -> Floats:
    """Return the years of each period (t) for which a carrying fee is due."""
    horizon = instance.horizon
    years = np.array(horizon.period_lengths_years)
    if right is None or right.fees_paid_until is None:
        return years
    days = np.array(horizon.period_lengths_days)
    paid = (right.fees_paid_until - horizon.start).days
    begun = np.concatenate([[0.0], np.cumsum(days)[:-1]])
    return years - np.clip(paid - begun, 0.0, days) / DAYS_PER_YEAR


def right_violations(instance: Instance, plan: Plan) -> Violations:
    """(2) each right in force is held, as large as it is, bought back as stated."""
    materials = {m.id: m for m in instance.materials}
    held = {x.offer: x for x in plan.tranches() if x.offer is not None}
    awards = {x.offer: x for x in plan.awards}
    stated = [x.offer for x in instance.position.rights]
    printed = sorted(x.offer for x in plan.awards if x.in_force is not None)
    yield from same("in_force", "awards", printed, sorted(stated))
    for right in instance.position.rights:
        where, tranche = f"right {right.offer}", held.get(right.offer)
        if tranche is None:
            yield from same("one_policy", where, "not held", "held: it is in force")
            continue
        yield from equal("right_lots", where, tranche.lots, right.lots)
        yield from same("right_sourcing", where, tranche.sourcing, right.sourcing)
        award = awards.get(right.offer)
        if award is None or award.in_force is None:
            continue
        found = award.in_force
        tonnes = there(instance, materials[tranche.material], right)
        yield from equal("right_stock", where, found.held_tonnes, tonnes)
        drawn = right.drawn_tonnes
        yield from equal("right_drawn", where, found.drawn_tonnes, drawn)
