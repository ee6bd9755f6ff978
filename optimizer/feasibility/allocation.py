"""The allocation row by row: (25) to (27) of the page and the shortage blocks.

Every limit comes from the case and the scenarios; of the blocks only their places are
used, so that coefficients and bounds are counted a second time.
"""

from dataclasses import dataclass

import numpy as np

from models.demand import Product
from models.instance import Instance
from optimizer.feasibility.quantities import Quantities
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.tolerances import ALLOCATION, GAP_SHARE
from optimizer.feasibility.violation import Violations, cells_at_least, cells_at_most
from optimizer.policies.market import Market
from optimizer.recourse.blocks import Recourse
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Applied:
    """Quantities in their places.

    allocated and emergency are in tonnes (pair, w, t); shortage in units for each
    final product, by block (i, w, t).
    """

    allocated: Floats
    emergency: Floats
    shortage: tuple[Floats, ...]


def place(
    instance: Instance, market: Market, blocks: Recourse, quantities: Quantities
) -> Applied:
    """Return quantities by what and where they are for."""
    allocated, emergency = np.zeros_like(market.gap), np.zeros_like(market.gap)
    there = (blocks.gap_pair, blocks.gap_w, blocks.gap_t)
    allocated[there] = quantities.allocated
    emergency[there] = quantities.emergency
    entry = blocks.shortage_entry
    w, t = blocks.products.w[entry], blocks.products.t[entry]
    shortage: list[Floats] = []
    for p, product in enumerate(instance.final_products()):
        mine = blocks.shortage_product == p
        units = np.zeros((len(product.shortage_blocks), *market.gap.shape[1:]))
        where = (blocks.shortage_block[mine], w[mine], t[mine])
        units[where] = quantities.shortage[mine]
        shortage.append(units)
    return Applied(allocated, emergency, tuple(shortage))


def own_supply(counted: Recount) -> Floats:
    """Return what reaches one participant alone, in tonnes (pair, w, t)."""
    supply = np.zeros_like(counted.market.gap)
    part = _parts_of_others(counted)
    for i, (o, m) in enumerate(counted.market.pairs):
        for x in counted.moved:
            if (x.o, x.m) == (o, m):
                supply[i] += x.released
            elif x.o is None and x.m == m and not counted.market.is_member[i]:
                supply[i] += part[i] * x.for_others
        for contract in counted.deliveries:
            if (contract.o, contract.m) == (o, m):
                supply[i] += contract.delivered
    return supply


def _parts_of_others(counted: Recount) -> Floats:
    """Return each gap's part of those of no member in its material (pair, w, t)."""
    market = counted.market
    outside = np.where(market.is_member[:, None, None], 0.0, market.gap)
    total = _by_material(counted, outside)[[m for _, m in market.pairs]]
    return np.divide(outside, total, out=np.zeros_like(outside), where=total > 0)


def allocation_violations(counted: Recount, applied: Applied) -> Violations:
    """Yield the rows that the allocation leaves."""
    yield from _signs(counted, applied)
    yield from gap_cover(counted, applied)
    yield from pool_allocation(counted, applied)
    yield from emergency_supply(counted, applied)
    yield from shortage_limit(counted, applied)


def gap_cover(counted: Recount, applied: Applied) -> Violations:
    """(25) units not made, own supply, allocation and emergency purchases >= gap."""
    market = counted.market
    supplied = own_supply(counted) + applied.allocated + applied.emergency
    supplied += saved(counted, applied)
    tolerance = (ALLOCATION + GAP_SHARE) * market.need
    names = _pair_names(counted)
    yield from cells_at_least("gap_cover", names, supplied, market.gap, tolerance)


def pool_allocation(counted: Recount, applied: Applied) -> Violations:
    """(26) what all participants get <= pool releases and deliveries to all."""
    limit = np.zeros_like(counted.scenarios.price)
    for x in counted.moved:
        if x.o is None:
            limit[x.m] += x.released - x.for_others
    for contract in counted.deliveries:
        if contract.o is None:
            limit[contract.m] += contract.delivered
    shared = _by_material(counted, applied.allocated)
    names = [m.id for m in counted.instance.materials]
    tolerance = ALLOCATION * _by_material(counted, counted.market.need)
    yield from cells_at_most("pool_allocation", names, shared, limit, tolerance)


def emergency_supply(counted: Recount, applied: Applied) -> Violations:
    """(27) what participants buy in an emergency <= what can be had in a period."""
    bought = _by_material(counted, applied.emergency)
    years = np.array(counted.instance.horizon.period_lengths_years)
    materials = counted.instance.materials
    by_period = np.array([m.emergency_tonnes_per_year * years for m in materials])
    limit = np.broadcast_to(by_period[:, None, :], bought.shape)
    tolerance = ALLOCATION * _by_material(counted, counted.market.need)
    names = [m.id for m in materials]
    yield from cells_at_most("emergency_supply", names, bought, limit, tolerance)


def shortage_limit(counted: Recount, applied: Applied) -> Violations:
    """shortage[p,i,t,w] <= share[p,i] demand[p,t,w]."""
    for p, product in enumerate(counted.instance.final_products()):
        share = np.array([block.share for block in product.shortage_blocks])
        limit = share[:, None, None] * counted.scenarios.demand[p]
        units = applied.shortage[p]
        tolerance = np.broadcast_to(
            ALLOCATION * counted.scenarios.demand[p], units.shape
        )
        names = _block_names(product)
        yield from cells_at_most("shortage_limit", names, units, limit, tolerance)


def _signs(counted: Recount, applied: Applied) -> Violations:
    pairs = _pair_names(counted)
    tonnes = ALLOCATION * counted.market.need
    none = np.zeros_like(applied.allocated)
    yield from cells_at_least("allocation_sign", pairs, applied.allocated, none, tonnes)
    yield from cells_at_least("emergency_sign", pairs, applied.emergency, none, tonnes)
    for units, product, demand in zip(
        applied.shortage,
        counted.instance.final_products(),
        counted.scenarios.demand,
        strict=True,
    ):
        none = np.zeros_like(units)
        tolerance = np.broadcast_to(ALLOCATION * demand, units.shape)
        names = _block_names(product)
        yield from cells_at_least("shortage_sign", names, units, none, tolerance)


def saved(counted: Recount, applied: Applied) -> Floats:
    """Return the tonnes that units not made do without (pair, w, t)."""
    instance = counted.instance
    tonnes_per_unit = instance.index.tonnes_per_unit
    tonnes_saved = np.zeros_like(counted.market.gap)
    for i, (o, m) in enumerate(counted.market.pairs):
        owner, material = instance.participants[o].id, instance.materials[m].id
        for product, units in zip(
            instance.final_products(), applied.shortage, strict=True
        ):
            if product.participant == owner:
                tonnes = tonnes_per_unit[product.id].get(material, 0.0)
                tonnes_saved[i] += tonnes * units.sum(axis=0)
    return tonnes_saved


def _by_material(counted: Recount, by_pair: Floats) -> Floats:
    """Return sums over participants (m, w, t)."""
    total = np.zeros_like(counted.scenarios.price)
    for i, (_, m) in enumerate(counted.market.pairs):
        total[m] += by_pair[i]
    return total


def _pair_names(counted: Recount) -> list[str]:
    instance = counted.instance
    return [
        f"{instance.participants[o].id}, {instance.materials[m].id}"
        for o, m in counted.market.pairs
    ]


def _block_names(product: Product) -> list[str]:
    return [f"{product.id}, block {i}" for i in range(len(product.shortage_blocks))]
