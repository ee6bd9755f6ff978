"""What holdings are made of: how a shelf life becomes periods."""

import pytest

from models.reading import read_instance
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario

MONTH, YEAR = 365.25 / 12, 365.25


@pytest.mark.parametrize(
    ("shelf_life_days", "period_days", "periods"),
    [
        (549, YEAR, 1),
        (365, YEAR, 1),
        (730, YEAR, 2),
        (20, MONTH, 1),
        (45, MONTH, 1),
        (365, MONTH, 12),
        (912, MONTH, 30),
        (45, 30, 1),
        (60, 30, 2),
        (None, MONTH, None),
    ],
)
def test_a_shelf_life_is_rounded_down(
    tiny_case: Case,
    shelf_life_days: float | None,
    period_days: float,
    periods: int | None,
) -> None:
    """To whole periods, at least one; a year of 365 days has all its months."""
    tiny_case["materials"][0]["shelf_life_days"] = shelf_life_days
    tiny_case["horizon"] = cases.horizon(40, period_days=period_days)
    instance = read_instance(tiny_case)
    scenarios = one_scenario(instance)
    (pool,) = holdings(instance, scenarios, observe(instance, scenarios))
    found = pool.observables.shelf_periods
    assert (None if found is None else found[-1]) == periods
