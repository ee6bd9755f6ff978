"""What a printed plan has in place when a case begins, read off the documents.

A plan in a case with fewer periods than it was made for is in force: what its tranches
hold then are the lots of the position that name them.
"""

import math

from models.held_stock import free_stock
from models.instance import Instance
from models.plan import Plan, Tranche
from models.rights_in_force import right_in_force, tonnes_of
from models.tranche_in_force import tranche_name


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
        return tranche.tonnes if tranche.build_up_periods == 0 else 0.0
    name = tranche_name(tranche)
    free = free_stock(case, material)
    return math.fsum(lot.tonnes for lot in free if lot.tranche == name)
