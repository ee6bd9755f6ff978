"""Working buffers at the start as days of the need that was observed.

A position states them in days of the need that was planned; what is in them is tonnes.
"""

from collections import defaultdict

from models.instance import Instance
from optimizer.scenarios import ScenarioSet
from optimizer.scenarios.market import demand_path
from optimizer.scenarios.scenario_set import Floats

Needs = dict[tuple[str, str], float]


def with_observed_buffers(instance: Instance, scenario: ScenarioSet) -> Instance:
    """Return the case with as many tonnes in each buffer that the position states.

    Of a participant that wants nothing in the period nothing can be stated.
    """
    planned = _needs(instance, demand_path(instance)[:, 0])
    observed = _needs(instance, scenario.demand[:, 0, 0])
    buffers = tuple(
        x
        if wanted <= 0
        else x.model_copy(
            update={
                "days": x.days * factor,
                "full_days": None if x.full_days is None else x.full_days * factor,
            }
        )
        for x in instance.position.buffers
        for pair in ((x.participant, x.material),)
        for wanted in (observed.get(pair, 0.0),)
        for factor in (planned.get(pair, 0.0) / (wanted or 1.0),)
    )
    position = instance.position.model_copy(update={"buffers": buffers})
    return instance.model_copy(update={"position": position})


def _needs(instance: Instance, demand: Floats) -> Needs:
    """Return what each participant needs of each material for a demand (p), tonnes."""
    needs: Needs = defaultdict(float)
    for product, units in zip(instance.final_products(), demand, strict=True):
        for m, quantity in instance.index.tonnes_per_unit[product.id].items():
            needs[product.participant or "", m] += quantity * float(units)
    return needs
