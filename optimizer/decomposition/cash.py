"""Cash and stock value of trial points, and rows (20) and (21) where they bind.

Only candidates in use are simulated in all scenarios of the block; the coefficients of
a row need all candidates, but in one scenario only.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from optimizer.cash_rows import cumulated_contract_flow, cumulated_flow
from optimizer.point import TrialPoint
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from optimizer.policies.response import Response, respond
from optimizer.problem import BEFORE_START, FirstStageProblem
from optimizer.recourse.programs import MILLION
from optimizer.scenarios.scenario_set import Floats

SMALLEST_SHARE_IN_CASH = 1e-7
_NONE: Mapping[tuple[int, int], tuple[Floats, Floats | None]] = MappingProxyType({})


class CashFlows:
    """Cash flow and stock value of candidates and contracts, in millions of dollars.

    Cash flow is that before the start, then summed up to each period. Stock value is 0
    without a collateral cover, because no row reads it then. known is by holding and
    candidate.
    """

    def __init__(
        self,
        problem: FirstStageProblem,
        known: Mapping[tuple[int, int], tuple[Floats, Floats | None]] = _NONE,
    ) -> None:
        self._problem = problem
        self._values_stock = problem.instance.financing.collateral_cover is not None
        self._known = dict(known)

    def turned_to(self, problem: FirstStageProblem, kept: Sequence[int]) -> "CashFlows":
        """Return those of another problem; some holdings are kept, by position."""
        known = {place: x for place, x in self._known.items() if place[0] in kept}
        return CashFlows(problem, known)

    def of(self, trial: TrialPoint) -> tuple[Floats, Floats]:
        """Return cash flow (w, 1 + t) and stock value (w, t) of a trial point."""
        number, periods = self._problem.scenarios.price.shape[1:]
        cash, stock = np.zeros((number, 1 + periods)), np.zeros((number, periods))
        for h, share in enumerate(trial.shares):
            used = np.flatnonzero(share > SMALLEST_SHARE_IN_CASH)
            self._simulate(h, used.tolist())
            for c in used.tolist():
                flow, value = self._known[h, c]
                cash += share[c] * flow
                if value is not None:
                    stock += share[c] * value
        for signed, contract in zip(trial.signed, self._problem.contracts, strict=True):
            cash += signed * cumulated_contract_flow(contract) / MILLION
        return cash, stock

    def rows(self, chosen: Sequence[tuple[int, int]]) -> tuple[Floats, Floats]:
        """Return cash flow and stock value by column at each chosen (t, w).

        The stock value of t = -1 is that of t = 0, and no row reads it.
        """
        columns = {w: self._columns(w) for w in {w for _, w in chosen}}
        cash = np.stack([columns[w][0][:, t - BEFORE_START] for t, w in chosen])
        stock = np.stack([columns[w][1][:, max(t, 0)] for t, w in chosen])
        return cash, stock

    def tangents(
        self, chosen: Sequence[tuple[int, int, tuple[float, ...]]]
    ) -> tuple[Floats, Floats]:
        """Return weighted cash flow and stock value by column at each (t, w, weights).

        Weights are before the start and by period (1 + t).
        """
        columns = {w: self._columns(w) for w in {w for _, w, _ in chosen}}
        cash = np.stack([columns[w][0] @ np.array(x) for _, w, x in chosen])
        stock = np.stack([columns[w][1][:, max(t, 0)] for t, w, _ in chosen])
        return cash, stock

    def _simulate(self, h: int, candidates: Sequence[int]) -> None:
        """Simulate those of a holding's candidates that are new."""
        new = [c for c in candidates if (h, c) not in self._known]
        if not new:
            return
        policies = self._problem.menus[h].policies.select(np.array(new))
        response = respond(self._problem.instance, self._problem.holdings[h], policies)
        cash = cumulated_flow(response) / MILLION
        for i, c in enumerate(new):
            stock = response.stock_value[i] / MILLION if self._values_stock else None
            self._known[h, c] = (cash[i], stock)

    def _columns(self, w: int) -> tuple[Floats, Floats]:
        """Return cash flow (column, 1 + t) and stock value (column, t) in one w."""
        problem = self._problem
        scenario = problem.scenarios.select(slice(w, w + 1))
        held = holdings(problem.instance, scenario, observe(problem.instance, scenario))
        responses: list[Response] = [
            respond(problem.instance, holding, menu.policies)
            for holding, menu in zip(held, problem.menus, strict=True)
        ]
        contracts = [cumulated_contract_flow(k)[w] for k in problem.contracts]
        flows = [cumulated_flow(r)[:, 0] for r in responses]
        cash = np.concatenate([*flows, *(x[None] for x in contracts)])
        stock = np.concatenate([r.stock_value[:, 0] for r in responses])
        nothing = np.zeros((len(contracts), stock.shape[1]))
        return cash / MILLION, np.concatenate([stock, nothing]) / MILLION
