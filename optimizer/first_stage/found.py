"""What a method ends with, and the incumbent on the way there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.outcome import Termination
from optimizer.gap import gap_of
from optimizer.point import Point

OPTIMALITY_TOLERANCE = 1e-6
NO_WHOLE_LOTS = "whole_lots: no whole numbers of lots satisfy all limits together"
SecondsLeft = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a solve ended with: the incumbent, if any, and the proof."""

    termination: Termination
    incumbent: Point | None
    lower_bound_usd: float
    budget_shadow_price: float | None
    conflict: tuple[str, ...] = ()


class Report(Protocol):
    """Whoever wants to know how far a solve is; bounds in US dollars."""

    def __call__(
        self, stage: str, lower: float, upper: float, cuts: int | None = None
    ) -> None:
        """Take note of a stage; an infinite bound is not known yet."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom a method tells what, and how long it may take.

    on_incumbent gets each better point, with the lower bound of that moment.
    """

    report: Report
    on_incumbent: Callable[[Point, float], None]
    seconds_left: SecondsLeft


@dataclass(slots=True)
class Incumbent:
    """The best point so far and the bound; both only get better.

    on_better is called with each point that is taken.
    """

    point: Point | None
    lower_bound_usd: float
    on_better: Callable[[Point], None] | None = None

    @property
    def upper_bound_usd(self) -> float:
        """Cost of the point, infinite if there is none."""
        return np.inf if self.point is None else self.point.objective_usd

    @property
    def gap(self) -> float:
        """Relative distance of the two bounds."""
        return gap_of(self.upper_bound_usd, self.lower_bound_usd)

    def offer(self, point: Point | None) -> bool:
        """Take a point if it is better, and say so."""
        if point is None or point.objective_usd >= self.upper_bound_usd:
            return False
        self.point = point
        if self.on_better is not None:
            self.on_better(point)
        return True

    def termination(self, gap: float, seconds_left: float) -> Termination:
        """Return how it ended; with time left, the solver's digits ran out."""
        if self.point is not None and self.gap <= OPTIMALITY_TOLERANCE:
            return Termination.OPTIMAL
        if self.point is not None and self.gap <= gap:
            return Termination.GAP_REACHED
        return Termination.NUMERICAL if seconds_left > 0 else Termination.TIME_LIMIT
