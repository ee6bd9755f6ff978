"""As simple as it can be for nothing: tranches worth too little are dropped."""

import numpy as np

from optimizer.first_stage.searching import Search, Support, Trial, allowance
from optimizer.point import Point

MOST_TRIES = 4
MOST_REFUSED = 12


def simplify(run: Search, kept: Support, best: Trial) -> tuple[Support, Trial]:
    """Drop tranches, smallest first, as long as each costs less than it is worth.

    All dropped tranches together may cost no more than the gap allows, so simplicity
    never spends what the search has won. What they cost is guessed one by one and then
    solved for all together; where the truth is dearer, half as much may be spent.
    """
    allowed = budget = allowance(run, best[1])
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


def _size(support: Support) -> int:
    return sum(int(allowed.sum()) for allowed in support)


def _worth(run: Search, point: Point) -> float:
    return run.problem.instance.options.tranche_worth * point.objective_usd
