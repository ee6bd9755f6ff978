"""Simpler plans within the gap: tranches of too little value are dropped."""

import numpy as np

from optimizer.first_stage.searching import Search, SearchResult, Support, allowance
from optimizer.point import Point
from optimizer.share_program import Wanted

MOST_TRIES = 4
MOST_REFUSED = 12
MOST_AT_ONCE = 8
TIGHTER = 0.9
Tranche = tuple[int, int]  # holding, candidate


def simplify(
    run: Search, kept: Support, best: SearchResult
) -> tuple[Support, SearchResult]:
    """Drop tranches, least worth first, while each one adds less than `tranche_worth`.

    All together may cost no more than the gap allows. Their costs are guessed one after
    the other, and then all are solved together; if the exact cost is higher, the last
    ones stay.
    """
    budget = allowance(run, best[1])
    most = run.value(best[1]) + budget
    dropped = _droppable(run, kept, best[1], budget)
    for _ in range(MOST_TRIES):
        if not dropped or run.deadline.is_over:
            break
        fewer = _without(kept, dropped)
        found = run.solve_on(fewer, Wanted(at_most_usd=most, enough_usd=most))
        if found is not None and run.value(found[1]) <= most:
            return fewer, found
        budget *= TIGHTER
        dropped = _affordable(run, kept, dropped, budget)
    return kept, best


def _droppable(
    run: Search, kept: Support, point: Point, budget: float
) -> list[Tranche]:
    """Return the tranches of too little guessed value, in the order of dropping.

    Several are tried at once, within the limit of a single one; if that fails, half as
    many are tried.
    """
    worth = run.problem.instance.options.tranche_worth * abs(point.objective_usd)
    before = _guessed(run, kept)
    order = _smallest_first(run, kept, point)
    if budget > 0:
        order = _least_first(run, order, kept, before)
    dropped: list[Tranche] = []
    left, refused, number = budget, 0, MOST_AT_ONCE
    while order and not run.deadline.is_over and refused < MOST_REFUSED:
        tried = dropped + order[:number]
        cost = _guessed(run, _without(kept, tried))
        if cost - before <= min(worth, left):
            left -= max(cost - before, 0.0)
            before, dropped, order = cost, tried, order[number:]
            refused, number = 0, min(2 * number, MOST_AT_ONCE)
        elif number > 1:
            number //= 2
        else:
            refused, order = refused + 1, order[1:]
    return dropped


def _affordable(
    run: Search, kept: Support, dropped: list[Tranche], budget: float
) -> list[Tranche]:
    """Return as many of the first, but not all, as the budget allows by a guess.

    Dropping more never costs less, so bisection finds the number.
    """
    most = _guessed(run, kept) + budget
    number, too_many = 0, len(dropped)
    while too_many - number > 1:
        middle = (number + too_many) // 2
        if _guessed(run, _without(kept, dropped[:middle])) <= most:
            number = middle
        else:
            too_many = middle
    return dropped[:number]


def _smallest_first(run: Search, kept: Support, point: Point) -> list[Tranche]:
    """Return the tranches that may be dropped: all but rights in force."""
    held = [
        (float(point.shares[h][c]), h, int(c))
        for h, allowed in enumerate(kept)
        for holding in (run.problem.holdings[h],)
        if holding.in_force is None and holding.sale is None
        for c in np.flatnonzero(allowed)
    ]
    return [(h, c) for _, h, c in sorted(held)]


def _least_first(
    run: Search, tranches: list[Tranche], kept: Support, before: float
) -> list[Tranche]:
    """Return tranches by what each alone is worth, by a guess, least first.

    The last one that is dropped is then near the limit of what may be spent, so that a
    small change of the case changes the fate of few.
    """
    worth = [(_guessed(run, _without(kept, [x])) - before, x) for x in tranches]
    return [tranche for _, tranche in sorted(worth)]


def _without(kept: Support, dropped: list[Tranche]) -> Support:
    fewer = [allowed.copy() for allowed in kept]
    for h, c in dropped:
        fewer[h][c] = False
    return fewer


def _guessed(run: Search, support: Support) -> float:
    """Return the guessed cost of a support, infinite without a point."""
    trial = run.guess_on(support)
    return np.inf if trial is None else run.value(trial[1])
