"""Blocks in slices: some scenarios in one period, as one linear program.

Slices of the same scenarios come in the order of time, and each can start from where
the same gaps, materials and products stood when they were last in a program.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.highs import Basis, LinearProgram
from optimizer.recourse.blocks import Positions, Recourse
from optimizer.recourse.programs import lay_out, programs
from optimizer.scenarios.scenario_set import Floats

SCENARIOS_AT_ONCE = 50
AT_LOWER, BASIC, AT_UPPER = (np.int8(status) for status in range(3))


@dataclass(frozen=True, slots=True)
class Slice:
    """A program without any supply, and which gaps, materials and shortages it has."""

    program: LinearProgram
    gaps: Positions
    shorts: Positions
    shortages: Positions

    def limits(self, missing: Floats, pooled: Floats) -> tuple[Floats, Floats]:
        """Return the bounds of all rows for what all gaps miss and all pools have."""
        lower, upper = self.program.row_lower.copy(), self.program.row_upper.copy()
        number = len(self.gaps)
        lower[:number] = missing[self.gaps]
        upper[number : number + len(self.shorts)] = pooled[self.shorts]
        return lower, upper


def slices(recourse: Recourse, shape: tuple[int, int]) -> Iterator[Slice]:
    """Yield the slices of W scenarios and T periods that have any gap."""
    number_of_scenarios, periods = shape

    def group(w: Positions, t: Positions) -> Positions:
        return w // SCENARIOS_AT_ONCE * periods + t

    products = recourse.products
    grouped = replace(
        recourse,
        gap_w=group(recourse.gap_w, recourse.gap_t),
        short_w=group(recourse.short_w, recourse.short_t),
        products=replace(products, w=group(products.w, products.t)),
    )
    chunks = -(-number_of_scenarios // SCENARIOS_AT_ONCE)
    layout = lay_out(grouped, chunks * periods)
    for x, program in zip(layout.live, programs(grouped, layout), strict=True):
        parts = layout.gaps.of(x), layout.shorts.of(x), layout.shortages.of(x)
        yield Slice(program, *parts)


class Standing:
    """Where each scenario's variables last stood, for the next program to start from.

    Where there was no gap before, it starts covered by the pool: with no cost below 0
    that is dual feasible.
    """

    def __init__(self, recourse: Recourse, number_of_scenarios: int) -> None:
        number = number_of_scenarios
        shortage_w = recourse.products.w[recourse.shortage_entry]
        blocks = int(recourse.shortage_block.max(initial=0)) + 1
        block = recourse.shortage_product * blocks + recourse.shortage_block
        self._gap = recourse.gap_pair * number + recourse.gap_w
        self._short = recourse.short_m * number + recourse.short_w
        self._shortage = block * number + shortage_w
        number_of_gaps = int(self._gap.max(initial=-1)) + 1
        number_of_shorts = int(self._short.max(initial=-1)) + 1
        number_of_shortages = int(self._shortage.max(initial=-1)) + 1
        self._columns = (
            np.full(number_of_gaps, BASIC),
            np.full(number_of_gaps, AT_LOWER),
            np.full(number_of_shortages, AT_LOWER),
        )
        self._rows = (
            np.full(number_of_gaps, AT_LOWER),
            np.full(number_of_shorts, BASIC),
            np.full(number_of_shorts, BASIC),
        )

    def basis(self, part: Slice) -> Basis:
        """Return where a slice should start."""
        columns, rows = self._places(part)
        return Basis(
            np.concatenate(
                [x[at] for x, at in zip(self._columns, columns, strict=True)]
            ),
            np.concatenate([x[at] for x, at in zip(self._rows, rows, strict=True)]),
        )

    def keep(
        self,
        part: Slice,
        values: Floats,
        basic: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    ) -> None:
        """Keep where a slice ended."""
        is_full = values >= part.program.column_upper
        is_limit = np.arange(len(basic[1])) >= len(part.gaps)
        columns = np.where(basic[0], BASIC, np.where(is_full, AT_UPPER, AT_LOWER))
        rows = np.where(basic[1], BASIC, np.where(is_limit, AT_UPPER, AT_LOWER))
        for places, kept, ended in zip(
            self._places(part),
            (self._columns, self._rows),
            (columns, rows),
            strict=True,
        ):
            parts = np.split(ended, np.cumsum([len(at) for at in places])[:-1])
            for x, at, status in zip(kept, places, parts, strict=True):
                x[at] = status

    def _places(self, part: Slice) -> tuple[tuple[Positions, ...], ...]:
        gap, short = self._gap[part.gaps], self._short[part.shorts]
        return (gap, gap, self._shortage[part.shortages]), (gap, short, short)
