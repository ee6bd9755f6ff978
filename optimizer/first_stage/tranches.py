"""From the relaxation to a plan: few tranches, whole lots, awards, signed contracts.

All on one warm linear program: bounds of shares decide which candidates take part. The
best support is kept, near candidates are tried, and tranches of too little value are
dropped.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.first_stage.candidate_swap import exchange, swap
from optimizer.first_stage.lots import (
    Rounding,
    downwards,
    rounded_shares,
    to_nearest,
    up_from,
    whole_award,
)
from optimizer.first_stage.searching import (
    SMALLEST_TRANCHE,
    Floats,
    Search,
    SearchResult,
    Support,
    allowance,
    largest,
    most_tranches,
    prune,
)
from optimizer.first_stage.settling import round_contracts, settle
from optimizer.first_stage.simplify import simplify
from optimizer.highs import Solution
from optimizer.point import Point
from optimizer.share_program import Wanted

Between = Callable[[list[Floats], list[Floats]], SearchResult | None]
LOTS = (to_nearest, *map(up_from, (0.6, 0.7, 0.8, 0.9)), downwards)
SPENT_OF_GAP = (0.75, 0.4, 0.0)  # the rest is for whole lots


def first_plan(run: Search, relaxed: Solution) -> Point | None:
    """Return a point with few tranches and whole lots, quickly."""
    if relaxed.values is None:
        return None
    point = run.program.point(relaxed.values)
    round_contracts(run.program, point.signed)
    guess = run.guess_on(prune(run.problem, point))
    if guess is None:
        return None
    return whole_lots(run, guess[1], between=run.guess_between)


def as_before(run: Search, known: Point) -> Point | None:
    """Return a point with the shares and contracts of another, None if infeasible."""
    most = [most_tranches(run.problem, h) for h in range(len(known.shares))]
    held = [int((share > SMALLEST_TRANCHE).sum()) for share in known.shares]
    if any(number > limit for number, limit in zip(held, most, strict=True)):
        return None
    signed = np.maximum(known.signed, run.problem.signed_before)
    run.program.bound_signed(signed, signed)
    found = run.solve_fixed(list(known.shares))
    return None if found is None else found[1]


def with_support(run: Search, relaxed: Solution, support: Support) -> Point | None:
    """Return a point with whole lots of the candidates of another plan."""
    if relaxed.values is None:
        return None
    round_contracts(run.program, run.program.point(relaxed.values).signed)
    found = run.solve_on(support, Wanted(enough_usd=_good_enough(run)))
    return None if found is None else whole_lots(run, found[1])


def _good_enough(run: Search) -> float:
    """Return a cost that leaves a part of the gap for whole lots."""
    spent = run.spent_of_gap * run.problem.instance.options.gap
    # The gap is a share of the cost that is found, which may be below 0.
    lower = run.lower_bound_usd
    return lower / (1 - spent) if lower > 0 else lower / (1 + spent)


def search(
    run: Search, relaxed: Solution, known: Support | None = None
) -> Point | None:
    """Return the best point with few tranches and whole lots that was found.

    It starts from the relaxation's largest shares, or from the candidates of another
    plan if that is cheaper. Rights and contracts are settled before anything is dropped
    for simplicity, or at the end where that does not meet the gap. If whole lots then
    cost more than is left of the gap, less of it is spent on simplicity.
    """
    if relaxed.values is None:
        return None
    point = run.program.point(relaxed.values)
    settled = settle(run, prune(run.problem, point), point)
    found: Point | None = None
    if settled is not None:
        settling, kept, best = settled
        found = _improved(settling, *_cheaper(settling, (kept, best), known))
        if found is not None and is_within_gap(run, found):
            return found
    round_contracts(run.program, point.signed)
    began = _begin(run, point, known)
    other = None if began is None else _improved(run, *began)
    if found is None or other is None:
        return found or other
    return found if run.value(found) <= run.value(other) else other


def is_within_gap(run: Search, point: Point) -> bool:
    """Say whether a point meets the gap, with the cost of holding among ties."""
    return allowance(replace(run, spent_of_gap=1.0), point) > 0


def _improved(run: Search, kept: Support, best: SearchResult) -> Point | None:
    """Return the best point with whole lots, ever less simple until the gap is met."""
    found: Point | None = None
    for spent in SPENT_OF_GAP:
        thrifty = replace(run, spent_of_gap=spent)
        kept, best = swap(thrifty, *exchange(thrifty, kept, best))
        other = whole_lots(thrifty, simplify(thrifty, kept, best)[1][1])
        if other is not None and (found is None or run.value(other) < run.value(found)):
            found = other
        if found is not None and is_within_gap(run, found):
            break
    return found


def _begin(
    run: Search, point: Point, known: Support | None
) -> tuple[Support, SearchResult] | None:
    """Return the support to start from, and its solution."""
    kept = prune(run.problem, point)
    best = run.solve_on(kept)
    if best is None:
        kept = _prune_one_by_one(run, point)
        best = run.solve_on(kept)
    if best is not None:
        return _cheaper(run, (kept, best), known)
    best = None if known is None else run.solve_on(known)
    return None if known is None or best is None else (known, best)


def _cheaper(
    run: Search, found: tuple[Support, SearchResult], known: Support | None
) -> tuple[Support, SearchResult]:
    """Return the support found, or another plan's if that is cheaper."""
    other = None if known is None else run.solve_on(known)
    if known is None or other is None:
        return found
    return found if run.value(found[1][1]) <= run.value(other[1]) else (known, other)


