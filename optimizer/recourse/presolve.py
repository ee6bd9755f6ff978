"""Presolve of an allocation: what is certain before any program is solved.

Every step keeps the cost of the best allocation. A pool that covers all that is missing
of its material leaves no cost; units that nothing else can save are not made; what
costs more than an alternative that is always available is never chosen. Comparisons
that exclude are strict, so two alternatives never exclude each other.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.deadline import look
from optimizer.recourse.blocks import Recourse
from optimizer.scenarios.scenario_set import Booleans, Floats, Positions

ROUNDING = 1e-12
MARGIN = 1 + 1e-9
ROUNDS = 2  # further rounds fix next to nothing


@dataclass(frozen=True, slots=True)
class Uses:
    """Which gaps one unit of each short product saves, and tonnes of each.

    Sorted by entry, each entry's from first on; by_gap sorts them by gap instead.
    block_start and block_end are the first and last unit of each shortage column.
    """

    gap: Positions
    entry: Positions
    tonnes: Floats
    first: Positions
    by_gap: Positions
    first_by_gap: Positions
    block_start: Floats
    block_end: Floats


@dataclass(frozen=True, slots=True)
class ReducedAllocation:
    """The part of an allocation that is certain, and what is left to decide.

    By gap: missing tonnes, tonnes certainly allocated, whether emergency purchases may
    pay. By shortage column: units certainly not made, and how many more may not be.
    """

    missing: Floats
    allocated: Floats
    may_buy: Booleans
    shortage: Floats
    room: Floats


def uses_of(recourse: Recourse) -> Uses:
    """Return which gaps each short product uses."""
    is_first_block = recourse.shortage_block == 0
    order = np.flatnonzero(is_first_block[recourse.coefficient_shortage])
    entry = recourse.shortage_entry[recourse.coefficient_shortage[order]]
    sorting = np.argsort(entry, kind="stable")
    order, entry = order[sorting], entry[sorting]
    gap = recourse.coefficient_gap[order]
    by_gap = np.argsort(gap, kind="stable")
    look()
    end = _block_ends(recourse)
    return Uses(
        gap=gap,
        entry=entry,
        tonnes=recourse.coefficient[order],
        first=np.searchsorted(entry, np.arange(len(recourse.products.first))),
        by_gap=by_gap,
        first_by_gap=np.searchsorted(gap[by_gap], np.arange(recourse.number_of_gaps)),
        block_start=end - recourse.shortage_limit,
        block_end=end,
    )


def _block_ends(recourse: Recourse) -> Floats:
    """Return up to how many units each shortage column goes: sums of few limits."""
    end, first = recourse.shortage_limit.copy(), recourse.products.first
    number = np.diff(first, append=len(end))
    for block in range(1, int(number.max(initial=0))):
        column = first[number > block] + block
        end[column] += end[column - 1]
    return end


def presolve(
    recourse: Recourse, uses: Uses, missing: Floats, pooled: Floats
) -> ReducedAllocation:
    """Return what is left of the allocation; missing is by gap, after own supply."""
    bounds = _Bounds(recourse, uses, missing, pooled)
    for _ in range(ROUNDS):
        look()
        bounds.cover()
        bounds.forbid()
        bounds.force()
    bounds.cover()
    look()
    return bounds.result()


class _Bounds:
    """The present bounds by short product: least and most units not made."""

    def __init__(
        self, recourse: Recourse, uses: Uses, missing: Floats, pooled: Floats
    ) -> None:
        self._recourse, self._uses, self._pooled = recourse, uses, pooled
        self._missing = missing.copy()
        self._allocated = np.zeros_like(missing)
        self._may_buy = np.ones(len(missing), dtype=np.bool_)
        self._first_column = recourse.products.first
        self._least = np.zeros(len(self._first_column))
        self._most = np.maximum.reduceat(uses.block_end, self._first_column)

    def cover(self) -> None:
        """Cover all gaps that draw from a pool which is large enough for them."""
        recourse = self._recourse
        missing = self._total(self._missing * recourse.gap_may_draw)
        is_covered = (self._pooled >= missing)[recourse.gap_short]
        is_covered &= recourse.gap_may_draw
        self._allocated[is_covered] += self._missing[is_covered]
        self._missing[is_covered] = 0.0

    def forbid(self) -> None:
        """Exclude what costs more than an alternative that covers all by itself."""
        recourse, uses = self._recourse, self._uses
        room = self._room()
        needed = self._missing[uses.gap] * (1 - ROUNDING)
        alone = uses.tonnes * room[uses.entry] >= needed
        price = self._last_cost(room)[uses.entry] / uses.tonnes
        price = np.minimum.reduceat(
            np.where(alone, price, np.inf)[uses.by_gap], uses.first_by_gap
        )
        self._may_buy &= recourse.emergency_cost <= price * MARGIN
        self._may_buy &= self._missing > 0
        can_buy_all = self._may_buy & self._is_enough()
        price = np.where(can_buy_all, np.minimum(price, recourse.emergency_cost), price)
        price = np.where(self._missing > 0, price, 0.0)
        saved = np.add.reduceat(uses.tonnes * price[uses.gap], uses.first)
        is_worth_it = (
            recourse.shortage_cost <= (saved * MARGIN)[recourse.shortage_entry]
        )
        most = np.maximum.reduceat(
            np.where(is_worth_it, uses.block_end, 0.0), self._first_column
        )
        self._most = np.maximum(np.minimum(self._most, most), self._least)

    def force(self) -> None:
        """Fix the units that neither supply nor another product can save."""
        uses, short = self._uses, self._recourse.gap_short
        room = self._room()
        saving = uses.tonnes * room[uses.entry]
        bought = np.where(self._may_buy, self._recourse.emergency_limit[short], 0.0)
        drawn = np.where(self._recourse.gap_may_draw, self._pooled[short], 0.0)
        other = self._by_gap(saving) + bought + drawn
        forced = ((self._missing - other)[uses.gap] + saving) / uses.tonnes
        units = np.clip(np.maximum.reduceat(forced, uses.first), 0.0, room)
        units[units < ROUNDING * self._most] = 0.0
        self._least += units
        self._missing -= self._by_gap(uses.tonnes * units[uses.entry])
        self._missing[self._missing < ROUNDING * self._recourse.gap] = 0.0

    def result(self) -> ReducedAllocation:
        """Return what is certain, and what is not."""
        uses, entry = self._uses, self._recourse.shortage_entry
        least = self._least[entry]
        most = least + self._room()[entry]
        certain = np.clip(
            np.minimum(uses.block_end, least) - uses.block_start, 0.0, None
        )
        useful = np.clip(np.minimum(uses.block_end, most) - uses.block_start, 0.0, None)
        is_missing = self._missing > 0
        return ReducedAllocation(
            missing=self._missing,
            allocated=self._allocated,
            may_buy=self._may_buy & is_missing,
            shortage=certain,
            room=np.where(most > least, useful - certain, 0.0),
        )

    def _room(self) -> Floats:
        """Return how many more units of each product may be given up."""
        uses = self._uses
        needed = np.maximum.reduceat(self._missing[uses.gap] / uses.tonnes, uses.first)
        return np.minimum(self._most - self._least, needed)

    def _last_cost(self, room: Floats) -> Floats:
        """Return the cost of the last unit, if all of the room is used."""
        entry = self._recourse.shortage_entry
        is_used = self._uses.block_start < (self._least + room)[entry]
        cost = np.where(is_used, self._recourse.shortage_cost, 0.0)
        return np.maximum.reduceat(cost, self._first_column)

    def _is_enough(self) -> Booleans:
        """Return the gaps for which something is left to draw or buy, whatever is made.

        Who may draw does so before it buys. So as long as anything is saved otherwise,
        either the pool is used up and purchases are not, or none who may draw buys.
        """
        recourse = self._recourse
        limit, short = recourse.emergency_limit, recourse.gap_short
        enough = self._pooled + limit >= self._total(self._missing)
        outside = self._total(self._missing * ~recourse.gap_may_draw)
        return enough[short] & (recourse.gap_may_draw | (limit >= outside)[short])

    def _total(self, missing: Floats) -> Floats:
        """Return the sums over the gaps of each short material."""
        total = np.zeros(len(self._recourse.short_m))
        total += np.bincount(
            self._recourse.gap_short, weights=missing, minlength=len(total)
        )
        return total

    def _by_gap(self, tonnes: Floats) -> Floats:
        """Return sums of what is saved in each gap."""
        total = np.zeros(self._recourse.number_of_gaps)
        total += np.bincount(self._uses.gap, weights=tonnes, minlength=len(total))
        return total
