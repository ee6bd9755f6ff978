"""What is met, near and breached of the tests of a lender."""

import pytest

from models.covenant_tests import (
    CovenantKind,
    CovenantState,
    CovenantTest,
    covenant_tests,
)
from models.financing_view import Covenants

MET, NEAR, BREACHED, NONE = CovenantState


def covenants(**changes: float | None) -> Covenants:
    """Return the covenants of a plan that keeps all of them with room."""
    kept = {
        "debt_to_equity_limit": 4.0,
        "highest_debt_to_equity": 2.0,
        "least_debt_headroom_usd": 1e6,
        "collateral_cover_limit": 1.2,
        "lowest_collateral_to_debt": 1.8,
        "collateral_broken_probability": 0.0,
        "debt_uncovered_probability": 0.0,
        "cash_below_zero_probability": 0.0,
        "lowest_cash_usd": 0.0,
        "collateral_broken_by_period": (),
    }
    return Covenants.model_validate(kept | changes)


def found(kind: CovenantKind, **changes: float | None) -> CovenantTest:
    """Return one test of the plan."""
    tests = {x.kind: x for x in covenant_tests(covenants(**changes))}
    return tests[kind]


@pytest.mark.parametrize(
    ("kind", "changes", "state"),
    [
        (CovenantKind.DEBT_TO_EQUITY, {}, MET),
        (CovenantKind.DEBT_TO_EQUITY, {"highest_debt_to_equity": 3.7}, NEAR),
        (CovenantKind.DEBT_TO_EQUITY, {"least_debt_headroom_usd": -9.0}, MET),
        (CovenantKind.DEBT_TO_EQUITY, {"least_debt_headroom_usd": -11.0}, BREACHED),
        (
            CovenantKind.DEBT_TO_EQUITY,
            {"debt_to_equity_limit": None, "least_debt_headroom_usd": None},
            NONE,
        ),
        (CovenantKind.COLLATERAL, {}, MET),
        (CovenantKind.COLLATERAL, {"lowest_collateral_to_debt": 1.3}, NEAR),
        (CovenantKind.COLLATERAL, {"collateral_broken_probability": 1e-6}, BREACHED),
        (
            CovenantKind.COLLATERAL,
            {"collateral_cover_limit": None, "collateral_broken_probability": None},
            NONE,
        ),
        (CovenantKind.COLLATERAL, {"lowest_collateral_to_debt": None}, MET),
        (CovenantKind.DEBT_COVERED, {"lowest_collateral_to_debt": 1.05}, NEAR),
        (CovenantKind.DEBT_COVERED, {"debt_uncovered_probability": 0.1}, BREACHED),
        (CovenantKind.CASH, {}, MET),
        (CovenantKind.CASH, {"cash_below_zero_probability": 0.1}, BREACHED),
    ],
)
def test_states(
    kind: CovenantKind, changes: dict[str, float | None], state: CovenantState
) -> None:
    """By what is missing, and how far the worst figure is from the limit."""
    assert found(kind, **changes).state is state


def test_headroom_is_what_is_left_to_the_limit() -> None:
    """Above it for a least figure, below it for a most."""
    assert found(CovenantKind.DEBT_TO_EQUITY).headroom == pytest.approx(2.0)
    assert found(CovenantKind.COLLATERAL).headroom == pytest.approx(0.6)
    assert found(CovenantKind.COLLATERAL, collateral_cover_limit=None).headroom is None
