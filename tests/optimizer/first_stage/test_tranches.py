"""Few tranches: the limit holds, and what is worth nothing is dropped."""

import pytest

from models.plan import Plan
from tests.cases import rule
from tests.optimizer.vault_case import Changes, vault_plan

RULES: Changes = {
    "levels_days_of_cover": [30, 45, 60],
    "rules+": rule("half", 0.5),
}
COUNTS = (1, 2, 3)


def plan_with(most: int, worth: float = 0.0, gap: float = 0.0) -> Plan:
    """Return the plan with at most some tranches."""
    options = {
        "options.max_tranches": most,
        "options.tranche_worth": worth,
        "options.gap": gap,
    }
    return vault_plan(RULES, options)


@pytest.mark.parametrize("most", COUNTS)
def test_the_limit_holds(most: int) -> None:
    """A pool has no more tranches than the options allow."""
    assert 1 <= len(plan_with(most).tranches()) <= most


def test_more_tranches_never_cost_more() -> None:
    """One tranche is a plan of two, two are a plan of three."""
    costs = [plan_with(most).promise.objective_usd for most in COUNTS]
    assert costs[0] >= costs[1] * (1 - 1e-9)
    assert costs[1] >= costs[2] * (1 - 1e-9)


def test_shares_of_a_pool_fill_at_most_the_whole() -> None:
    """They sum to 1 or less, and each tranche is a whole number of lots."""
    tranches = plan_with(6).tranches()
    assert sum(tranche.share for tranche in tranches) <= 1 + 1e-9
    assert all(x.tonnes == pytest.approx(0.5 * x.lots) for x in tranches)


def test_a_plan_is_simpler_where_that_may_cost_something() -> None:
    """Tranches worth less than a fifth of the cost go; the gap allows for it."""
    exact, simple = plan_with(6), plan_with(6, worth=0.2, gap=0.4)
    assert len(simple.tranches()) <= len(exact.tranches())
    loss = simple.promise.objective_usd - exact.promise.objective_usd
    assert 0 <= loss <= 0.4 * simple.promise.objective_usd
