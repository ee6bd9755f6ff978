"""Debt, cash and collateral of a plan, and their fans.

Debt is the same in every scenario; cash and collateral are those of the replay.
"""

from dataclasses import dataclass

import numpy as np

from models.financing_view import FinancingFans
from models.instance import Instance
from optimizer.evaluation.financing_schedule import debt_service
from optimizer.evaluation.statistics import fan
from optimizer.scenarios.scenario_set import Booleans, Floats

# Cash rows are separated above ten dollars (FORMULATION.md, section 7), and less than a
# dollar of debt is what the digits of a solver leave.
MISSING_USD = 10.0
SMALLEST_DEBT_USD = 1.0


@dataclass(frozen=True, slots=True)
class Position:
    """Debt (t), cash and stock value (w, t), and the case's limit on their relation."""

    probability: Floats
    debt: Floats
    cash: Floats
    stock_value: Floats
    cover_limit: float | None

    @property
    def is_indebted(self) -> Booleans:
        """Periods with more than a dollar of debt (t)."""
        return self.debt > SMALLEST_DEBT_USD

    @property
    def cover(self) -> Floats:
        """(Stock + cash) / debt, (w, t), only where there is debt."""
        owed = np.where(self.is_indebted, self.debt, 1.0)
        return (self.stock_value + self.cash) / owed

    @property
    def lowest_cover(self) -> float | None:
        """The least cover of all; None without debt."""
        if not self.is_indebted.any():
            return None
        return float(self.cover[:, self.is_indebted].min())

    @property
    def is_cover_broken(self) -> Booleans:
        """Where more than a little is missing to the limit (w, t)."""
        if self.cover_limit is None:
            return np.zeros(self.cash.shape, dtype=np.bool_)
        missing = self.cover_limit * self.debt - self.stock_value - self.cash
        return missing > MISSING_USD

    def cover_broken_probability(self) -> float | None:
        """Return the probability that the limit is ever broken; None without one."""
        if self.cover_limit is None:
            return None
        return self.share_of(np.any(self.is_cover_broken, axis=1))

    def uncovered_probability(self) -> float:
        """Return the probability that stock and cash are ever less than the debt."""
        missing = self.debt - self.stock_value - self.cash
        is_uncovered = self.is_indebted & (missing > MISSING_USD)
        return self.share_of(np.any(is_uncovered, axis=1))

    def cash_below_zero_probability(self) -> float:
        """Return the probability that cash is ever below 0."""
        return self.share_of(np.any(self.cash < -MISSING_USD, axis=1))

    def share_of(self, is_so: Booleans) -> float:
        """Return the probability of the scenarios of which it is so (w)."""
        return float(np.clip(self.probability @ is_so, 0.0, 1.0))


def financing_fans(
    instance: Instance, position: Position, draws: Floats
) -> FinancingFans:
    """Return the fans; draws are in US dollars by facility and period (f, t)."""
    service = debt_service(instance, draws)
    is_due = service > SMALLEST_DEBT_USD
    before = position.cash + service
    periods = range(len(position.debt))
    return FinancingFans(
        period_starts=tuple(instance.horizon.start_of(t) for t in periods),
        debt_usd=tuple(position.debt.tolist()),
        cash_usd=fan(position.cash, position.probability),
        collateral_usd=fan(position.stock_value, position.probability),
        collateral_to_debt=fan(
            position.cover, position.probability, position.is_indebted
        ),
        debt_service_cover=fan(
            before / np.where(is_due, service, 1.0), position.probability, is_due
        ),
    )
