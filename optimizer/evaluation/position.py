"""Debt, cash and collateral of a plan in each scenario, and their fans."""

from dataclasses import dataclass

import numpy as np

from models.financing_view import FinancingFans
from models.instance import Instance
from optimizer.evaluation.books import Books
from optimizer.evaluation.financing_schedule import (
    debt_service,
    interest_by_rule,
    net_draws,
    net_draws_by_rule,
)
from optimizer.evaluation.statistics import fan
from optimizer.scenarios.scenario_set import Booleans, Floats

# Cash rows are separated above ten dollars (FORMULATION.md, section 7), and less than a
# dollar of debt is what the digits of a solver leave.
MISSING_USD = 10.0
SMALLEST_DEBT_USD = 1.0


@dataclass(frozen=True, slots=True)
class Position:
    """The books of scenarios, what is due on loans, and the limit on cover.

    service is interest and instalments on loans (t) or (w, t), draws what facilities
    bring after exposure fees less what is swept back (w, t).
    """

    probability: Floats
    books: Books
    service: Floats
    draws: Floats
    cover_limit: float | None

    @property
    def needs_cover(self) -> Booleans:
        """Where more than a dollar of debt needs collateral (w, t)."""
        return self.books.covered_debt > SMALLEST_DEBT_USD

    @property
    def cover(self) -> Floats:
        """(Stock + cash) / debt that needs it, (w, t), only where there is some."""
        owed = np.where(self.needs_cover, self.books.covered_debt, 1.0)
        return (self.books.stock_value + self.books.cash) / owed

    @property
    def lowest_cover(self) -> float | None:
        """The least cover of all; None without debt that needs one."""
        if not self.needs_cover.any():
            return None
        return float(self.cover[self.needs_cover].min())

    @property
    def is_cover_broken(self) -> Booleans:
        """Where more than a little is missing to the limit (w, t)."""
        if self.cover_limit is None:
            return np.zeros(self.books.cash.shape, dtype=np.bool_)
        return self._missing(self.cover_limit) > MISSING_USD

    def cover_broken_probability(self) -> float | None:
        """Return the probability that the limit is ever broken; None without one."""
        if self.cover_limit is None:
            return None
        return self.share_of(np.any(self.is_cover_broken, axis=1))

    def uncovered_probability(self) -> float:
        """Return the probability that debt is ever more than stock and cash.

        That is unguaranteed debt.
        """
        is_uncovered = self.needs_cover & (self._missing(1.0) > MISSING_USD)
        return self.share_of(np.any(is_uncovered, axis=1))

    def unfunded_probability(self) -> float:
        """Return the probability that cash is ever below 0, the start included."""
        return self.share_of(self._lowest_cash < -MISSING_USD)

    def most_unfunded_usd(self) -> float:
        """Return the most that is missing in any scenario, 0 if next to nothing is."""
        missing = -float(self._lowest_cash.min())
        return missing if missing > MISSING_USD else 0.0

    @property
    def _lowest_cash(self) -> Floats:
        return np.minimum(self.books.cash.min(axis=1), self.books.opening_cash)

    def share_of(self, is_so: Booleans) -> float:
        """Return the probability of the scenarios of which it is so (w)."""
        return float(np.clip(self.probability @ is_so, 0.0, 1.0))

    def _missing(self, cover: float) -> Floats:
        """Return by how much stock and cash are less than a multiple of the debt."""
        return (
            cover * self.books.covered_debt - self.books.stock_value - self.books.cash
        )


def position_of(
    instance: Instance, probability: Floats, draws: Floats, books: Books
) -> Position:
    """Return the position of books; scheduled draws are by facility and period."""
    return Position(
        probability=probability,
        books=books,
        service=debt_service(instance, draws) + interest_by_rule(instance, books.level),
        draws=net_draws(instance, draws) + net_draws_by_rule(instance, books.level),
        cover_limit=instance.financing.collateral_cover,
    )


def financing_fans(instance: Instance, position: Position) -> FinancingFans:
    """Return the fans; of the debt only if the cash rule makes it differ."""
    books, probability = position.books, position.probability
    is_due = position.service > SMALLEST_DEBT_USD
    before = books.cash + position.service - position.draws
    periods = range(books.debt.shape[1])
    differs = bool(instance.financing.drawn_by_rule())
    debts = probability @ books.debt if differs else books.debt[0]
    return FinancingFans(
        period_starts=tuple(instance.horizon.start_of(t) for t in periods),
        debt_usd=tuple(debts.tolist()),
        debt_fan_usd=fan(books.debt, probability) if differs else None,
        cash_usd=fan(books.cash, probability),
        collateral_usd=fan(books.stock_value, probability),
        collateral_to_debt=fan(position.cover, probability, position.needs_cover),
        debt_service_cover=fan(
            before / np.where(is_due, position.service, 1.0), probability, is_due
        ),
    )
