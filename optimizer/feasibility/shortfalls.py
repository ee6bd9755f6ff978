"""The complete list of what stays short, counted again."""

import numpy as np

from optimizer.feasibility.allocation import Applied, own_supply, saved
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.tolerances import ROUNDING
from optimizer.feasibility.violation import Violations, equal, same
from optimizer.scenarios.scenario_set import Floats


def shortfall_violations(counted: Recount, applied: Applied) -> Violations:
    """Yield the rows of the list that differ from the recount."""
    instance, printed = counted.instance, counted.plan.shortfalls
    materials = [m.id for m in instance.materials]
    listed = [x.material for x in printed]
    yield from same("shortfalls", "materials", listed, materials)
    if listed != materials:
        return
    # Who makes fewer units for want of one material takes less of all others.
    needed = np.maximum(counted.market.gap - saved(counted, applied), 0.0)
    served = np.minimum(own_supply(counted) + applied.allocated, needed)
    for m, (material, x) in enumerate(zip(instance.materials, printed, strict=True)):
        gap, covered, released = _of_material(counted, served, m)
        held = sum(done.tranche.tonnes for done in counted.of(material))
        unused = np.maximum(released - covered, 0.0)
        is_short = (gap > 0).any(axis=1)
        chance = float(counted.scenarios.probability @ is_short)
        where = material.id
        cover = instance.index.days_of_cover(material.id, held)
        yield from same("shortfall_name", where, x.name, material.name)
        yield from equal("shortfall_cover", where, x.days_of_cover, cover)
        yield from equal("shortfall_probability", where, x.probability_of_gap, chance)
        missing = float(counted.scenarios.probability @ gap.sum(axis=1))
        handed = float(counted.scenarios.probability @ released.sum(axis=1))
        tolerance = ROUNDING * (missing + handed)
        for name, found, tonnes in (
            ("shortfall_gap", x.gap_tonnes, gap),
            ("shortfall_released", x.released_tonnes, released),
            ("shortfall_unused", x.unused_tonnes, unused),
            ("shortfall_uncovered", x.uncovered_tonnes, gap - covered),
        ):
            mean = float(counted.scenarios.probability @ tonnes.sum(axis=1))
            yield from equal(name, where, found, mean, tolerance)


def _of_material(
    counted: Recount, served: Floats, m: int
) -> tuple[Floats, Floats, Floats]:
    """Return gap, what of it was covered, and what was released, in tonnes (w, t).

    served is what goes into units that are made (pair, w, t).
    """
    gap, covered, released = (
        np.zeros(counted.scenarios.price.shape[1:]) for _ in "123"
    )
    for i, pair in enumerate(counted.market.pairs):
        if pair[1] == m:
            gap += counted.market.gap[i]
            covered += served[i]
    for x in counted.moved:
        if x.m == m:
            released += x.released
    return gap, covered, released
