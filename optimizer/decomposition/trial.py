"""A first stage that is being tried, as its shares and signed contracts."""

from dataclasses import dataclass

import numpy as np

from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Trial:
    """Shares by candidate of each holding, signed by contract."""

    shares: tuple[Floats, ...]
    signed: Floats

    @property
    def vector(self) -> Floats:
        """All shares, then all signed contracts: the columns that cuts speak of."""
        return np.concatenate([*self.shares, self.signed])
