"""Working buffers at the start as days of the need that was observed.

A position states them in days of the need that was planned; what is in them is tonnes.
"""

from collections import defaultdict

from models.instance import Instance
from models.opening_buffers import buffer_days, full_buffer_days
from models.opening_position import OpeningBuffer
from optimizer.scenarios import ScenarioSet
from optimizer.scenarios.market import demand_path
from optimizer.scenarios.scenario_set import Floats

Needs = dict[tuple[str, str], float]
# Of the need: less is rounding.
ROUNDING = 1e-12


def with_observed_buffers(instance: Instance, scenario: ScenarioSet) -> Instance:
    """Return the case with as many tonnes in each buffer as by the planned need.

    Of a participant that wants nothing in the period nothing can be stated.
    """
    planned = _needs(instance, demand_path(instance)[:, 0])
    observed = _needs(instance, scenario.demand[:, 0, 0])
    stated = {(x.participant, x.material): x for x in instance.position.buffers}
    for pair, need in planned.items():
        wanted = observed[pair]
        if wanted > 0 and abs(wanted - need) > ROUNDING * need:
            stated[pair] = OpeningBuffer(
                participant=pair[0],
                material=pair[1],
                days=buffer_days(instance, *pair) * need / wanted,
                full_days=full_buffer_days(instance, *pair) * need / wanted,
            )
    position = instance.position.model_copy(update={"buffers": tuple(stated.values())})
    return instance.model_copy(update={"position": position})


def _needs(instance: Instance, demand: Floats) -> Needs:
    """Return what each participant needs of each material for a demand (p), tonnes."""
    needs: Needs = defaultdict(float)
    for product, units in zip(instance.final_products(), demand, strict=True):
        for m, quantity in instance.index.tonnes_per_unit[product.id].items():
            needs[product.participant or "", m] += quantity * float(units)
    return needs
