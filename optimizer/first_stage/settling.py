"""Rights held whole or not at all, contracts signed or not, before the search goes on.

The relaxation holds and signs parts. What a whole costs more than a part can be much of
the gap, and rounding would decide by chance. So each is tried both ways, one after
another; a contract and a right may compete for the same route, so all others stay free.
"""

from dataclasses import replace

import numpy as np

from optimizer.first_stage.searching import (
    SMALLEST_TRANCHE,
    Floats,
    Search,
    SearchResult,
    Support,
)
from optimizer.point import Point
from optimizer.policies.candidates import Menu
from optimizer.share_program import ShareProgram, Wanted

Settled = tuple[Search, Support, SearchResult]


def round_contracts(program: ShareProgram, signed: Floats) -> None:
    """Sign the contracts of which more than half is signed, and no others."""
    whole = np.round(signed)
    program.bound_signed(whole, whole)


def settle(run: Search, kept: Support, point: Point) -> Settled | None:
    """Return a search with whole rights and contracts, its support and best point.

    None if whole rights, or the contracts that they leave, have no point together.
    """
    before = run.problem.signed_before
    run.program.bound_signed(before, np.ones_like(before))
    settled = _settle_rights(run, kept, point)
    if settled is None:
        return None
    run, kept, best = settled
    settled_best = _settle_contracts(run, kept, best)
    return None if settled_best is None else (run, kept, settled_best)


def _settle_rights(run: Search, kept: Support, point: Point) -> Settled | None:
    """Award the candidates of rights whole; those held in part as is cheapest.

    Those are tried from the smallest part on: whole, at the levels next to what the
    relaxation holds, or not at all.
    """
    support = list(kept)
    run = replace(run, awards=_awards(run, support))
    best = run.solve_on(support)
    for h in _in_part(run, point):
        beside = levels_beside(run.problem.menus[h], point.shares[h])
        for award in (*beside, np.zeros_like(kept[h])):
            other = [*support[:h], award, *support[h + 1 :]]
            trial = replace(run, awards=_awards(run, other))
            most = np.inf if best is None else trial.value(best[1])
            found = trial.solve_on(other, Wanted(at_most_usd=most))
            if found is not None and trial.value(found[1]) < most:
                run, support, best = trial, other, found
    return None if best is None else (run, support, best)


def _awards(run: Search, support: Support) -> tuple[Floats, ...]:
    """Return the shares of rights in a support, whole, and 0 for the pools."""
    return tuple(
        np.zeros(len(allowed)) if holding.offer is None else allowed.astype(np.float64)
        for holding, allowed in zip(run.problem.holdings, support, strict=True)
    )


def _in_part(run: Search, point: Point) -> list[int]:
    """Return the rights that a point holds in part, least first."""
    part = {
        h: float(share.sum())
        for h, (holding, share) in enumerate(
            zip(run.problem.holdings, point.shares, strict=True)
        )
        if holding.offer is not None
        and (abs(share - share.round()) > SMALLEST_TRANCHE).any()
    }
    return sorted(part, key=part.__getitem__)


def levels_beside(menu: Menu, share: Floats) -> Support:
    """Return the awards of the next levels below and above what a right holds.

    They have the rule and the sourcing of its largest share.
    """
    target, chosen = menu.policies.target, menu.candidates[int(np.argmax(share))]
    alike = [
        (x.rule, x.sourcing) == (chosen.rule, chosen.sourcing) for x in menu.candidates
    ]
    is_alike = np.array(alike, dtype=np.bool_)
    tonnes = float(share @ target)
    below = np.where(is_alike & (target <= tonnes), target, -np.inf)
    above = np.where(is_alike & (target > tonnes), target, np.inf)
    found = (target == below.max(), target == above.min())
    return [award for award in (is_alike & x for x in found) if award.any()]


def _settle_contracts(
    run: Search, kept: Support, best: SearchResult
) -> SearchResult | None:
    """Sign each contract or not, whichever costs less, in their order.

    One in force is signed in all points, so it is not tried.
    """
    lower = run.problem.signed_before
    upper = np.ones_like(lower)
    for k in range(len(lower)):
        part = float(best[1].signed[k])
        lower[k] = upper[k] = whole = float(round(part))
        if abs(part - whole) > SMALLEST_TRANCHE:
            found = _whichever(run, kept, k, (lower, upper))
            if found is None:
                return None
            best = found
    run.program.bound_signed(lower, upper)
    return best


def _whichever(
    run: Search, kept: Support, k: int, bounds: tuple[Floats, Floats]
) -> SearchResult | None:
    """Bound a contract to be signed or not, in place, and return the best point."""
    lower, upper = bounds
    best: SearchResult | None = None
    chosen = lower[k]
    for value in (1.0, 0.0):
        lower[k] = upper[k] = value
        run.program.bound_signed(lower, upper)
        most = np.inf if best is None else run.value(best[1])
        found = run.solve_on(kept, Wanted(at_most_usd=most))
        if found is not None and run.value(found[1]) < most:
            best, chosen = found, value
    lower[k] = upper[k] = chosen
    run.program.bound_signed(lower, upper)
    return best
