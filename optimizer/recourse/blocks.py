"""The blocks in which a material is short, as arrays of the allocation problem.

A block is a component: materials that are short together in one scenario and period and
linked by products. No row links two periods, so the allocation cannot look ahead. Rows
and columns are those of FORMULATION.md, section 6, (25) to (27).
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from optimizer.deadline import look
from optimizer.policies.market import Market
from optimizer.scenarios.scenario_set import (
    Booleans,
    Floats,
    Positions,
    ScenarioSet,
)

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
    """All blocks of a scenario set (components of materials; see also ScenarioBlock).

    gap_pair, gap_w, gap_t place each gap (in tonnes: gap); short_* do so for each
    material that is short somewhere, one entry for each (m, w, t); gap_short leads from
    a gap to its material's entry; gap_may_draw says whether it may draw from what is
    pooled. Shortage columns are listed by short product. A coefficient is the tonnes of
    a gap that one unit in a shortage column saves.
    """

    gap_pair: Positions
    gap_w: Positions
    gap_t: Positions
    gap: Floats
    gap_short: Positions
    gap_may_draw: Booleans
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
    owners, members = np.array(market.pairs, dtype=np.int64).T
    material_is_short = np.zeros(scenarios.price.shape, dtype=np.bool_)
    np.logical_or.at(material_is_short, members, is_short)
    short_m, short_w, short_t = np.nonzero(material_is_short)
    short_position = _numbered(material_is_short)
    limit, premium = _emergency_terms(instance)
    look()
    products = _short_products(instance, scenarios, market, is_short)
    columns = _shortage_columns(instance, products)
    look()
    gaps, saving, tonnes = _coefficients(
        instance, market, _numbered(is_short), products
    )
    return Recourse(
        gap_pair=pair,
        gap_w=w,
        gap_t=t,
        gap=market.gap[pair, w, t],
        gap_short=short_position[members[pair], w, t],
        gap_may_draw=market.is_member[pair],
        short_m=short_m,
        short_w=short_w,
        short_t=short_t,
        emergency_limit=limit[short_m, short_t],
        emergency_cost=(
            np.array(instance.index.weight)[owners[pair]]
            * premium[members[pair]]
            * scenarios.price[members[pair], w, t]
        ),
        products=products,
        shortage_product=columns.product,
        shortage_entry=columns.entry,
        shortage_block=columns.block,
        shortage_limit=columns.limit,
        shortage_cost=columns.cost,
        coefficient_gap=gaps,
        coefficient_shortage=saving,
        coefficient=tonnes,
    )


def _numbered(is_there: NDArray[np.bool_]) -> Positions:
    """Return the position of each true element among all of them, -1 elsewhere."""
    positions = np.full(is_there.shape, -1, dtype=np.int64)
    positions[is_there] = np.arange(is_there.sum())
    return positions


def _emergency_terms(instance: Instance) -> tuple[Floats, Floats]:
    """Return tonnes (m, t) and multiple of the price (m)."""
    materials = instance.materials
    a_year = np.array([m.emergency_tonnes_per_year for m in materials])
    limit = np.outer(a_year, instance.horizon.period_lengths_years)
    return limit, np.array([m.emergency_premium for m in materials])


def _short_products(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    is_short: NDArray[np.bool_],
) -> ShortProducts:
    """Return the entries of short products, product by product."""
    number_of_blocks = [len(p.shortage_blocks) for p in instance.final_products()]
    places = [
        np.nonzero(is_short[pairs].any(axis=0)) for pairs in _pairs(instance, market)
    ]
    numbers = [len(w) for w, _ in places]
    product = np.repeat(np.arange(len(places)), numbers)
    w = np.concatenate([w for w, _ in places])
    t = np.concatenate([t for _, t in places])
    ends = np.cumsum(np.repeat(number_of_blocks, numbers), dtype=np.int64)
    first = np.concatenate([np.zeros(1, dtype=np.int64), ends])[: len(product)]
    return ShortProducts(product, w, t, scenarios.demand[product, w, t], first)


@dataclass(frozen=True, slots=True)
class _ShortageColumns:
    """Product, entry and block of each shortage column, its limit and its cost."""

    product: Positions
    entry: Positions
    block: Positions
    limit: Floats
    cost: Floats


def _shortage_columns(instance: Instance, products: ShortProducts) -> _ShortageColumns:
    """Return one column for each block of each entry, entry by entry."""
    final = instance.final_products()
    numbers = np.array([len(p.shortage_blocks) for p in final])
    blocks = [block for p in final for block in p.shortage_blocks]
    share = np.array([block.share for block in blocks])
    cost = np.array([block.cost_usd_per_unit for block in blocks])
    weight = np.array(instance.index.weight)[list(instance.index.owner)]
    cost *= np.repeat(weight, numbers)
    by_entry = numbers[products.product]
    entry = np.repeat(np.arange(len(products.product)), by_entry)
    product = products.product[entry]
    block = np.arange(len(entry)) - products.first[entry]
    listed = (np.cumsum(numbers) - numbers)[product] + block
    limit = products.demand[entry] * share[listed]
    return _ShortageColumns(product, entry, block, limit, cost[listed])


def _pairs(instance: Instance, market: Market) -> list[list[int]]:
    """Return the pairs (participant, material) that each final product depends on."""
    tonnes = instance.index.tonnes_per_unit
    return [
        [
            i
            for i, (o, m) in enumerate(market.pairs)
            if o == owner and instance.materials[m].id in tonnes[product.id]
        ]
        for product, owner in zip(
            instance.final_products(), instance.index.owner, strict=True
        )
    ]


def _coefficients(
    instance: Instance,
    market: Market,
    gap_position: Positions,
    products: ShortProducts,
) -> tuple[Positions, Positions, Floats]:
    """Return (gap, shortage column, tonnes a unit) of every unit not made."""
    exploded = instance.index.tonnes_per_unit
    gaps: list[Positions] = []
    columns: list[Positions] = []
    values: list[Floats] = []
    pairs = _pairs(instance, market)
    for p, product in enumerate(instance.final_products()):
        look()
        chosen = np.nonzero(products.product == p)[0]
        number_of_blocks = len(product.shortage_blocks)
        for pair in pairs[p]:
            material = instance.materials[market.pairs[pair][1]].id
            gap = gap_position[pair, products.w[chosen], products.t[chosen]]
            is_there = gap >= 0
            first = products.first[chosen[is_there]]
            for block in range(number_of_blocks):
                gaps.append(gap[is_there])
                columns.append(first + block)
                values.append(np.full(len(first), exploded[product.id][material]))
    return np.concatenate(gaps), np.concatenate(columns), np.concatenate(values)


def parts_of_others(recourse: Recourse) -> Floats:
    """Return by gap its part of all gaps of others than members in its material.

    Others share what is for them so. The part of a member's gap is 0.
    """
    outside = np.where(recourse.gap_may_draw, 0.0, recourse.gap)
    total = np.zeros(len(recourse.short_m))
    np.add.at(total, recourse.gap_short, outside)
    part = np.zeros_like(outside)
    return np.divide(outside, total[recourse.gap_short], out=part, where=outside > 0)


def nothing_short() -> Recourse:
    """Return a recourse without blocks: nothing is ever short."""
    products = ShortProducts(**_empty(ShortProducts))
    arrays: dict[str, Any] = _empty(Recourse) | {"products": products}
    return Recourse(**arrays)


def _empty(kind: type[ShortProducts] | type[Recourse]) -> dict[str, Any]:
    """Return an empty array of its type for each field."""
    return {x.name: np.zeros(0, dtype=_dtype(x.type)) for x in fields(kind)}


def _dtype(kind: object) -> type[np.generic]:
    if kind is Positions:
        return np.int64
    return np.bool_ if kind is Booleans else np.float64
