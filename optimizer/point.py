"""A first stage that a program found."""

from dataclasses import dataclass, replace

from optimizer.problem import Chosen, Problem
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Point:
    """A first stage in US dollars; objective includes CVaR.

    shares by candidate of each holding, in the order of the problem; signed by
    contract; draws (f, t).
    """

    shares: tuple[Floats, ...]
    signed: Floats
    draws: Floats
    expected_cost_usd: float
    objective_usd: float


def among(problem: Problem, point: Point, chosen: Chosen) -> Point:
    """Return the point with the shares of some candidates alone."""
    shares = tuple(
        share[chosen[holding.name]]
        for holding, share in zip(problem.holdings, point.shares, strict=True)
    )
    return replace(point, shares=shares)
