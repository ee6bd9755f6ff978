"""The technology matrix: tonnes of each candidate and contract where there is a gap.

One array (entry, candidate) for each holding. Times the shares it gives the supply,
times the prices the gradient of a cut.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimizer.cost_of_holding import (
    ExpectedMoney,
    expected_of,
    expected_of_contracts,
)
from optimizer.deadline import look
from optimizer.point import TrialPoint
from optimizer.policies.response import Response, respond
from optimizer.problem import FirstStageProblem
from optimizer.recourse.blocks import Recourse, parts_of_others
from optimizer.scenarios.scenario_set import Floats

Positions = NDArray[np.int64]
CANDIDATES_AT_ONCE = 64


@dataclass(slots=True)
class TechnologyColumns:
    """Tonnes by entry and column (e, c) of one holding or contract.

    Entries are positions of gaps if it serves one participant alone (is_own), of short
    materials otherwise; w is their scenario, short the position of their short
    material. Columns start at `first` in the trial vector.
    """

    is_own: bool
    entries: Positions
    short: Positions
    w: Positions
    tonnes: Floats
    first: int
    segments: tuple[tuple[int, int, int], ...] = ()

    def sort_by(self, cluster: Positions) -> None:
        """Order entries by cluster; segments are (cluster, first entry, end)."""
        mine = cluster[self.short]
        order = np.argsort(mine, kind="stable")
        self.entries, self.short = self.entries[order], self.short[order]
        self.w, self.tonnes = self.w[order], self.tonnes[order]
        starts = np.flatnonzero(np.diff(mine[order], prepend=-1)).tolist()
        ends = [*starts[1:], len(order)]
        self.segments = (
            tuple(
                (int(mine[order[a]]), a, b) for a, b in zip(starts, ends, strict=True)
            )
            if len(order)
            else ()
        )


class TechnologyMatrix:
    """The columns of all holdings and contracts of a problem on its scenarios.

    money is what they are expected to earn, with the scenarios' probabilities.
    """

    def __init__(self, problem: FirstStageProblem, recourse: Recourse) -> None:
        self._recourse = recourse
        sizes = [len(menu.candidates) for menu in problem.menus]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        found = [
            _of_holding(problem, recourse, h, int(first[h])) for h in range(len(sizes))
        ]
        # With the position of its shares: a pool that serves others has two entries.
        self._columns = [
            (h, columns) for h, (listed, _, _) in enumerate(found) for columns in listed
        ]
        self.money = ExpectedMoney(
            tuple(earned for _, earned, _ in found),
            tuple(left for _, _, left in found),
            expected_of_contracts(
                problem.instance, problem.scenarios.probability, problem.contracts
            ),
        )
        self._columns += [
            (len(sizes) + q, _of_contract(problem, recourse, q, int(first[-1]) + q))
            for q in range(len(problem.contracts))
        ]
        self._number_of_columns = int(first[-1]) + len(problem.contracts)
        self._number_of_contracts = len(problem.contracts)
        self._sizes = sizes

    def nothing(self) -> TrialPoint:
        """Return the trial point that holds and signs nothing."""
        shares = tuple(np.zeros(size) for size in self._sizes)
        return TrialPoint(shares, np.zeros(self._number_of_contracts))

    def sort_by(self, cluster: Positions) -> None:
        """Order all entries by the cluster of their short material."""
        for _, columns in self._columns:
            look()
            columns.sort_by(cluster)

    def supply(self, trial: TrialPoint) -> tuple[Floats, Floats]:
        """Return the supply of a trial point by gap and by short material, tonnes."""
        recourse = self._recourse
        own = np.zeros(recourse.number_of_gaps)
        pooled = np.zeros(len(recourse.short_m))
        shares = [*trial.shares, *trial.signed.reshape(-1, 1)]
        for position, columns in self._columns:
            look()
            share = shares[position]
            used = np.flatnonzero(share)
            if len(used):
                there = own if columns.is_own else pooled
                there[columns.entries] += columns.tonnes[:, used] @ share[used]
        return own, pooled

    def gradient(self, own: Floats, pool: Floats, number_of_clusters: int) -> csr_array:
        """Return minus the value of each column's tonnes by cluster (cluster, column).

        own is the price of a tonne by gap, pool by short material.
        """
        parts: list[tuple[int, int, Floats]] = []
        for _, columns in self._columns:
            look()
            worth = (own if columns.is_own else pool)[columns.entries]
            parts += [
                (cluster, columns.first, -(worth[a:b] @ columns.tonnes[a:b]))
                for cluster, a, b in columns.segments
            ]
        return _stacked(parts, number_of_clusters, self._number_of_columns)

    def scenario_gradient(
        self, own: Floats, pool: Floats, chosen: Sequence[int]
    ) -> csr_array:
        """Return the same by scenario, for some scenarios (chosen w, column)."""
        parts: list[tuple[int, int, Floats]] = []
        for _, columns in self._columns:
            worth = (own if columns.is_own else pool)[columns.entries]
            for i, w in enumerate(chosen):
                there = np.flatnonzero(columns.w == w)
                if len(there):
                    slope = -(worth[there] @ columns.tonnes[there])
                    parts.append((i, columns.first, slope))
        return _stacked(parts, len(chosen), self._number_of_columns)


def _of_holding(
    problem: FirstStageProblem, recourse: Recourse, h: int, first: int
) -> tuple[list[TechnologyColumns], Floats, Floats]:
    """Return the columns of a holding, and what its candidates earn and leave (c).

    Of a pool that serves others, those for members, then those for others.
    """
    holding, menu = problem.holdings[h], problem.menus[h]
    seen, number = holding.observables, len(menu.candidates)
    columns, t = _place(problem, recourse, (holding.m, holding.o), first)
    columns.tonnes = np.empty((len(columns.entries), number))
    earned, left = np.zeros(number), np.zeros(number)
    found, beyond, parts = [columns], columns, np.zeros(0)
    if seen.members_gap is not None:
        beyond = _outside(recourse, holding.m, first)
        beyond.tonnes = np.empty((len(beyond.entries), number))
        parts = parts_of_others(recourse)[beyond.entries, None]
        found.append(beyond)
    for some, response in responses_in_parts(problem, h):
        columns.tonnes[:, some] = response.shared[:, columns.w, t].T
        if response.for_others is not None:
            there = recourse.gap_t[beyond.entries]
            tonnes = response.for_others[:, beyond.w, there].T
            beyond.tonnes[:, some] = tonnes * parts
        earned[some], left[some] = expected_of(
            problem.instance, problem.scenarios.probability, response
        )
    return found, earned, left


def _outside(recourse: Recourse, m: int, first: int) -> TechnologyColumns:
    """Return where a material helps others than members."""
    short = recourse.gap_short
    there = (recourse.short_m[short] == m) & ~recourse.gap_may_draw
    entries = np.flatnonzero(there)
    return TechnologyColumns(
        is_own=True,
        entries=entries,
        short=short[entries],
        w=recourse.gap_w[entries],
        tonnes=np.zeros((0, 0)),
        first=first,
    )


def expected_money_of(
    problem: FirstStageProblem,
    known: ExpectedMoney | None = None,
    kept: Sequence[int] = (),
) -> ExpectedMoney:
    """Return what all candidates and contracts are expected to earn.

    Of the holdings that are kept, by position, it is what is known.
    """
    probability = problem.scenarios.probability
    earned = [np.zeros(len(menu.candidates)) for menu in problem.menus]
    left = [np.zeros(len(menu.candidates)) for menu in problem.menus]
    for h in range(len(problem.holdings)):
        if known is not None and h in kept:
            earned[h], left[h] = known.earned[h], known.left[h]
            continue
        for some, response in responses_in_parts(problem, h):
            earned[h][some], left[h][some] = expected_of(
                problem.instance, probability, response
            )
    contracts = expected_of_contracts(problem.instance, probability, problem.contracts)
    return ExpectedMoney(tuple(earned), tuple(left), contracts)


def responses_in_parts(
    problem: FirstStageProblem, h: int
) -> Iterator[tuple[Positions, Response]]:
    """Yield some candidates of a holding after the other, with their responses."""
    holding, menu = problem.holdings[h], problem.menus[h]
    number = len(menu.candidates)
    for start in range(0, number, CANDIDATES_AT_ONCE):
        some = np.arange(start, min(start + CANDIDATES_AT_ONCE, number))
        yield some, respond(problem.instance, holding, menu.policies.select(some))


def _of_contract(
    problem: FirstStageProblem, recourse: Recourse, q: int, first: int
) -> TechnologyColumns:
    response = problem.contracts[q]
    index, contract = problem.instance.index, response.contract
    beneficiary = contract.beneficiary
    o = None if beneficiary is None else index.participant[beneficiary]
    m = index.material[contract.material]
    columns, t = _place(problem, recourse, (m, o), first)
    columns.tonnes = response.delivered[columns.w, t][:, None]
    return columns


def _place(
    problem: FirstStageProblem,
    recourse: Recourse,
    to: tuple[int, int | None],
    first: int,
) -> tuple[TechnologyColumns, Positions]:
    """Return where a material helps one participant or all, and the periods there."""
    m, o = to
    if o is None:
        entries = np.flatnonzero(recourse.short_m == m)
        short, w, t = entries, recourse.short_w[entries], recourse.short_t[entries]
    else:
        owners, members = np.array(problem.market.pairs).reshape(-1, 2).T
        pair = recourse.gap_pair
        entries = np.flatnonzero((owners[pair] == o) & (members[pair] == m))
        short = recourse.gap_short[entries]
        w, t = recourse.gap_w[entries], recourse.gap_t[entries]
    return TechnologyColumns(
        o is not None, entries, short, w, np.zeros((0, 0)), first
    ), t


def _stacked(
    parts: list[tuple[int, int, Floats]], number_of_rows: int, number_of_columns: int
) -> csr_array:
    """Return a sparse matrix of dense pieces (row, first column, values)."""
    parts = sorted(parts, key=lambda part: part[:2])
    lengths = np.zeros(number_of_rows, dtype=np.int64)
    for row, _, values in parts:
        lengths[row] += len(values)
    if not parts:
        return csr_array((number_of_rows, number_of_columns))
    columns = [np.arange(c, c + len(values)) for _, c, values in parts]
    matrix = csr_array(
        (
            np.concatenate([values for _, _, values in parts]),
            np.concatenate(columns),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(number_of_rows, number_of_columns),
    )
    matrix.sum_duplicates()
    return matrix
