"""Which rows (20) and (21) a program needs: cash and cover, scenario by scenario.

Of W x T rows only a few ever bind, so they are separated. Where facilities are drawn by
the cash rule, what they have drawn is convex in the money that is there without them,
and each row is a tangent of that (FORMULATION.md, section 7). US dollars; columns of
T + 1 arrays begin before the start.
"""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.cash_rule import Drawn, Slopes, Stack, follow, slopes, stack_of
from optimizer.debt_in_force import covered_of_before, opening_cash
from optimizer.membership import cash_before_plan
from optimizer.policies.offtake import OfftakeResponse
from optimizer.policies.response import Response
from optimizer.problem import BEFORE_START, FirstStageProblem
from optimizer.scenarios.scenario_set import Floats

MOST_TANGENTS_A_ROUND = 6


@dataclass(frozen=True, slots=True)
class Tangent:
    """A row (20), or (21) if it is one of cover, of scenario w and period t.

    weights @ cash of w (T + 1), and in a row of cover the stock value of t less the
    covered debt of t, is at least least_usd. Cash is that without what the cash rule
    draws, and debt that of other loans which need collateral: scheduled ones, and those
    of before the start.
    """

    t: int
    w: int
    is_cover: bool
    weights: tuple[float, ...]
    least_usd: float


def needs_collateral(instance: Instance) -> bool:
    """Say whether any facility is an unguaranteed loan."""
    return any(f.needs_collateral for f in instance.financing.facilities)


def first_tangents(problem: FirstStageProblem) -> list[Tangent]:
    """Return rows (20) of the scenario with the least gap, most of which bind.

    They are tangents where each period needs more than the last. There is none where
    all draws are scheduled.
    """
    instance, stack = problem.instance, stack_of(problem.instance)
    if stack is None:
        return []
    columns = 1 + instance.horizon.number_of_periods
    rising = -np.linspace(0.1, 0.9, columns)[None] * stack.widths.sum()
    drawn = follow(stack, rising)
    known = drawn, slopes(stack, rising, drawn)
    return [
        _of_level(stack, rising, known, t - BEFORE_START, w)
        for t, w in problem.calmest_cash_rows()
    ]


class CashLimits:
    """The limits on cash and cover of a case, and where a point breaks them.

    tolerance_usd is what may be missing.
    """

    def __init__(self, instance: Instance, tolerance_usd: float) -> None:
        self._instance = instance
        self._stack = stack_of(instance)
        self.by_rule = self._stack is not None
        self._cover = instance.financing.collateral_cover
        self._terms = cover_terms_of(instance)
        self._tolerance = tolerance_usd

    def shortage(self, cash: Floats, stock: Floats, debt: Floats) -> Floats:
        """Return what is missing before the start and in each period (w, 1 + t).

        cash (w, 1 + t) is without what the cash rule draws, stock the value of the
        stock (w, t) and debt that of other loans which need collateral (t): scheduled
        ones, and those of before the start.
        """
        level = self._level_shortage(cash)
        if self._has_cover:
            covered = self._cover_shortage(cash, stock, debt)
            level[:, 1:] = np.maximum(level[:, 1:], covered)
        return level

    def _level_shortage(self, cash: Floats) -> Floats:
        if self._stack is None:
            return -cash
        return follow(self._stack, cash).level - self._stack.most_usd

    def _cover_shortage(self, cash: Floats, stock: Floats, debt: Floats) -> Floats:
        cover = self._cover or 0.0
        if self._stack is None or self._terms is None:
            return cover * debt - stock - cash[:, 1:]
        drawn = follow(self._stack, cash)
        owed = self._terms.owed(drawn.level, drawn.costs - cash)
        return owed[:, 1:] + cover * debt - stock

    def tangents(self, cash: Floats, stock: Floats, debt: Floats) -> list[Tangent]:
        """Return tangents in the scenarios that miss most, of levels and of cover.

        There is none where nothing is missing, or all draws are scheduled.
        """
        found: list[Tangent] = []
        stack = self._stack
        if stack is None:
            return found
        level = self._level_shortage(cash)
        places = _worst(level, self._tolerance)
        covers: list[tuple[int, int]] = []
        if self._has_cover:
            missing = self._cover_shortage(cash, stock, debt)
            covers = [(w, i + 1) for w, i in _worst(missing, self._tolerance)]
        for is_cover, chosen in ((False, places), (True, covers)):
            for w, i in chosen:
                alone = cash[w : w + 1]
                drawn = follow(stack, alone)
                known = drawn, slopes(stack, alone, drawn)
                row = (
                    _of_cover(self._terms, alone, known, i, w)
                    if is_cover and self._terms is not None
                    else _of_level(stack, alone, known, i, w)
                )
                found.append(row)
        return found

    @property
    def _has_cover(self) -> bool:
        return self._cover is not None and needs_collateral(self._instance)


