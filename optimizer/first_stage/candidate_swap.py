"""Better tranches without more of them: candidates added and pruned, or swapped."""

import numpy as np

from optimizer.first_stage.searching import (
    Search,
    SearchResult,
    Support,
    allowance,
    most_tranches,
    prune,
)
from optimizer.highs import Solution
from optimizer.share_program import Wanted

TRIED_PER_HOLDING = 2
SWAPPED_PER_HOLDING = 6
MOST_TRANCHES_TO_SWAP = 3  # with more, widening and pruning finds as much
LEAST_IMPROVEMENT = 1e-4


def exchange(
    run: Search, kept: Support, best: SearchResult
) -> tuple[Support, SearchResult]:
    """Add the best-priced candidates and prune again, while that lowers the cost.

    It ends as soon as enough of the gap is left for whole lots.
    """
    run.report(best[1])
    while not run.deadline.is_over and allowance(run, best[1]) <= 0:
        trial = run.guess_on(_widened(run, kept, best[0]))
        if trial is None:
            return kept, best
        pruned = prune(run.problem, trial[1])
        least = _less_than(run.value(best[1]))
        found = run.solve_on(pruned, Wanted(at_most_usd=least))
        if found is None or run.value(found[1]) >= least:
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


def swap(
    run: Search, kept: Support, best: SearchResult
) -> tuple[Support, SearchResult]:
    """Replace single tranches by the best-priced others, while that lowers the cost.

    The gain of a swap is guessed; after each round all swaps are solved together.
    """
    if run.problem.instance.options.max_tranches > MOST_TRANCHES_TO_SWAP:
        return kept, best
    while not run.deadline.is_over and allowance(run, best[1]) <= 0:
        swapped = _swapped(run, kept, best)
        least = _less_than(run.value(best[1]))
        found = run.solve_on(swapped, Wanted(at_most_usd=least))
        if found is None or run.value(found[1]) >= least:
            break
        kept, best = swapped, found
        run.report(best[1])
    return kept, best


def _swapped(run: Search, kept: Support, best: SearchResult) -> Support:
    """Return the support after all swaps with a guessed gain, holding by holding."""
    guess = run.guess_on(kept)
    if guess is None:
        return kept
    cost, point = run.value(guess[1]), guess[1]
    for h, prices in enumerate(run.program.reduced_costs(best[0])):
        outside = np.where(kept[h], np.inf, prices)
        for c in np.argsort(outside, kind="stable")[:SWAPPED_PER_HOLDING]:
            if run.deadline.is_over or not np.isfinite(outside[c]):
                break
            trial = [allowed.copy() for allowed in kept]
            if trial[h].sum() >= most_tranches(run.problem, h):
                inside = np.flatnonzero(trial[h])
                trial[h][inside[point.shares[h][inside].argmin()]] = False
            trial[h][c] = True
            found = run.guess_on(trial)
            if found is not None and run.value(found[1]) < _less_than(cost):
                kept, cost, point = trial, run.value(found[1]), found[1]
    return kept


def _less_than(cost: float) -> float:
    """Return a cost that is better by enough; a cost of holding can be negative."""
    return cost - LEAST_IMPROVEMENT * abs(cost)
