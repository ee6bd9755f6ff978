"""The incumbent of a solve with its bound, and what the solve ends with."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.outcome import Termination
from optimizer.deadline import Deadline
from optimizer.gap import gap_of
from optimizer.highs import Status
from optimizer.point import Point

OPTIMALITY_TOLERANCE = 1e-6
NO_COST = 1e-9  # of the cost without a vault, or of what it may be at most
FALSE_BY = 1e-6  # a bound may exceed a cost by the errors of both
NO_WHOLE_LOTS = "whole_lots: no whole numbers of lots satisfy all limits together"
OnBetter = Callable[[Point, float], None]


@dataclass(frozen=True, slots=True)
class SolveResult:
    """What a method ends with: the incumbent, if any, the proof, or a conflict."""

    termination: Termination
    incumbent: Point | None
    lower_bound_usd: float
    budget_shadow_price: float | None
    conflict: tuple[str, ...] = ()
    tied_gap: float = 0.0

    @property
    def is_proved(self) -> bool:
        """Whether there is an incumbent with a finite bound."""
        return self.incumbent is not None and bool(np.isfinite(self.lower_bound_usd))


def infeasible(conflict: tuple[str, ...]) -> SolveResult:
    """Return the result of a case in which no plan satisfies all limits."""
    return SolveResult(Termination.INFEASIBLE, None, np.inf, None, conflict)


def unsolved(status: Status, lower_bound_usd: float = -np.inf) -> SolveResult:
    """Return the result of a relaxation that ended without a point or a proof."""
    is_late = status is Status.LIMIT
    termination = Termination.TIME_LIMIT if is_late else Termination.NUMERICAL
    return SolveResult(termination, None, lower_bound_usd, None)


@dataclass(slots=True)
class Incumbent:
    """The best point so far and the lower bound; both only get better.

    on_better gets each better point and the bound, but none before a bound is proved.
    A gap of no_cost_usd is none. Points within tied_gap are tied: the better one costs
    less to hold.
    """

    point: Point | None = None
    relaxed_bound_usd: float = -np.inf
    on_better: OnBetter | None = None
    no_cost_usd: float = 0.0
    whole_bound_usd: float = -np.inf
    tied_gap: float = 0.0

    @property
    def lower_bound_usd(self) -> float:
        """The better one of both bounds.

        A limit that lets a point in by its tolerance only may keep it out of the bound
        of whole lots, which is then that of the point.
        """
        whole = min(self.whole_bound_usd, self.upper_bound_usd)
        return max(self.relaxed_bound_usd, whole)

    @property
    def upper_bound_usd(self) -> float:
        """Cost of the point, infinite if there is none."""
        return np.inf if self.point is None else self.point.objective_usd

    @property
    def gap(self) -> float:
        """Relative distance of the two bounds."""
        return self._gap(self.upper_bound_usd)

    def offer(self, point: Point | None) -> bool:
        """Take a point if it is better, and return whether it was."""
        if point is None or not self._is_better(point):
            return False
        self.point = point
        self._report()
        return True

    def _is_better(self, point: Point) -> bool:
        """Return whether a point costs less to hold among ties, or has less cost."""
        known = self.point
        if known is None:
            return True
        if self._is_tied(point) and self._is_tied(known):
            return point.cost_of_holding_usd < known.cost_of_holding_usd
        return point.objective_usd < known.objective_usd

    def _is_tied(self, point: Point) -> bool:
        return 0 < self.tied_gap >= self._gap(point.objective_usd)

    def _gap(self, objective_usd: float) -> float:
        return gap_of(objective_usd, self.lower_bound_usd, self.no_cost_usd)

    def prove(self, lower_bound_usd: float) -> None:
        """Take a lower bound of the relaxation if it is better."""
        is_first = np.isinf(self.lower_bound_usd)
        self.relaxed_bound_usd = max(self.relaxed_bound_usd, lower_bound_usd)
        if is_first:
            self._report()

    def prove_whole(self, lower_bound_usd: float, *, is_presolved: bool) -> None:
        """Take a lower bound on whole lots of the whole menu if it is better.

        One after presolve that is above the cost of the point is none: presolve can
        discard the optimum where limits are as far from whole lots as the tolerance.
        """
        upper = self.upper_bound_usd
        if is_presolved and lower_bound_usd - upper > FALSE_BY * abs(upper):
            return
        self.whole_bound_usd = max(self.whole_bound_usd, lower_bound_usd)

    def result(
        self, gap: float, deadline: Deadline, shadow_price: float | None
    ) -> SolveResult:
        """Return the result; with time left, it ended for lack of digits."""
        if self.point is not None and self.gap <= OPTIMALITY_TOLERANCE:
            termination = Termination.OPTIMAL
        elif self.point is not None and self.gap <= gap:
            termination = Termination.GAP_REACHED
        elif deadline.is_over:
            termination = Termination.TIME_LIMIT
        else:
            termination = Termination.NUMERICAL
        return SolveResult(
            termination,
            self.point,
            self.lower_bound_usd,
            shadow_price,
            tied_gap=self.tied_gap,
        )

    def _report(self) -> None:
        is_proved = self.point is not None and np.isfinite(self.lower_bound_usd)
        if self.point is not None and is_proved and self.on_better is not None:
            self.on_better(self.point, self.lower_bound_usd)
