"""The cash rule: facilities drawn in each scenario as far as cash needs them.

It reads what has been paid and earned so far and nothing of the future. Section 7 of
the page has the recursion and the proof that levels and costs are convex.
"""

from dataclasses import dataclass

import numpy as np

from models.debt_in_force import room_in_force_usd
from models.draw_order import Segment, most_by_rule_usd, segments_of
from models.finance import REVOLVING
from models.instance import Instance
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Stack:
    """All facilities that the rule draws as one, segment s by segment. US dollars.

    widths, rates a year (interest in cash less commitment fee), accrued_rates (returns
    owed after the end), exposure_fees, debt_shares and covered_shares (loans that need
    collateral) by segment; shares is the part of facility f of the case in a segment
    (f, s). years and commitment_fees (of the whole
    limits) have a column before the start, and so have
    all arrays of T + 1 columns here.
    """

    widths: Floats
    rates: Floats
    accrued_rates: Floats
    exposure_fees: Floats
    debt_shares: Floats
    covered_shares: Floats
    shares: Floats
    years: Floats
    commitment_fees: Floats
    most_usd: float
    is_revolving: bool

    def parts(self, level: Floats) -> Floats:
        """Return how much of a level lies in each segment (..., s).

        The last segment has no end, so that a need beyond all limits is measured.
        """
        ends = np.cumsum(self.widths)
        starts = ends - self.widths
        ends[-1] = np.inf
        return np.clip(level[..., None], starts, ends) - starts

    def proceeds(self, level: Floats) -> Floats:
        """Return what a level has brought after exposure fees."""
        return self.parts(level) @ (1 - self.exposure_fees)

    def accrued(self, level: Floats) -> Floats:
        """Return the returns owed after the end, up to each column of a level."""
        return np.cumsum(self.years * (self.parts(level) @ self.accrued_rates), axis=-1)

    @property
    def least_rate(self) -> float:
        """The least mean of what a dollar of any level costs a year, paid or owed.

        A cost that is linear at this rate is nowhere above the true one.
        """
        ends = np.cumsum(self.widths)
        widths = np.diff(np.minimum(ends, self.most_usd), prepend=0.0)
        rates = self.rates + self.accrued_rates
        costs, levels = np.cumsum(widths * rates)[1:], np.cumsum(widths)[1:]
        means = costs[levels > 0] / levels[levels > 0]
        return float(means.min(initial=rates[0]))

    def debt(self, level: Floats) -> Floats:
        """Return the loans' part of a level."""
        return self.parts(level) @ self.debt_shares

    def covered_debt(self, level: Floats) -> Floats:
        """Return the part of a level that needs collateral."""
        return self.parts(level) @ self.covered_shares

    def by_facility(self, level: Floats) -> Floats:
        """Return a level by facility of the case (f, ...), 0 for scheduled ones."""
        return np.moveaxis(self.parts(level) @ self.shares.T, -1, 0)

    def interest(self, level: Floats, t: int) -> Floats:
        """Return interest less saved commitment fees of a level in column t."""
        return self.years[t] * (self.parts(level) @ self.rates)

    def least_level(self, need: Floats, t: int) -> Floats:
        """Return the least level that brings a need after fee and interest of t."""
        slopes = self.net_slopes(t)
        ends = np.cumsum(self.widths * slopes)
        starts = ends - self.widths * slopes
        ends[-1] = np.inf
        return ((np.clip(need[..., None], starts, ends) - starts) / slopes).sum(axis=-1)

    def net_slopes(self, t: int) -> Floats:
        """Return what a dollar drawn in t brings after fee and interest (s)."""
        return 1 - self.exposure_fees - self.years[t] * self.rates

    def segment_at(self, level: Floats) -> np.ndarray:
        """Return the segment that ends at or holds each level."""
        found = np.searchsorted(np.cumsum(self.widths), level)
        return np.minimum(found, len(self.widths) - 1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the rule does by scenario and column (w, T + 1), US dollars.

    level is drawn from all facilities, cash the balance after all payments, costs the
    interest and commitment fees up to then, exposure_fees those of all draws, debt the
    loans' part of the level.
    """

    level: Floats
    cash: Floats
    costs: Floats
    exposure_fees: Floats
    debt: Floats


@dataclass(frozen=True, slots=True)
class Slopes:
    """Change of a column by a dollar more available in another (w, T + 1, T + 1).

    Subgradients where the functions have a kink.
    """

    level: Floats
    costs: Floats


def stack_of(instance: Instance) -> Stack | None:
    """Return the facilities that the rule draws; None if all draws are scheduled."""
    segments = segments_of(instance.financing)
    if not segments:
        return None
    years = np.array([0.0, *instance.horizon.period_lengths_years])
    drawn = instance.financing.drawn_by_rule()
    fee = sum(x.commitment_fee_per_year * x.limit_usd for x in drawn)
    return Stack(
        widths=np.array([x.width_usd for x in segments]),
        rates=np.array([x.rate_per_year for x in segments]),
        accrued_rates=np.array([x.accrued_rate_per_year for x in segments]),
        exposure_fees=np.array([x.exposure_fee for x in segments]),
        debt_shares=np.array([x.debt_share for x in segments]),
        covered_shares=np.array([x.covered_share for x in segments]),
        shares=_shares(instance, segments),
        years=years,
        commitment_fees=years * fee,
        most_usd=most_by_rule_usd(instance.financing, room_in_force_usd(instance)),
        is_revolving=drawn[0].drawn == REVOLVING,
    )


def follow(stack: Stack, available: Floats, most_usd: float = np.inf) -> Drawn:
    """Return what the rule draws, given the money available without it (w, T + 1).

    available is cash at the start and all other payments up to a column, the first one
    before the start. With most_usd nothing is drawn beyond it: cash may be below 0.
    """
    level, costs = np.zeros_like(available), np.zeros_like(available)
    before, paid = np.zeros(len(available)), np.zeros(len(available))
    for t in range(available.shape[1]):
        need = paid + stack.commitment_fees[t] - available[:, t]
        least = np.minimum(stack.least_level(need, t), most_usd)
        before = least if stack.is_revolving else np.maximum(before, least)
        paid = paid + stack.interest(before, t) + stack.commitment_fees[t]
        level[:, t], costs[:, t] = before, paid
    proceeds = stack.proceeds(level)
    return Drawn(
        level=level,
        cash=available + proceeds - costs,
        costs=costs,
        exposure_fees=level - proceeds,
        debt=stack.debt(level),
    )


def slopes(stack: Stack, available: Floats, drawn: Drawn) -> Slopes:
    """Return the slopes of level and costs, which `follow` found without a most."""
    number, columns = available.shape
    level, costs = np.zeros((2, number, columns, columns))
    lower, change = np.zeros((2, number, columns))
    lowest = np.zeros(number)
    for t in range(columns):
        segment = stack.segment_at(drawn.level[:, t])
        need = lower.copy()
        need[:, t] -= 1.0
        is_drawn = (drawn.level[:, t] > lowest)[:, None]
        kept = np.zeros_like(change) if stack.is_revolving else change
        change = np.where(is_drawn, need / stack.net_slopes(t)[segment, None], kept)
        lower = lower + stack.years[t] * stack.rates[segment, None] * change
        level[:, t], costs[:, t] = change, lower
        lowest = lowest if stack.is_revolving else drawn.level[:, t]
    return Slopes(level, costs)


def _shares(instance: Instance, segments: tuple[Segment, ...]) -> Floats:
    row = {x.id: f for f, x in enumerate(instance.financing.facilities)}
    shares = np.zeros((len(row), len(segments)))
    for s, segment in enumerate(segments):
        for facility, share in zip(segment.facilities, segment.shares, strict=True):
            shares[row[facility.id], s] = share
    return shares
