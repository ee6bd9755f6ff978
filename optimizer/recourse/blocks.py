"""Where something is short, and the allocation problem there as arrays.

A block exists only for the scenarios and periods with a gap; nothing in it links two
periods, so it cannot look ahead (model.md 1.5). Rows and columns are those of
FORMULATION.md, section 6, (18) to (20).
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from optimizer.policies.market import Market
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

Positions = NDArray[np.int64]
SMALLEST_GAP_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class ShortProducts:
    """Where a product may have to be cut, one row an entry.

    product, w, t are positions; demand in units a period; first is the position of the
    entry's first shortage column: one column for each of the product's blocks.
    """

    product: Positions
    w: Positions
    t: Positions
    demand: Floats
    first: Positions


@dataclass(frozen=True, slots=True)
class Recourse:
    """All blocks of a scenario set.

    gap_pair, gap_w, gap_t place each gap (in tonnes: gap); short_* do so for each
    material that is short somewhere, one entry for each (m, w, t); gap_short leads from a
    gap to its material's entry. Shortage columns are listed by short product.
    """

    gap_pair: Positions
    gap_w: Positions
    gap_t: Positions
    gap: Floats
    gap_short: Positions
    short_m: Positions
    short_w: Positions
    short_t: Positions
    emergency_limit: Floats
    emergency_cost: Floats
    products: ShortProducts
    shortage_product: Positions
    shortage_entry: Positions
    shortage_block: Positions
    shortage_limit: Floats
    shortage_cost: Floats
    coefficient_gap: Positions
    coefficient_shortage: Positions
    coefficient: Floats

    @property
    def number_of_gaps(self) -> int:
        """Number of (participant, material, scenario, period) with a gap."""
        return len(self.gap)

    @property
    def number_of_shortages(self) -> int:
        """Number of shortage columns."""
        return len(self.shortage_cost)


def find_blocks(instance: Instance, scenarios: ScenarioSet, market: Market) -> Recourse:
    """Return the allocation problem of every scenario and period with a gap."""
    is_short = market.gap > SMALLEST_GAP_SHARE * market.need
    pair, w, t = np.nonzero(is_short)
    members = np.array([m for _, m in market.pairs])
    material_is_short = np.zeros(scenarios.price.shape, dtype=np.bool_)
    np.logical_or.at(material_is_short, members, is_short)
    short_m, short_w, short_t = np.nonzero(material_is_short)
    short_position = np.full(scenarios.price.shape, -1, dtype=np.int64)
    short_position[short_m, short_w, short_t] = np.arange(len(short_m))
    weights = _weights(instance)
    materials = instance.materials
    years = instance.horizon.years_per_period
    premium = np.array([m.emergency_premium for m in materials])
    limit = np.array([m.emergency_tonnes_per_year * years for m in materials])
    owners = np.array([o for o, _ in market.pairs])
    products, columns = _shortages(instance, scenarios, market, is_short)
    gap_position = np.full(is_short.shape, -1, dtype=np.int64)
    gap_position[pair, w, t] = np.arange(len(pair))
    rows = _coefficients(instance, market, gap_position, products)
    return Recourse(
        gap_pair=pair,
        gap_w=w,
        gap_t=t,
        gap=market.gap[pair, w, t],
        gap_short=short_position[members[pair], w, t],
        short_m=short_m,
        short_w=short_w,
        short_t=short_t,
        emergency_limit=limit[short_m],
        emergency_cost=(
            weights[owners[pair]]
            * premium[members[pair]]
            * scenarios.price[members[pair], w, t]
        ),
        products=products,
        shortage_product=columns[0],
        shortage_entry=columns[1],
        shortage_block=columns[2],
        shortage_limit=columns[3],
        shortage_cost=columns[4],
        coefficient_gap=rows[0],
        coefficient_shortage=rows[1],
        coefficient=rows[2],
    )


def _weights(instance: Instance) -> Floats:
    """Return the priority weight of each participant."""
    weight = {k.id: k.weight for k in instance.priority_classes}
    return np.array([weight[o.priority_class] for o in instance.participants])


def _shortages(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    is_short: NDArray[np.bool_],
) -> tuple[ShortProducts, tuple[Positions, Positions, Positions, Floats, Floats]]:
    """Return the entries of short products and their columns, product by product."""
    weights = _weights(instance)
    owners = [o.id for o in instance.participants]
    entries: list[tuple[Positions, ...]] = []
    demands: list[Floats] = []
    firsts: list[Positions] = []
    columns: list[tuple[Positions, Positions, Positions, Floats, Floats]] = []
    first = 0
    number_of_entries = 0
    for p, product in enumerate(instance.final_products()):
        pairs = _pairs_of(instance, market, p)
        w, t = np.nonzero(is_short[pairs].any(axis=0))
        demand = scenarios.demand[p, w, t]
        blocks = product.shortage_blocks
        number = len(w)
        weight = weights[owners.index(product.participant or "")]
        share = np.array([block.share for block in blocks])
        cost = np.array([block.cost_usd_per_unit for block in blocks]) * weight
        entries.append((np.full(number, p), w, t))
        demands.append(demand)
        firsts.append(first + len(blocks) * np.arange(number))
        columns.append(
            (
                np.full(number * len(blocks), p),
                number_of_entries + np.repeat(np.arange(number), len(blocks)),
                np.tile(np.arange(len(blocks)), number),
                (demand[:, None] * share).ravel(),
                np.tile(cost, number),
            )
        )
        first += number * len(blocks)
        number_of_entries += number
    products = ShortProducts(
        *(np.concatenate([entry[i] for entry in entries]) for i in range(3)),
        np.concatenate(demands),
        np.concatenate(firsts),
    )
    product, entry, block, limit, cost = (
        np.concatenate([column[i] for column in columns]) for i in range(5)
    )
    return products, (product, entry, block, limit, cost)


def _pairs_of(instance: Instance, market: Market, p: int) -> list[int]:
    """Return the pairs (participant, material) that a final product depends on."""
    product = instance.final_products()[p]
    tonnes = instance.tonnes_per_unit()[product.id]
    o = [x.id for x in instance.participants].index(product.participant or "")
    return [
        i
        for i, (owner, m) in enumerate(market.pairs)
        if owner == o and instance.materials[m].id in tonnes
    ]


def _coefficients(
    instance: Instance,
    market: Market,
    gap_position: Positions,
    products: ShortProducts,
) -> tuple[Positions, Positions, Floats]:
    """Return (gap, shortage column, tonnes a unit) of every unit not made."""
    exploded = instance.tonnes_per_unit()
    gaps: list[Positions] = []
    columns: list[Positions] = []
    values: list[Floats] = []
    for p, product in enumerate(instance.final_products()):
        chosen = np.nonzero(products.product == p)[0]
        number_of_blocks = len(product.shortage_blocks)
        for pair in _pairs_of(instance, market, p):
            material = instance.materials[market.pairs[pair][1]].id
            gap = gap_position[pair, products.w[chosen], products.t[chosen]]
            is_there = gap >= 0
            first = products.first[chosen[is_there]]
            for block in range(number_of_blocks):
                gaps.append(gap[is_there])
                columns.append(first + block)
                values.append(np.full(len(first), exploded[product.id][material]))
    return np.concatenate(gaps), np.concatenate(columns), np.concatenate(values)


def nothing_short(recourse: Recourse) -> Recourse:
    """Return the recourse of a world in which nothing is ever short."""
    none: dict[str, Any] = {}
    for field in fields(Recourse):
        value = getattr(recourse, field.name)
        none[field.name] = (
            ShortProducts(*(getattr(value, f.name)[:0] for f in fields(ShortProducts)))
            if isinstance(value, ShortProducts)
            else value[:0]
        )
    return Recourse(**none)
