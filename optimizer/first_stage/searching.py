"""The search for few tranches: supports, and the program that is solved on them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.deadline import NEVER, Deadline
from optimizer.highs import Solution
from optimizer.point import Point
from optimizer.problem import FirstStageProblem
from optimizer.share_program import ANYTHING, ShareProgram, Wanted

Floats = NDArray[np.float64]
Support = list[NDArray[np.bool_]]
SearchResult = tuple[Solution, Point]
SMALLEST_TRANCHE = 1e-7
SMALLEST_SALE = 1e-9


@dataclass(frozen=True, slots=True)
class Search:
    """The program of a search, its deadline, and the lower bounds so far.

    objective_bound_usd is one of the objective, lower_bound_usd one of what the program
    minimises: the objective, and the cost of holding by its weight among ties. awards
    are shares of rights that are held whole wherever a support has them.
    """

    program: ShareProgram
    deadline: Deadline
    report: Callable[[Point], None]
    lower_bound_usd: float = -np.inf
    objective_bound_usd: float = -np.inf
    spent_of_gap: float = 0.75
    awards: tuple[Floats, ...] | None = None

    def value(self, point: Point) -> float:
        """Return what the program minimises, at a point."""
        return point.objective_usd + self.program.tie_weight * point.cost_of_holding_usd

    @property
    def problem(self) -> FirstStageProblem:
        """The problem that the program is of."""
        return self.program.problem

    def solve_on(
        self, support: Support, wanted: Wanted = ANYTHING
    ) -> SearchResult | None:
        """Solve with only the candidates of a support, None if there is no point.

        None also if no point costs as little as wanted.
        """
        self._allow(support)
        found = self.program.solve(self.deadline, wanted)
        return self._read(found)

    def guess_on(self, support: Support) -> SearchResult | None:
        """Solve with the cuts found so far: quick, and the exact cost may be higher."""
        self._allow(support)
        return self._read(self.program.guess(self.deadline))

    def solve_fixed(self, shares: list[Floats]) -> SearchResult | None:
        """Solve with all shares as given, None if limits do not allow them.

        The point has exactly these shares, without the errors of the solver. What is
        sold of a surplus stays free.
        """
        found = self.solve_between(shares, shares)
        if found is None:
            return None
        exact = [
            share if holding.sale is None else _sold(free)
            for holding, share, free in zip(
                self.problem.holdings, shares, found[1].shares, strict=True
            )
        ]
        return found[0], replace(found[1], shares=tuple(exact))

    def solve_between(
        self, lower: list[Floats], upper: list[Floats]
    ) -> SearchResult | None:
        """Solve with shares between two others, None if limits do not allow any.

        There is no time limit: it is quick, and a point found before is not lost.
        """
        self._bound(lower, upper)
        return self._read(self.program.solve(NEVER))

    def guess_between(
        self, lower: list[Floats], upper: list[Floats]
    ) -> SearchResult | None:
        """Guess with shares between two others, None if limits do not allow any."""
        self._bound(lower, upper)
        return self._read(self.program.guess(NEVER))

    def _allow(self, support: Support) -> None:
        upper = [allowed.astype(np.float64) for allowed in support]
        if self.awards is None:
            lower = [np.zeros_like(allowed) for allowed in upper]
        else:
            pairs = zip(self.awards, upper, strict=True)
            lower = [award * allowed for award, allowed in pairs]
        self._bound(lower, upper)

    def _bound(self, lower: list[Floats], upper: list[Floats]) -> None:
        """Bound shares; any part of a surplus may be sold, whatever is held."""
        is_sold = [holding.sale is not None for holding in self.problem.holdings]
        least = [
            np.zeros_like(x) if sold else x
            for sold, x in zip(is_sold, lower, strict=True)
        ]
        most = [
            np.ones_like(x) if sold else x
            for sold, x in zip(is_sold, upper, strict=True)
        ]
        self.program.bound_shares(most, least)

    def _read(self, solution: Solution) -> SearchResult | None:
        if solution.values is None:
            return None
        return solution, self.program.point(solution.values)


def prune(problem: FirstStageProblem, point: Point) -> Support:
    """Keep the largest shares of each holding, as many as it may have."""
    return [
        largest(share, most_tranches(problem, h))
        for h, share in enumerate(point.shares)
    ]


def most_tranches(problem: FirstStageProblem, h: int) -> int:
    """Return how many tranches a holding may have: a right is a single one.

    A sale, which is no tranche, has a single candidate.
    """
    return problem.instance.options.max_tranches if problem.holdings[h].is_pool else 1


def _sold(share: Floats) -> Floats:
    """Return what is sold of a surplus, without the errors of the solver."""
    return np.where(share > SMALLEST_SALE, np.clip(share, 0.0, 1.0), 0.0)


def largest(share: Floats, number: int) -> NDArray[np.bool_]:
    """Return the largest shares, at most `number`."""
    kept = np.zeros(len(share), dtype=np.bool_)
    kept[np.argsort(-share, kind="stable")[:number]] = True
    return kept & (share > SMALLEST_TRANCHE)


def allowance(run: Search, point: Point) -> float:
    """Return how much more a point may cost, within the share of the gap to spend."""
    spent = run.spent_of_gap * run.problem.instance.options.gap
    gap = spent * abs(point.objective_usd)
    left = gap - (run.value(point) - run.lower_bound_usd)
    if np.isfinite(run.objective_bound_usd):
        left = min(left, gap - (point.objective_usd - run.objective_bound_usd))
    return max(left, 0.0)
