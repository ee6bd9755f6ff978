"""What the cash rule draws as columns of a written program, exactly.

While a case is solved, rows (20) and (21) are tangents that are found on the way; a
file needs all of them at once. Levels and costs are convex (FORMULATION.md, section 7),
so a column for each segment, period and scenario says the same as all tangents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import block_array, csr_array, eye_array, kron

from optimizer.cash_rows import CoverTerms, Tangent, cover_terms_of
from optimizer.cash_rule import Stack
from optimizer.formulation import MILLION
from optimizer.highs import LinearProgram
from optimizer.problem import BEFORE_START, CompleteProblem
from optimizer.scenarios.scenario_set import Floats

Key = tuple[str, tuple[Any, ...]]
CASH, COVER = "cash_nonnegative", "collateral"
DRAWN, RISING, MOST = "drawn_by_rule", "rising_level", "most_by_rule"
ROUNDING = 1e-12


def rows_without_draws(problem: CompleteProblem, stack: Stack) -> list[Tangent]:
    """Return rows (20) and (21) of all periods and scenarios, before what is drawn."""
    terms = cover_terms_of(problem.instance)
    fees = np.cumsum(stack.commitment_fees)
    found: list[Tangent] = []
    for w in range(problem.scenarios.number_of_scenarios):
        for i, fee in enumerate(fees.tolist()):
            own = np.zeros(len(fees))
            own[i] = 1.0
            t = i + BEFORE_START
            found.append(_row(t, w, own, fee))
            if terms is not None and t > BEFORE_START:
                least = terms.of_need * (fee - terms.capital_usd)
                found.append(_row(t, w, terms.of_need * own, least, is_cover=True))
    return found


def _row(
    t: int, w: int, weights: Floats, least_usd: float, *, is_cover: bool = False
) -> Tangent:
    return Tangent(
        t, w, is_cover=is_cover, weights=tuple(weights.tolist()), least_usd=least_usd
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one scenario over its draws, by column before the start and period."""

    matrix: Floats
    lower: Floats
    upper: Floats
    keys: tuple[tuple[str, int], ...]


def with_draws(
    problem: CompleteProblem, stack: Stack, program: LinearProgram, rows: Sequence[Key]
) -> tuple[LinearProgram, list[Key], list[Key]]:
    """Return the program with columns of draws, and the keys of new rows and columns.

    rows are the keys of its present rows, among them `rows_without_draws`.
    """
    number = problem.scenarios.number_of_scenarios
    limits = _limits(stack)
    scenarios = eye_array(number)
    below = kron(scenarios, csr_array(limits.matrix))
    beside = _beside(problem, stack, rows, below.shape[1])
    width = program.rows.shape[1]
    matrix = block_array(
        [[program.rows, beside], [csr_array((below.shape[0], width)), below]]
    )
    ends = stack.widths / MILLION
    draws = number * len(stack.years)
    new = np.zeros(draws * len(ends))
    integers = program.is_integer
    extended = LinearProgram(
        cost=np.concatenate([program.cost, new]),
        rows=csr_array(matrix),
        row_lower=np.concatenate([program.row_lower, np.tile(limits.lower, number)]),
        row_upper=np.concatenate([program.row_upper, np.tile(limits.upper, number)]),
        column_lower=np.concatenate([program.column_lower, new]),
        column_upper=np.concatenate([program.column_upper, np.tile(ends, draws)]),
        is_integer=None
        if integers is None
        else np.concatenate([integers, new.astype(np.bool_)]),
    )
    new_rows = [(name, (t, w)) for w in range(number) for name, t in limits.keys]
    columns = [
        (DRAWN, (s, i + BEFORE_START, w))
        for w in range(number)
        for i in range(len(stack.years))
        for s in range(len(ends))
    ]
    return extended, new_rows, columns


def _beside(
    problem: CompleteProblem, stack: Stack, rows: Sequence[Key], width: int
) -> csr_array:
    """Return what draws add to the present rows: to those of cash and of cover."""
    blocks = {
        CASH: _cash(stack),
        COVER: _cover(stack, cover_terms_of(problem.instance)),
    }
    size = blocks[CASH].shape[1]
    parts = [
        (k, w * size + j, value)
        for k, (kind, index) in enumerate(rows)
        if kind in blocks
        for t, w in (index[:2],)
        for values in (blocks[kind][t - BEFORE_START],)
        for j, value in zip(np.flatnonzero(values), values[values != 0], strict=True)
    ]
    places = np.array([part[:2] for part in parts], dtype=np.int64).T
    values = np.array([part[2] for part in parts])
    return csr_array((values, (places[0], places[1])), shape=(len(rows), width))


def _by_column(matrix: Floats, of_a_draw: Floats) -> Floats:
    """Return a matrix over columns (1 + t) as one over draws, by column and segment."""
    return np.einsum("ij,s->ijs", matrix, of_a_draw).reshape(len(matrix), -1)


def _costs(stack: Stack) -> Floats:
    """Return interest less saved fees so far (1 + t), by draw."""
    columns = len(stack.years)
    so_far = np.tril(np.ones((columns, columns))) * stack.years
    return _by_column(so_far, stack.rates)


def _cash(stack: Stack) -> Floats:
    """Return what draws add to cash (1 + t): what they bring less what they cost."""
    kept = 1 - stack.exposure_fees
    return _by_column(np.eye(len(stack.years)), kept) - _costs(stack)


def _cover(stack: Stack, terms: CoverTerms | None) -> Floats:
    """Return what draws add to what stock must cover (1 + t)."""
    if terms is None:
        return np.zeros_like(_costs(stack))
    begin = np.cumsum(stack.widths) - stack.widths
    beyond = np.where(begin >= terms.capital_usd * (1 - ROUNDING), 1.0, 0.0)
    level = _by_column(np.eye(len(stack.years)), beyond)
    return terms.of_level * level + terms.of_need * _costs(stack)


def _limits(stack: Stack) -> _Rows:
    """Return the rows of levels: at most all that may be drawn, and never falling."""
    columns, ones = len(stack.years), np.ones(len(stack.widths))
    most = np.full(columns, stack.most_usd / MILLION)
    periods = range(BEFORE_START, BEFORE_START + columns)
    level = _by_column(np.eye(columns), ones)
    keys = tuple((MOST, t) for t in periods)
    free = np.full(columns, -np.inf)
    if stack.is_revolving:
        return _Rows(level, free, most, keys)
    rise = _by_column((np.eye(columns) - np.eye(columns, k=-1))[1:], ones)
    return _Rows(
        np.concatenate([level, rise]),
        np.concatenate([free, np.zeros(columns - 1)]),
        np.concatenate([most, np.full(columns - 1, np.inf)]),
        keys + tuple((RISING, t) for t in periods[1:]),
    )
