"""What a printed plan has in place when a case begins, read off the documents.

A plan in a case with fewer periods than it was made for is in force: what its tranches
hold then are the lots of the position that name them.
"""

import math
from collections.abc import Set

from models.held_stock import free_stock, free_tonnes
from models.instance import Instance
from models.plan import Plan, Tranche
from models.rights_in_force import right_in_force, tonnes_of
from models.tranche_in_force import lots_for_sale, tranche_name


def is_in_force(case: Instance, plan: Plan) -> bool:
    """Say whether the plan was made for periods that the case lacks: they are past."""
    return len(plan.financing) > case.horizon.number_of_periods


def tranches_at_start(case: Instance, plan: Plan) -> dict[str, list[Tranche]]:
    """Return the tranches that are left, by the offer of a right or the material."""
    found: dict[str, list[Tranche]] = {}
    for tranche in plan.tranches():
        kept = tranche.offer or tranche.material
        is_left = tranche.offer is None or tranche.offer in case.index.offer
        if is_left and tranche.material in case.index.material:
            found.setdefault(kept, []).append(tranche)
    return found


def tonnes_at_start(case: Instance, plan: Plan, tranche: Tranche) -> float:
    """Return what a tranche has in place when the case begins."""
    material = case.materials[case.index.material[tranche.material]]
    right = None if tranche.offer is None else right_in_force(case, tranche.offer)
    if right is not None:
        return tonnes_of(case, material, right)
    if not is_in_force(case, plan):
        coming = {x.id for x in case.sourcing_options if x.is_on_order}
        is_there = tranche.build_up_periods == 0 and tranche.sourcing not in coming
        return tranche.tonnes if is_there else 0.0
    name = tranche_name(tranche)
    free = free_stock(case, material)
    return math.fsum(lot.tonnes for lot in free if lot.tranche == name)


def for_sale_at_start(case: Instance, plan: Plan, material: str) -> float:
    """Return what is for sale of a material when the case begins."""
    if not is_in_force(case, plan):
        return sum(x.tonnes for x in plan.sales() if x.material == material)
    return _free_of(case, material, {lots_for_sale(material)})


def free_at_start(case: Instance, plan: Plan, material: str) -> float:
    """Return the free stock of a material that no tranche takes, be it for sale."""
    held = [x for x in plan.tranches() if x.material == material and x.offer is None]
    if is_in_force(case, plan):
        names = {lot.tranche for lot in case.position.stock}
        return _free_of(case, material, names - {tranche_name(x) for x in held})
    taking = {x.id for x in case.sourcing_options if x.is_held}
    taken = sum(x.tonnes for x in held if x.sourcing in taking)
    free = free_tonnes(case, case.materials[case.index.material[material]])
    return max(free - taken, 0.0)


def _free_of(case: Instance, material: str, names: Set[str | None]) -> float:
    free = free_stock(case, case.materials[case.index.material[material]])
    return math.fsum(lot.tonnes for lot in free if lot.tranche in names)
