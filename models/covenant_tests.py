"""What a lender tests of a plan: each limit, the worst figure, how far it is from it.

A test is BREACHED if it fails with any probability, and NEAR if its worst figure is
within a tenth of the limit.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.financing_view import Covenants, StressResult, WorstMoment

# A covenant is broken if more than this is missing, as of `Covenants`.
MISSING_USD = 10.0
NEARNESS = 0.1
JUST_COVERED = 1.0


class CovenantState(StrEnum):
    """How a plan stands to a limit; NONE if there is none."""

    MET = "MET"
    NEAR = "NEAR"
    BREACHED = "BREACHED"
    NONE = "NONE"


class CovenantKind(StrEnum):
    """What is tested: a covenant of the case, or that debt and payments are covered."""

    DEBT_TO_EQUITY = "DEBT_TO_EQUITY"
    COLLATERAL = "COLLATERAL"
    DEBT_COVERED = "DEBT_COVERED"
    CASH = "CASH"


@dataclass(frozen=True, slots=True)
class CovenantTest:
    """A limit and the worst figure, in the unit of what is tested.

    Debt and collateral are in dollars a dollar, cash in dollars. headroom_usd: of debt.
    broken_probability: that the limit is ever broken; None if there is no limit.
    """

    kind: CovenantKind
    limit: float | None
    worst: float | None
    state: CovenantState
    broken_probability: float | None
    at: WorstMoment | None = None
    headroom_usd: float | None = None

    @property
    def headroom(self) -> float | None:
        """How far the worst figure is from the limit; below 0 beyond it."""
        if self.limit is None or self.worst is None:
            return None
        sign = -1 if self.kind is CovenantKind.DEBT_TO_EQUITY else 1
        return sign * (self.worst - self.limit)


def covenant_tests(found: Covenants) -> tuple[CovenantTest, ...]:
    """Return what is tested of a plan: debt, collateral, cover of the debt, cash."""
    left = found.least_debt_headroom_usd
    exceeded = None if left is None else float(left < -MISSING_USD)
    cover, cover_at = (
        found.lowest_collateral_to_debt,
        found.lowest_collateral_to_debt_at,
    )
    debt_limit, debt = found.debt_to_equity_limit, found.highest_debt_to_equity
    return (
        CovenantTest(
            CovenantKind.DEBT_TO_EQUITY,
            debt_limit,
            debt,
            _state(debt_limit, debt, exceeded),
            exceeded,
            found.least_debt_headroom_at,
            left,
        ),
        _cover_test(
            CovenantKind.COLLATERAL,
            found.collateral_cover_limit,
            cover,
            found.collateral_broken_probability,
            cover_at,
        ),
        _cover_test(
            CovenantKind.DEBT_COVERED,
            JUST_COVERED,
            cover,
            found.debt_uncovered_probability,
            cover_at,
        ),
        _cash_test(
            found.lowest_cash_usd,
            found.cash_below_zero_probability,
            found.lowest_cash_at,
        ),
    )


def stress_tests(
    found: StressResult, collateral_cover_limit: float | None
) -> tuple[CovenantTest, ...]:
    """Return what is tested under a stress: collateral, cover of the debt, cash."""
    cover = found.lowest_collateral_to_debt
    return (
        _cover_test(
            CovenantKind.COLLATERAL,
            collateral_cover_limit,
            cover,
            found.collateral_broken_probability,
        ),
        _cover_test(
            CovenantKind.DEBT_COVERED,
            JUST_COVERED,
            cover,
            found.debt_uncovered_probability,
        ),
        _cash_test(found.lowest_cash_usd, found.cash_below_zero_probability),
    )


def _cover_test(
    kind: CovenantKind,
    limit: float | None,
    cover: float | None,
    probability: float | None,
    at: WorstMoment | None = None,
) -> CovenantTest:
    state = _state(limit, cover, probability)
    return CovenantTest(kind, limit, cover, state, probability, at)


def _cash_test(
    lowest_usd: float, probability: float, at: WorstMoment | None = None
) -> CovenantTest:
    # Never NEAR: a plan draws no more than it needs, so that cash is often just 0.
    state = CovenantState.BREACHED if probability > 0 else CovenantState.MET
    return CovenantTest(CovenantKind.CASH, 0.0, lowest_usd, state, probability, at)


def _state(
    limit: float | None, worst: float | None, probability: float | None
) -> CovenantState:
    if limit is None:
        return CovenantState.NONE
    if probability:
        return CovenantState.BREACHED
    is_near = worst is not None and abs(worst - limit) <= NEARNESS * limit
    return CovenantState.NEAR if is_near else CovenantState.MET
