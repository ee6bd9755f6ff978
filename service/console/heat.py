"""Shortage of each material by month as a table: numbers, and a shade for each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from models.trajectories import PlanTrajectories
from service.pictures.shortage import Shares, short_materials

# 0 has none. `console.css` has a class for each.
SHADES = 10


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Missing share of the need of a month, in per cent, and its shade."""

    share: float
    shade: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A material that is ever short, month by month."""

    name: str
    is_held: bool
    with_plan: Sequence[HeatCell]
    without_vault: Sequence[HeatCell]


@dataclass(frozen=True, slots=True)
class HeatTable:
    """All materials that are ever short; months: the first day of each."""

    months: Sequence[dt.date]
    rows: Sequence[HeatRow]


def heat_table(found: PlanTrajectories) -> HeatTable:
    """Return the materials that are ever short, the largest shares first.

    Shades are of the largest share without a vault, so both tables compare.
    """
    short = short_materials(found)
    most = max((max(x.without_vault) for x in short), default=0.0)
    rows = [
        HeatRow(
            x.trajectory.name,
            x.is_held,
            _cells(x.with_plan, most),
            _cells(x.without_vault, most),
        )
        for x in short
    ]
    return HeatTable(found.period_starts, rows)


def _cells(shares: Shares, most: float) -> Sequence[HeatCell]:
    return [
        HeatCell(x, min(SHADES, max(1, round(SHADES * x / most))) if x > 0 else 0)
        for x in shares
    ]
