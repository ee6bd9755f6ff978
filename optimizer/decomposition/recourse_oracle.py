"""The recourse of a case: costs by cluster, risk by scenario, broken cash rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from optimizer.cash_rows import (
    CashLimits,
    Tangent,
    broken_places,
    first_tangents,
    known_cash,
)
from optimizer.debt_in_force import covered_of_before
from optimizer.decomposition.first_stage_lp import FirstStageLp
from optimizer.decomposition.lshaped import OracleResult
from optimizer.decomposition.master import Master
from optimizer.decomposition.master_data import Rows, joined, no_rows
from optimizer.decomposition.scenario_block import BlockCuts
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.formulation import MILLION
from optimizer.problem import BEFORE_START
from optimizer.scenarios.scenario_set import Floats
from optimizer.separation import CASH_TOLERANCE

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CashFlowRows:
    """Cash flow and stock value of each trial column (row, column) at some (t, w)."""

    order: list[tuple[int, int]]
    cash: Floats
    stock: Floats


@dataclass(frozen=True, slots=True)
class CutPool:
    """Cuts by the position of their cluster or scenario (owner), and cash rows."""

    cuts: BlockCuts
    owner: Positions
    flows: tuple[CashFlowRows, ...]


class RecourseOracle:
    """An Oracle over blocks of scenarios. Money is in millions of US dollars."""

    def __init__(self, lp: FirstStageLp, blocks: ScenarioBlocks) -> None:
        self.lp = lp
        self._blocks = blocks
        self.cash_rows: set[tuple[int, int]] = set()
        self._flows: list[CashFlowRows] = []
        units = lp.data.units
        self._cash_tolerance = (
            MILLION * CASH_TOLERANCE * (1.0 if units is None else units.found_row)
        )
        self._limits = CashLimits(lp.problem.instance, self._cash_tolerance)
        self.tangents: list[Tangent] = []

    def pool(self, master: Master) -> CutPool:
        """Return tight cuts and all cash rows, whatever the columns of the master."""
        columns, cuts = self.lp.columns, master.tight_cuts()
        target = np.concatenate([columns.cluster, columns.scenario])
        owner = np.asarray(cuts.matrix[:, target].argmax(axis=1)).ravel()
        gradient = csr_array(-cuts.matrix[:, columns.trial])
        return CutPool(BlockCuts(cuts.lower, gradient), owner, tuple(self._flows))

    def from_pool(
        self, pool: CutPool, tangents: Sequence[Tangent], *, has_cash: bool
    ) -> tuple[Rows, Rows]:
        """Return cuts and rows of a pool; rows are computed anew without has_cash.

        Where facilities are drawn by the rule, the rows are those of known tangents.
        """
        columns = self.lp.columns
        target = np.concatenate([columns.cluster, columns.scenario])
        is_known = pool.owner < len(target)
        few = BlockCuts(pool.cuts.constant[is_known], pool.cuts.gradient[is_known])
        cuts = self._cuts(few, target[pool.owner[is_known]])
        if self._limits.by_rule:
            known = list(tangents)
            return cuts, self._tangent_rows(known) if known else self._first_rows()
        if not has_cash:
            pairs = [pair for flows in pool.flows for pair in flows.order]
            return cuts, self._rows(pairs)
        rows = no_rows(self.lp.data.number_of_columns)
        for flows in pool.flows:
            rows = joined(rows, self._rows_of(flows))
        return cuts, rows

    def inherited(self, cuts: list[BlockCuts]) -> Rows:
        """Return cuts by cluster that follow from inherited prices."""
        rows = no_rows(self.lp.data.number_of_columns)
        for few in cuts:
            rows = joined(rows, self._cuts(few, self.lp.columns.cluster))
        return rows

    def first(self) -> tuple[Rows, Rows]:
        """Return the cuts without any supply, and cash rows of the calmest scenario."""
        cuts = self._cuts(self._blocks.cuts, self.lp.columns.cluster)
        return cuts, self._first_rows()

    def _first_rows(self) -> Rows:
        problem = self.lp.problem
        if self._limits.by_rule:
            return self._tangent_rows(first_tangents(problem))
        return self._rows(problem.calmest_cash_rows())

    def evaluate(self, trial_point: Floats) -> OracleResult:
        """Solve the recourse of a trial point in all scenarios."""
        columns = self.lp.columns
        trial = self.lp.trial(trial_point)
        view = self._blocks.evaluate(trial)
        values = trial_point.copy()
        gradient = np.asarray(view.cuts.gradient @ trial.vector)
        values[columns.cluster] = view.cuts.constant + gradient
        cuts = self._cuts(view.cuts, columns.cluster)
        if len(columns.scenario):
            tail = self._write_risk(values, view.cost)
            scenario_cuts = self._blocks.scenario_cuts(trial, tail)
            cuts = joined(cuts, self._cuts(scenario_cuts, columns.scenario[tail]))
        money = self._money(trial_point, view.cash, view.stock)
        shortage = self._limits.shortage(*money)
        rows = self._broken(shortage, money)
        is_feasible = bool(shortage.max(initial=-np.inf) <= self._cash_tolerance)
        return OracleResult(values, is_feasible, cuts, rows)

    def _write_risk(self, values: Floats, cost: Floats) -> Positions:
        """Write value at risk and excesses of the exact costs; return the tail."""
        columns, problem = self.lp.columns, self.lp.problem
        probability = problem.scenarios.probability
        order = np.argsort(-cost, kind="stable")
        worse = np.cumsum(probability[order]) - probability[order]
        level = problem.instance.options.cvar_level
        is_tail = worse <= 1 - level
        value_at_risk = float(cost[order[is_tail][-1]])
        values[columns.scenario] = cost
        values[columns.value_at_risk] = value_at_risk
        values[columns.excess] = np.maximum(cost - value_at_risk, 0.0)
        return np.sort(order[is_tail])

    def _cuts(self, cuts: BlockCuts, columns: Positions) -> Rows:
        """Return column - gradient @ trial >= constant for each of the columns."""
        gradient, number = coo_array(-cuts.gradient), len(cuts.constant)
        row = np.concatenate([gradient.row, np.arange(number)])
        column = np.concatenate([self.lp.columns.trial[gradient.col], columns])
        value = np.concatenate([gradient.data, np.ones(number)])
        shape = (number, self.lp.data.number_of_columns)
        matrix = csr_array(coo_array((value, (row, column)), shape=shape))
        return Rows(matrix, cuts.constant, np.full(number, np.inf))

    def _money(
        self, point: Floats, flow: Floats, stock: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return cash (w, 1 + t), stock value (w, t) and other debt (t) in dollars.

        Cash is without what the cash rule draws, debt what needs collateral: of
        scheduled loans and of before the start.
        """
        columns = self.lp.columns
        cash = known_cash(self.lp.problem.instance) / MILLION + flow
        cash[:, 0] += self._kept_of_draws() @ point[columns.draw[:, 0]]
        cash[:, 1:] += point[columns.net_financing]
        debt = point[columns.balance[self._covered_loans()]].sum(axis=0)
        owed = MILLION * debt + covered_of_before(self.lp.problem.instance)
        return MILLION * cash, MILLION * stock, owed

    def _broken(
        self, shortage: Floats, money: tuple[Floats, Floats, Floats]
    ) -> Rows | None:
        """Return rows that a point breaks, None if there is no new one."""
        if self._limits.by_rule:
            tangents = self._limits.tangents(*money)
            return self._tangent_rows(tangents) if tangents else None
        broken = [
            place
            for place in broken_places(shortage, self._cash_tolerance)
            if place not in self.cash_rows
        ]
        return self._rows(broken) if broken else None

    def _tangent_rows(self, chosen: list[Tangent]) -> Rows:
        """Return tangents as rows; they are of the present terms and in no pool."""
        order, flow, stock = self._blocks.tangents(chosen)
        columns, instance = self.lp.columns, self.lp.problem.instance
        self.tangents += order
        weights = np.array([x.weights for x in order])
        is_cover = np.array([x.is_cover for x in order])
        t = np.array([max(x.t, 0) for x in order])
        matrix = np.zeros((len(order), self.lp.data.number_of_columns))
        matrix[:, columns.trial] = flow + np.where(is_cover[:, None], stock, 0.0)
        matrix[:, columns.net_financing] = weights[:, 1:]
        matrix[:, columns.draw[:, 0]] += weights[:, :1] * self._kept_of_draws()
        cover = instance.financing.collateral_cover or 0.0
        for f in np.flatnonzero(self._covered_loans()):
            balance = columns.balance[f, t[is_cover]]
            matrix[np.flatnonzero(is_cover), balance] -= cover
        least = np.array([x.least_usd for x in order])
        least += np.where(is_cover, cover * covered_of_before(instance)[t], 0.0)
        least = (least - weights @ known_cash(instance)) / MILLION
        return Rows(csr_array(matrix), least, np.full(len(matrix), np.inf))

    def _rows(self, chosen: list[tuple[int, int]]) -> Rows:
        """Return rows (20), and (21) if there is a cover, at some (t, w)."""
        return self._rows_of(CashFlowRows(*self._blocks.cash_rows(chosen)))

    def _rows_of(self, flows: "CashFlowRows") -> Rows:
        columns = self.lp.columns
        financing = self.lp.problem.instance.financing
        self.cash_rows |= set(flows.order)
        self._flows.append(flows)
        each = np.arange(len(flows.order))
        t = np.array([t for t, _ in flows.order], dtype=np.int64)
        cash = np.zeros((len(each), self.lp.data.number_of_columns))
        is_before = t == BEFORE_START
        cash[:, columns.trial] = flows.cash
        cash[each[~is_before], columns.net_financing[t[~is_before]]] = 1.0
        cash[np.ix_(is_before, columns.draw[:, 0])] = self._kept_of_draws()
        matrix, cover = cash, financing.collateral_cover
        if cover is not None:
            covered = cash.copy()
            covered[:, columns.trial] += flows.stock
            for f in np.flatnonzero(self._covered_loans()):
                covered[each, columns.balance[f, t]] = -cover
            matrix = np.concatenate([cash, covered[~is_before]])
        least = -known_cash(self.lp.problem.instance)[t - BEFORE_START] / MILLION
        if cover is not None:
            before = covered_of_before(self.lp.problem.instance)[t[~is_before]]
            covering = least[~is_before] + cover * before / MILLION
            least = np.concatenate([least, covering])
        return Rows(csr_array(matrix), least, np.full(len(matrix), np.inf))

    def _kept_of_draws(self) -> Floats:
        """Return what is left of a dollar drawn, after the exposure fee (f)."""
        facilities = self.lp.problem.instance.financing.facilities
        return np.array([1 - f.exposure_fee for f in facilities])

    def _covered_loans(self) -> NDArray[np.bool_]:
        facilities = self.lp.problem.instance.financing.facilities
        return np.array([f.needs_collateral for f in facilities], dtype=np.bool_)
