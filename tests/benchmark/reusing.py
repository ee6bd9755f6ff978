"""Requests that solve several budgets of a case from one base."""

from dataclasses import dataclass

from optimizer import open_base
from optimizer.frontier import scaled
from tests.benchmark.case import Case
from tests.benchmark.solving import Solved, solved


@dataclass(frozen=True, slots=True)
class Chain:
    """Solve a case with its limits scaled by each factor in turn, from one base.

    The first of them is solved cold. Workers are started before any clock.
    """

    case: Case
    factors: tuple[float, ...]

    def perform(self) -> tuple[Solved, ...]:
        """Return how each of them ended."""
        instance = self.case.instance()
        with open_base() as base:
            return tuple(
                solved(base.solve(scaled(instance, factor))) for factor in self.factors
            )
