"""A first stage that a program found."""

from dataclasses import dataclass

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
