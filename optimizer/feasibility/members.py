"""Membership, counted again: nothing pooled for others, and the fees of members."""

import numpy as np

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from optimizer.feasibility.allocation import Applied
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.tolerances import ALLOCATION
from optimizer.feasibility.violation import Violations, cells_at_most
from optimizer.scenarios.scenario_set import Floats


def members_only(counted: Recount, applied: Applied) -> Violations:
    """Yield what participants that are no members get of what is pooled."""
    instance, market = counted.instance, counted.market
    members = members_of(instance)
    for i, (o, m) in enumerate(market.pairs):
        participant = instance.participants[o].id
        if participant in members:
            continue
        name = f"{participant}, {instance.materials[m].id}"
        drawn = applied.allocated[i : i + 1]
        tolerance = ALLOCATION * market.need[i : i + 1]
        nothing = np.zeros_like(drawn)
        yield from cells_at_most("members_only", [name], drawn, nothing, tolerance)


def members_of(instance: Instance) -> set[str]:
    """Return who shares what is pooled."""
    if instance.membership is None:
        return {o.id for o in instance.participants}
    return {*instance.membership.members}


def served_by(instance: Instance) -> set[str]:
    """Return whom pools serve, first or after members."""
    membership = instance.membership
    if membership is not None and membership.others == "after_members":
        return {o.id for o in instance.participants}
    return members_of(instance)


def member_fees_usd(instance: Instance) -> Floats:
    """Return what all members pay in each period (t).

    That is a rate on their yearly need, or what was agreed with them before.
    """
    paid = np.zeros(instance.horizon.number_of_periods)
    if instance.membership is None:
        return paid
    agreed = {x.participant: x.usd_per_year for x in instance.position.fees}
    paid += sum(agreed.get(o, 0.0) for o in instance.membership.members)
    tonnes = instance.index.tonnes_per_unit
    for product in instance.final_products():
        if product.participant not in {*instance.membership.members} - {*agreed}:
            continue
        for m in instance.materials:
            path = m.price_path_usd_per_tonne
            price = path[0] if path is not None else m.price_usd_per_tonne
            a_year = product.units_per_year(0) * tonnes[product.id].get(m.id, 0.0)
            paid += instance.membership.fee_rate_per_year * a_year * price
    days = np.array(instance.horizon.period_lengths_days)
    return paid * days / DAYS_PER_YEAR
