"""A scenario written by hand: calm except for given series."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.instance import Instance
from optimizer.scenarios.replays import calm_scenario
from optimizer.scenarios.scenario_set import ScenarioSet

Series = Mapping[str, Sequence[float]]


def one_scenario(
    instance: Instance,
    *,
    availability: Series | None = None,
    price: Series | None = None,
    demand: Series | None = None,
    announced: Series | None = None,
) -> ScenarioSet:
    """Return the calm scenario with some series, by identifier, in its place."""
    calm = calm_scenario(instance)
    materials = [m.id for m in instance.materials]
    changes = {
        "availability": ([r.id for r in instance.routes], availability),
        "price": (materials, price),
        "demand": ([p.id for p in instance.final_products()], demand),
        "announced": (materials, announced),
    }
    arrays = {name: getattr(calm, name).copy() for name in changes}
    for name, (identifiers, series) in changes.items():
        for identifier, values in (series or {}).items():
            position = identifiers.index(identifier)
            arrays[name][position, 0] = np.asarray(values)
    return replace(calm, **arrays)
