"""The allocation of one scenario and period as a dense program, written out by loops.

It reads the case and the gaps alone, not the blocks of the optimizer.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from models.instance import Instance

Row = dict[str, float]


@dataclass(slots=True)
class Rows:
    """A minimization over named columns: cost, upper bound, rows of at most."""

    cost: Row = field(default_factory=dict[str, float])
    upper: Row = field(default_factory=dict[str, float])
    at_most: list[tuple[Row, float]] = field(default_factory=list[tuple[Row, float]])

    def least_cost(self) -> float:
        """Return the minimum."""
        if not self.cost:
            return 0.0
        names = list(self.cost)
        position = {name: i for i, name in enumerate(names)}
        matrix = np.zeros((len(self.at_most), len(names)))
        for i, (row, _) in enumerate(self.at_most):
            for name, value in row.items():
                matrix[i, position[name]] += value
        result = linprog(
            [self.cost[name] for name in names],
            A_ub=matrix,
            b_ub=[limit for _, limit in self.at_most],
            bounds=[(0, self.upper.get(name)) for name in names],
        )
        assert result.success, result.message
        return float(result.fun)


@dataclass(frozen=True, slots=True)
class Day:
    """What is there in one scenario and period.

    gap and own by (participant, material), pooled and price by material, demand by
    final product; tonnes, US dollars a tonne and units.
    """

    gap: dict[tuple[str, str], float]
    own: dict[tuple[str, str], float]
    pooled: dict[str, float]
    price: dict[str, float]
    demand: dict[str, float]


def least_cost(instance: Instance, day: Day) -> float:
    """Return the cost of the best allocation."""
    weights = {k.id: k.weight for k in instance.priority_classes}
    weight = {o.id: weights[o.priority_class] for o in instance.participants}
    rows = Rows()
    saved = _shortages(instance, day, weight, rows)
    for material in instance.materials:
        m = material.id
        shared: Row = {}
        bought: Row = {}
        for (o, gap_m), gap in day.gap.items():
            if gap_m != m or gap <= 0:
                continue
            allocated, emergency = f"allocated {o} {m}", f"emergency {o} {m}"
            loss = material.emergency_premium * day.price[m]
            rows.cost |= {allocated: 0.0, emergency: weight[o] * loss}
            if instance.membership and o not in instance.membership.members:
                rows.upper[allocated] = 0.0
            shared[allocated] = 1.0
            bought[emergency] = 1.0
            cover = {allocated: -1.0, emergency: -1.0}
            cover |= {x: -tonnes for x, tonnes in saved.get((o, m), {}).items()}
            rows.at_most.append((cover, day.own.get((o, m), 0.0) - gap))
        years = instance.horizon.average_period_years
        if shared:
            rows.at_most.append((shared, day.pooled.get(m, 0.0)))
            limit = material.emergency_tonnes_per_year * years
            rows.at_most.append((bought, limit))
    return rows.least_cost()


def _shortages(
    instance: Instance, day: Day, weight: dict[str, float], rows: Rows
) -> dict[tuple[str, str], Row]:
    """Add a column for each block of each product; return tonnes saved by (o, m)."""
    saved: dict[tuple[str, str], Row] = {}
    for product in instance.final_products():
        o = product.participant or ""
        for i, block in enumerate(product.shortage_blocks):
            name = f"short {product.id} {i}"
            rows.cost[name] = weight[o] * block.cost_usd_per_unit
            rows.upper[name] = block.share * day.demand[product.id]
            # These bills list materials directly: no components to explode.
            for line in product.bill_of_materials:
                column = saved.setdefault((o, line.material or ""), {})
                column[name] = line.quantity_per_unit
    return saved
