"""Scenarios as arrays: what happens in each, whatever is decided."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Booleans: TypeAlias = NDArray[np.bool_]
Positions: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ScenarioSet:
    """W scenarios over T periods; items in the order of the instance.

    probability sums to 1. availability is the share of normal flow by route (r, w, t);
    announced says by material (m, w, t) whether a disruption is announced; price is in
    US dollars a tonne by material (m, w, t); base_price is the undisrupted one (m, t);
    demand is in units a period by final product (p, w, t). stratum numbers the stratum
    that each scenario was drawn from; scenarios of one stratum have equal
    probabilities, unless they were changed in a file. file_hash is the hash of the
    content of all that were read from a file; empty if they are drawn.
    """

    names: tuple[str, ...]
    probability: Floats
    stratum: NDArray[np.int64]
    availability: Floats
    announced: Booleans
    price: Floats
    base_price: Floats
    demand: Floats
    file_hash: str = ""

    @property
    def number_of_scenarios(self) -> int:
        """Number of scenarios W."""
        return len(self.probability)

    def select(self, chosen: NDArray[np.int64] | slice) -> "ScenarioSet":
        """Return some of the scenarios, their probabilities as they are."""
        positions = np.arange(self.number_of_scenarios)[chosen]
        return ScenarioSet(
            names=tuple(self.names[int(w)] for w in positions),
            probability=self.probability[chosen],
            stratum=self.stratum[chosen],
            availability=self.availability[:, chosen],
            announced=self.announced[:, chosen],
            price=self.price[:, chosen],
            base_price=self.base_price,
            demand=self.demand[:, chosen],
        )