def simplified(run: Search, point: Point | None) -> Point | None:
    """Return the point without the tranches of too little value."""
    if point is None:
        return None
    kept = [share > SMALLEST_TRANCHE for share in point.shares]
    best = run.solve_on(kept)
    return None if best is None else whole_lots(run, simplify(run, kept, best)[1][1])


def _prune_one_by_one(run: Search, point: Point) -> Support:
    """Keep as many shares as each holding may have, where limits need certain ones.

    From the smallest up, each share is dropped without which a point is left.
    """
    kept = [share > SMALLEST_TRANCHE for share in point.shares]
    for h, share in enumerate(point.shares):
        for c in np.argsort(share, kind="stable"):
            if kept[h].sum() <= most_tranches(run.problem, h):
                break
            if kept[h][c]:
                kept[h][c] = False
                kept[h][c] = run.solve_on(kept) is None
    return [
        allowed & largest(share * allowed, most_tranches(run.problem, h))
        for h, (share, allowed) in enumerate(zip(point.shares, kept, strict=True))
    ]


def whole_lots(
    run: Search, point: Point, between: Between | None = None
) -> Point | None:
    """Return the point with every tranche in whole lots and every right whole.

    Lots are rounded to the nearest number; where limits do not allow that, fewer and
    fewer are rounded up. between solves the pools anew beside whole rights, exactly by
    default.
    """
    between = between or run.solve_between
    for award in (to_nearest, downwards):
        awarded = _with_whole_awards(run, point, award, between)
        for rounding in LOTS if award is to_nearest else (downwards,):
            found = run.solve_fixed(rounded_shares(run.problem, awarded, rounding))
            if found is not None:
                return found[1]
    return None


def _with_whole_awards(
    run: Search, point: Point, rounding: Rounding, between: Between
) -> Point:
    """Return the point with rights whole and pools solved anew beside them.

    A whole right may need, or leave, money and room on routes for many lots of the
    pools. So each right that is not whole yet is also tried without, by a guess.
    """
    lower: list[Floats] = []
    upper: list[Floats] = []
    for holding, menu, share in zip(
        run.problem.holdings, run.problem.menus, point.shares, strict=True
    ):
        is_pool = holding.offer is None
        award = whole_award(menu, share, rounding)
        lower.append(np.zeros_like(share) if is_pool else award)
        upper.append(
            (share > SMALLEST_TRANCHE).astype(np.float64) if is_pool else award
        )
    if all(
        holding.offer is None or np.allclose(share, award, atol=SMALLEST_TRANCHE)
        for holding, share, award in zip(
            run.problem.holdings, point.shares, upper, strict=True
        )
    ):
        return point
    for h in _awarded_anew(run, point, upper):
        _drop_if_better(run, lower, upper, h)
    found = between(lower, upper)
    return point if found is None else found[1]


def _awarded_anew(run: Search, point: Point, upper: list[Floats]) -> list[int]:
    """Return the rights that are held in part and would be awarded, least first."""
    part = {
        h: float(point.shares[h].sum())
        for h, holding in enumerate(run.problem.holdings)
        if holding.offer is not None
        and upper[h].any()
        and not np.allclose(point.shares[h], upper[h], atol=SMALLEST_TRANCHE)
    }
    return sorted(part, key=part.__getitem__)


def _drop_if_better(
    run: Search, lower: list[Floats], upper: list[Floats], h: int
) -> None:
    """Take a right out of the bounds if that is better by a guess, in place."""
    kept = run.guess_between(lower, upper)
    award, nothing = upper[h], np.zeros_like(upper[h])
    lower[h] = upper[h] = nothing
    without = run.guess_between(lower, upper)
    if without is None or (
        kept is not None and run.value(kept[1]) <= run.value(without[1])
    ):
        lower[h] = upper[h] = award
