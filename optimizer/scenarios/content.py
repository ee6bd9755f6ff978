"""What scenarios tell of, and the hash of all that they say."""

import hashlib

import numpy as np

from models.instance import Instance
from optimizer.scenarios.scenario_set import ScenarioSet


def items_of(instance: Instance) -> dict[str, tuple[str, ...]]:
    """Return what scenarios tell of, by kind, in the order of the case."""
    return {
        "route": tuple(x.id for x in instance.routes),
        "material": tuple(x.id for x in instance.materials),
        "product": tuple(x.id for x in instance.final_products()),
    }


def scenarios_hash(instance: Instance, scenarios: ScenarioSet) -> str:
    """Return the SHA-256 of all that scenarios say, whatever file they are in."""
    found = hashlib.sha256()
    for words in (scenarios.names, *items_of(instance).values()):
        found.update("\n".join(words).encode() + b"\0")
    found.update(np.asarray(scenarios.stratum, dtype="<i8").tobytes())
    found.update(np.asarray(scenarios.announced, dtype=np.bool_).tobytes())
    for figures in (
        scenarios.probability,
        scenarios.availability,
        scenarios.price,
        scenarios.demand,
    ):
        found.update(np.asarray(figures, dtype="<f8").tobytes())
    return found.hexdigest()
