"""From the relaxation to a plan: few tranches, whole lots, awards, signed contracts.

All on one warm linear program: candidates are let in and out by the bounds of their
shares. The best support is kept, near candidates are tried, and tranches that are worth
less than they cost to explain are dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.first_stage.found import SecondsLeft
from optimizer.first_stage.lots import (
    Rounding,
    downwards,
    rounded_shares,
    to_nearest,
    whole_award,
)
from optimizer.first_stage.program import ShareProgram
from optimizer.highs import Solution
from optimizer.point import Point
from optimizer.problem import Problem

Floats = NDArray[np.float64]
Support = list[NDArray[np.bool_]]
Trial = tuple[Solution, Point]
SMALLEST_SHARE = 1e-7
TRIED_PER_HOLDING = 2
LEAST_IMPROVEMENT = 1e-4
MOST_TRIES = 4
MOST_REFUSED = 12
SPENT_OF_GAP = 0.75  # the rest is for whole lots


@dataclass(frozen=True, slots=True)
class Search:
    """The program that is searched, when to stop, and the bound that is known."""

    program: ShareProgram
    seconds_left: SecondsLeft
    report: Callable[[Point], None]
    lower_bound_usd: float = -np.inf

    @property
    def problem(self) -> Problem:
        """The problem that the program is of."""
        return self.program.problem

    def solve_on(self, support: Support) -> Trial | None:
        """Solve with only the candidates of a support, None if there is no point."""
        self.program.bound_shares(_upper(support))
        return self._read(self.program.solve(seconds_left=self.seconds_left))

    def guess_on(self, support: Support) -> Trial | None:
        """Solve as far as is known, quickly: the truth may be dearer."""
        self.program.bound_shares(_upper(support))
        return self._read(self.program.guess(seconds_left=self.seconds_left))

    def solve_fixed(self, shares: list[Floats]) -> Trial | None:
        """Solve with all shares as given, None if limits do not allow them.

        The point has these very shares, without what the solver leaves of a bound.
        """
        found = self.solve_between(shares, shares)
        if found is None:
            return None
        return found[0], replace(found[1], shares=tuple(shares))

    def solve_between(self, lower: list[Floats], upper: list[Floats]) -> Trial | None:
        """Solve with shares between two others, None if limits do not allow any.

        There is no time limit: this is quick, and what was found is not lost by it.
        """
        self.program.bound_shares(upper, lower)
        return self._read(self.program.solve(seconds_left=_without_limit))

    def _read(self, solution: Solution) -> Trial | None:
        if solution.values is None:
            return None
        return solution, self.program.point(solution.values)


def _upper(support: Support) -> list[Floats]:
    return [allowed.astype(np.float64) for allowed in support]


def _without_limit() -> float:
    return np.inf


def first_plan(run: Search, relaxed: Solution) -> Point | None:
    """Return a point with few tranches and whole lots, quickly."""
    if relaxed.values is None:
        return None
    point = run.program.point(relaxed.values)
    run.program.fix_signed(np.round(point.signed))
    guess = run.guess_on(_prune(run.problem, point))
    return None if guess is None else whole_lots(run, guess[1])


def with_support(run: Search, relaxed: Solution, support: Support) -> Point | None:
    """Return a point with whole lots of some candidates, as another plan had them."""
    if relaxed.values is None:
        return None
    run.program.fix_signed(np.round(run.program.point(relaxed.values).signed))
    found = run.solve_on(support)
    return None if found is None else whole_lots(run, found[1])


def search(run: Search, relaxed: Solution) -> Point | None:
    """Return the best point with few tranches and whole lots that was found."""
    if relaxed.values is None:
        return None
    point = run.program.point(relaxed.values)
    run.program.fix_signed(np.round(point.signed))
    kept = _prune(run.problem, point)
    best = run.solve_on(kept)
    if best is None:
        kept = _prune_one_by_one(run, point)
        best = run.solve_on(kept)
    if best is None:
        return None
    kept, best = _exchange(run, kept, best)
    return whole_lots(run, _simplify(run, kept, best)[1][1])


def simplified(run: Search, point: Point | None) -> Point | None:
    """Return the point without the tranches that are not worth their while."""
    if point is None:
        return None
    kept = [share > SMALLEST_SHARE for share in point.shares]
    best = run.solve_on(kept)
    return None if best is None else whole_lots(run, _simplify(run, kept, best)[1][1])


def _prune(problem: Problem, point: Point) -> Support:
    """Keep the largest shares of each holding, as many as it may have."""
    return [
        _largest(share, _most_tranches(problem, h))
        for h, share in enumerate(point.shares)
    ]


def _prune_one_by_one(run: Search, point: Point) -> Support:
    """Keep as many shares as each holding may have, where limits want certain ones.

    From the smallest share up, each is dropped that the limits can do without.
    """
    kept = [share > SMALLEST_SHARE for share in point.shares]
    for h, share in enumerate(point.shares):
        for c in np.argsort(share, kind="stable"):
            if kept[h].sum() <= _most_tranches(run.problem, h):
                break
            if kept[h][c]:
                kept[h][c] = False
                kept[h][c] = run.solve_on(kept) is None
    return [
        allowed & _largest(share * allowed, _most_tranches(run.problem, h))
        for h, (share, allowed) in enumerate(zip(point.shares, kept, strict=True))
    ]


def _most_tranches(problem: Problem, h: int) -> int:
    if problem.holdings[h].offer is not None:
        return 1
    return problem.instance.options.max_tranches


def _largest(share: Floats, number: int) -> NDArray[np.bool_]:
    kept = np.zeros(len(share), dtype=np.bool_)
    kept[np.argsort(-share, kind="stable")[:number]] = True
    return kept & (share > SMALLEST_SHARE)


def _exchange(run: Search, kept: Support, best: Trial) -> tuple[Support, Trial]:
    """Let in the best-priced candidates, prune again, as long as it pays.

    What leaves enough of the gap for whole lots is good enough.
    """
    run.report(best[1])
    while run.seconds_left() > 0 and _allowance(run, best[1]) <= 0:
        trial = run.guess_on(_widened(run, kept, best[0]))
        if trial is None:
            return kept, best
        pruned = _prune(run.problem, trial[1])
        found = run.solve_on(pruned)
        least = best[1].objective_usd * (1 - LEAST_IMPROVEMENT)
        if found is None or found[1].objective_usd >= least:
            return kept, best
        kept, best = pruned, found
        run.report(best[1])
    return kept, best


def _widened(run: Search, kept: Support, solution: Solution) -> Support:
    """Add the candidates of the lowest reduced cost to each holding."""
    wider: Support = []
    for allowed, cost in zip(kept, run.program.reduced_costs(solution), strict=True):
        outside = np.where(allowed, np.inf, cost)
        added = np.argsort(outside, kind="stable")[:TRIED_PER_HOLDING]
        grown = allowed.copy()
        grown[added[outside[added] < 0]] = True
        wider.append(grown)
    return wider


def _simplify(run: Search, kept: Support, best: Trial) -> tuple[Support, Trial]:
    """Drop tranches, smallest first, as long as each costs less than it is worth.

    All dropped tranches together may cost no more than the gap allows, so simplicity
    never spends what the search has won. What they cost is guessed one by one and then
    solved for all together; where the truth is dearer, half as much may be spent.
    """
    allowed = budget = _allowance(run, best[1])
    for _ in range(MOST_TRIES):
        fewer = _dropped(run, kept, best[1], budget)
        if _size(fewer) == _size(kept) or run.seconds_left() <= 0:
            break
        found = run.solve_on(fewer)
        if found is not None:
            loss = found[1].objective_usd - best[1].objective_usd
            if loss <= allowed:
                return fewer, found
        budget /= 2
    return kept, best


def _dropped(run: Search, kept: Support, point: Point, budget: float) -> Support:
    """Return the support without the tranches that seem to be worth too little."""
    worth = _worth(run, point)
    guess = run.guess_on(kept)
    if guess is None:
        return kept
    before = guess[1].objective_usd
    order = sorted(
        (float(point.shares[h][c]), h, int(c))
        for h, allowed in enumerate(kept)
        for c in np.flatnonzero(allowed)
    )
    left, refused = budget, 0
    for _, h, c in order:
        if run.seconds_left() <= 0 or refused >= MOST_REFUSED:
            break
        without = [allowed.copy() for allowed in kept]
        without[h][c] = False
        trial = run.guess_on(without)
        loss = np.inf if trial is None else trial[1].objective_usd - before
        if trial is not None and loss <= min(worth, left):
            kept, before = without, trial[1].objective_usd
            left -= max(loss, 0.0)
            refused = 0
        else:
            refused += 1
    return kept


def _allowance(run: Search, point: Point) -> float:
    """Return what a point may cost more, up to three quarters of the gap."""
    gap = SPENT_OF_GAP * run.problem.instance.options.gap * point.objective_usd
    return max(gap - (point.objective_usd - run.lower_bound_usd), 0.0)


def _size(support: Support) -> int:
    return sum(int(allowed.sum()) for allowed in support)


def _worth(run: Search, point: Point) -> float:
    return run.problem.instance.options.tranche_worth * point.objective_usd


def whole_lots(run: Search, point: Point) -> Point | None:
    """Return the point with every tranche in whole lots and every right whole.

    Lots are rounded to the nearest number; where limits do not allow that, down.
    """
    for rounding in (to_nearest, downwards):
        awarded = _with_whole_awards(run, point, rounding)
        found = run.solve_fixed(rounded_shares(run.problem, awarded, rounding))
        if found is not None:
            return found[1]
    return None


def _with_whole_awards(run: Search, point: Point, rounding: Rounding) -> Point:
    """Return the point with rights whole and pools solved anew beside them.

    What a right needs more, or leaves, is a matter of many lots of the pools.
    """
    lower: list[Floats] = []
    upper: list[Floats] = []
    for holding, menu, share in zip(
        run.problem.holdings, run.problem.menus, point.shares, strict=True
    ):
        is_pool = holding.offer is None
        award = whole_award(menu, share, rounding)
        lower.append(np.zeros_like(share) if is_pool else award)
        upper.append((share > SMALLEST_SHARE).astype(np.float64) if is_pool else award)
    if all(
        holding.offer is None or np.allclose(share, award, atol=SMALLEST_SHARE)
        for holding, share, award in zip(
            run.problem.holdings, point.shares, upper, strict=True
        )
    ):
        return point
    found = run.solve_between(lower, upper)
    return point if found is None else found[1]
