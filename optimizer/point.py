"""A first stage: one that a program found, with its costs, and one being tried."""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Chosen, FirstStageProblem
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Point:
    """A first stage in US dollars; objective includes CVaR, and holding by its weight.

    shares by candidate of each holding, in the order of the problem; signed by
    contract; draws (f, t).
    """

    shares: tuple[Floats, ...]
    signed: Floats
    draws: Floats
    expected_cost_usd: float
    objective_usd: float
    cost_of_holding_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class TrialPoint:
    """A first stage being tried: shares by candidate of each holding, and contracts."""

    shares: tuple[Floats, ...]
    signed: Floats

    @property
    def vector(self) -> Floats:
        """All shares, then all signed contracts: the columns of the cuts."""
        return np.concatenate([*self.shares, self.signed])


def among(problem: FirstStageProblem, point: Point, chosen: Chosen) -> Point:
    """Return the point with the shares of some candidates alone."""
    shares = tuple(
        share[chosen[holding.name]]
        for holding, share in zip(problem.holdings, point.shares, strict=True)
    )
    return replace(point, shares=shares)


def spread(problem: FirstStageProblem, point: Point, chosen: Chosen) -> Point:
    """Return a point of some candidates as one of all, with contracts rounded."""
    shares: list[Floats] = []
    for holding, menu, share in zip(
        problem.holdings, problem.menus, point.shares, strict=True
    ):
        whole = np.zeros(len(menu.candidates))
        whole[chosen[holding.name]] = share
        shares.append(whole)
    return replace(point, shares=tuple(shares), signed=np.round(point.signed))