@dataclass(frozen=True, slots=True)
class CoverTerms:
    """What a dollar of level and of need counts against the value of the stock.

    Nothing counts up to the level of capital and guaranteed loans that are drawn before
    any other loan: nothing needs collateral yet. That level has brought capital_usd.
    """

    of_level: float
    of_need: float
    capital_usd: float

    def owed(self, level: Floats, need: Floats) -> Floats:
        """Return covered debt less cash, or a little more, in US dollars.

        need is what is paid up to then and not brought by other money.
        """
        beyond = np.maximum(level - self.capital_usd, 0.0)
        return self.of_level * beyond + self.of_need * (need - self.capital_usd)


def cover_terms(stack: Stack, cover: float, *, is_alone: bool) -> CoverTerms:
    """Return the terms of a cover; is_alone if the rule draws all loans it counts.

    Covered debt less cash is cover x debt - proceeds + need, which a higher level
    raises or lowers. If it raises it, it counts; if not, the level that the need asks
    for stands in its place, which is at most as high: so the row is on the safe side.
    It is exact where capital and guaranteed loans without fees are drawn first and one
    loan after them.
    """
    is_capital = (stack.covered_shares == 0) & (stack.exposure_fees == 0)
    first = int(np.argmin([*is_capital, False])) if is_alone else 0
    capital = float(stack.widths[:first].sum())
    debt = float(stack.covered_shares[first:].max(initial=0.0))
    fee = float(stack.exposure_fees[first:].max(initial=0.0))
    raised = cover * debt - (1 - fee)
    if raised > 0:
        return CoverTerms(raised, 1.0, capital)
    return CoverTerms(0.0, cover * debt / (1 - fee), capital)


def cover_terms_of(instance: Instance) -> CoverTerms | None:
    """Return the terms of a case with a cover whose facilities the rule draws."""
    stack, cover = stack_of(instance), instance.financing.collateral_cover
    if stack is None or cover is None or not needs_collateral(instance):
        return None
    is_alone = not covered_of_before(instance).any() and not any(
        f.needs_collateral and f.limit_usd > 0 and not f.is_drawn_by_rule
        for f in instance.financing.facilities
    )
    return cover_terms(stack, cover, is_alone=is_alone)


def _of_level(
    stack: Stack,
    cash: Floats,
    known: tuple[Drawn, Slopes],
    i: int,
    w: int,
) -> Tangent:
    """Return the tangent of level <= most at a column of a scenario."""
    drawn, slope = known
    weights = -slope.level[0, i]
    least = float(drawn.level[0, i] + weights @ cash[0] - stack.most_usd)
    t = i + BEFORE_START
    return Tangent(
        t, w, is_cover=False, weights=tuple(weights.tolist()), least_usd=least
    )


def _of_cover(
    terms: CoverTerms, cash: Floats, known: tuple[Drawn, Slopes], i: int, w: int
) -> Tangent:
    """Return the tangent of covered debt <= stock value at a column of a scenario."""
    drawn, slope = known
    level, need = drawn.level[0, i], drawn.costs[0, i] - cash[0, i]
    of_level = terms.of_level if level > terms.capital_usd else 0.0
    of_cash = -slope.costs[0, i]
    of_cash[i] += 1.0
    weights = of_level * -slope.level[0, i] + terms.of_need * of_cash
    owed = float(terms.owed(level, need))
    least = owed + float(weights @ cash[0])
    t = i + BEFORE_START
    return Tangent(
        t, w, is_cover=True, weights=tuple(weights.tolist()), least_usd=least
    )


def _worst(missing: Floats, tolerance: float) -> list[tuple[int, int]]:
    """Return (w, column) where most is missing, in as many scenarios as are added."""
    most, column = missing.max(axis=1), missing.argmax(axis=1)
    order = np.argsort(-most, kind="stable")[:MOST_TANGENTS_A_ROUND]
    return [(int(w), int(column[w])) for w in order if most[w] > tolerance]


def broken_places(shortage: Floats, tolerance: float) -> list[tuple[int, int]]:
    """Return (t, w) of the worst scenario of each period that misses something.

    shortage is before the start and in each period (w, 1 + t).
    """
    return [
        (t, int(w))
        for t, w in enumerate(shortage.argmax(axis=0), start=BEFORE_START)
        if shortage[w, t - BEFORE_START] > tolerance
    ]


def known_cash(instance: Instance) -> Floats:
    """Return the cash whatever is planned, before the start and after it (1 + t)."""
    return np.concatenate([[opening_cash(instance)], cash_before_plan(instance)])


def cumulated_flow(response: Response, w: int | None = None) -> Floats:
    """Return cash flow before the start and up to each period (c, w, 1 + t).

    With w it is that of one scenario (c, 1 + t).
    """
    flow = response.cash_flow if w is None else response.cash_flow[:, w]
    opening = response.opening_flow.reshape(-1, *[1] * (flow.ndim - 1))
    before = np.broadcast_to(opening, (*flow.shape[:-1], 1))
    return np.concatenate([before, np.cumsum(flow, axis=-1)], axis=-1)


def cumulated_contract_flow(contract: OfftakeResponse) -> Floats:
    """Return cash flow before the start and up to each period (w, 1 + t)."""
    before = np.full((len(contract.cash_flow), 1), contract.opening_flow)
    return np.concatenate([before, np.cumsum(contract.cash_flow, axis=1)], axis=1)
