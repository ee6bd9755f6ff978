"""Which limits of a case a plan has reached, and which a change would break.

Rows of the page on shares alone are those of the first stage, counted at the plan's
shares; those on money follow from its draws and from its cash in each scenario. Whether
a changed plan can be paid for is a program of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.instance import Instance
from models.plan import Plan
from optimizer.cash_rule import stack_of
from optimizer.deadline import NEVER
from optimizer.decomposition.first_stage_lp import FirstStageLp, first_stage_lp
from optimizer.evaluation.books import Books
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.replay import keep_books
from optimizer.explanation.viewpoint import Viewpoint
from optimizer.financing import financing_costs
from optimizer.first_stage.limit_text import Key
from optimizer.point import TrialPoint
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import Floats
from optimizer.separation import SeparatedProgram

TOLERANCE = 1e-6
OF_THE_MENU = "one_policy"  # shares of a pool sum to 1: a way to write, not a limit


@dataclass(frozen=True, slots=True)
class ShareLimits:
    """The rows of the first stage that speak of shares and contracts alone."""

    problem: FirstStageProblem
    keys: tuple[Key, ...]
    matrix: csr_array
    lower: Floats
    upper: Floats

    def reached(self, trial: TrialPoint) -> list[Key]:
        """Return the rows without room."""
        left, scale = self._left(trial), abs(self.matrix) @ trial.vector
        slack = np.minimum(left - self.lower, self.upper - left)
        return self._named((slack <= TOLERANCE * scale) & (scale > 0))

    def broken(self, trial: TrialPoint) -> list[Key]:
        """Return the rows that do not hold, even if no surplus is sold."""
        trial = _without_sales(self.problem, trial)
        left, scale = self._left(trial), abs(self.matrix) @ trial.vector
        beyond = np.maximum(self.lower - left, left - self.upper)
        return self._named(beyond > TOLERANCE * (1 + scale))

    def _left(self, trial: TrialPoint) -> Floats:
        return self.matrix @ trial.vector

    def _named(self, chosen: NDArray[np.bool_]) -> list[Key]:
        return [self.keys[i] for i in np.flatnonzero(chosen)]


def _without_sales(problem: FirstStageProblem, trial: TrialPoint) -> TrialPoint:
    shares = tuple(
        share if holding.sale is None else np.zeros_like(share)
        for holding, share in zip(problem.holdings, trial.shares, strict=True)
    )
    return replace(trial, shares=shares)


def share_limits(view: Viewpoint) -> ShareLimits:
    """Return the limits on shares of a viewpoint's case."""
    menu = first_stage_lp(view.problem, np.zeros(0), np.zeros_like(view.costs))
    rows = menu.data.rows
    height = len(menu.row_keys)
    matrix = csr_array(rows.matrix[:height])
    is_share = np.zeros(matrix.shape[1])
    is_share[menu.columns.trial] = 1.0
    others = abs(matrix) @ (1.0 - is_share)
    chosen = np.flatnonzero((others == 0) & ~_is_of_the_menu(menu))
    return ShareLimits(
        problem=view.problem,
        keys=tuple(menu.row_keys[i] for i in chosen),
        matrix=csr_array(matrix[chosen][:, menu.columns.trial]),
        lower=rows.lower[chosen],
        upper=rows.upper[chosen],
    )


def _is_of_the_menu(menu: FirstStageLp) -> NDArray[np.bool_]:
    return np.array([name == OF_THE_MENU for name, _ in menu.row_keys], dtype=np.bool_)


def money_limits(view: Viewpoint, plan: Plan) -> list[Key]:
    """Return the rows on money without room: draws, covenants, cash."""
    instance = view.problem.instance
    decided = decisions_of(instance, plan)
    books = keep_books(instance, view.problem.scenarios, decided)
    return [
        *_draw_limits(instance, decided, books),
        *_debt_to_equity(instance, books),
        *_cash_limits(instance, decided, books),
    ]


def _draw_limits(instance: Instance, decided: Decisions, books: Books) -> Iterator[Key]:
    drawn = decided.draws.sum(axis=1)
    stack = stack_of(instance)
    if stack is not None:
        drawn += stack.by_facility(books.level).max(axis=(1, 2))
    for f, facility in enumerate(instance.financing.facilities):
        if 0 < drawn[f] >= facility.limit_usd * (1 - TOLERANCE):
            yield "draw_limit", (facility.id,)


def _debt_to_equity(instance: Instance, books: Books) -> Iterator[Key]:
    most = instance.financing.debt_to_equity_limit
    if most is None:
        return
    owed = books.debt
    is_reached = (owed > 0) & (owed >= most * books.capital * (1 - TOLERANCE))
    for t in np.flatnonzero(is_reached.any(axis=0)):
        yield "debt_to_equity", (int(t),)


def _cash_limits(instance: Instance, decided: Decisions, books: Books) -> Iterator[Key]:
    """Yield the periods in which some scenario's cash or collateral is at its limit.

    Where the cash rule can draw more, cash of 0 is no limit.
    """
    scale = TOLERANCE * max(float(np.abs(books.cash).max(initial=0.0)), 1.0)
    is_spent, owed, stack = books.cash <= scale, books.debt, stack_of(instance)
    if stack is not None:
        is_spent &= books.level[:, 1:] >= stack.most_usd * (1 - TOLERANCE)
    is_moving = financing_costs(instance, decided.draws) > 0
    for t in np.flatnonzero((is_spent & (is_moving | (owed > 0))).any(axis=0)):
        yield "cash_nonnegative", (int(t), 0)
    cover = instance.financing.collateral_cover
    if cover is None:
        return
    held, covered = books.cash + books.stock_value, books.covered_debt
    is_tight = (covered > 0) & (held <= cover * covered + scale)
    for t in np.flatnonzero(is_tight.any(axis=0)):
        yield "collateral", (int(t), 0)


def payable(problem: FirstStageProblem, trials: Sequence[TrialPoint]) -> list[bool]:
    """Return for each trial whether some draws keep cash and covenants everywhere.

    Any part of a surplus may be sold. A trial that breaks a limit on shares is not
    payable either.
    """
    if not trials:
        return []
    used = {
        holding.name: np.flatnonzero(
            np.any(
                [(x.shares[h] > 0) | (holding.sale is not None) for x in trials], axis=0
            )
        )
        for h, holding in enumerate(problem.holdings)
    }
    few = problem.simulated(used)
    program = SeparatedProgram(few, is_relaxed=True)
    return [_is_payable(program, trial, list(used.values())) for trial in trials]


def _is_payable(
    program: SeparatedProgram, trial: TrialPoint, used: Sequence[np.ndarray]
) -> bool:
    shares = [share[chosen] for share, chosen in zip(trial.shares, used, strict=True)]
    sold = [holding.sale is not None for holding in program.problem.holdings]
    lower = [x * (not free) for free, x in zip(sold, shares, strict=True)]
    upper = [x if not free else x**0 for free, x in zip(sold, shares, strict=True)]
    program.bound_shares(upper, lower)
    program.bound_signed(trial.signed, trial.signed)
    return program.solve(NEVER).values is not None
