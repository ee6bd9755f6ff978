"""What holdings are made of: how a shelf life becomes periods, and some by name."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from service.casefiles import load
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


@pytest.mark.parametrize(
    ("shelf_life_days", "periods"),
    [
        # Ends of months: 31, 62, 92, 123, 153 days. At the end of a month all goes that
        # would be more than the shelf life and a day and a half old after another one.
        (62, [2, 2, 2, 2]),
        # July and August are 62 days, so what is there at the start goes after July.
        (60, [1, 2, 2, 2]),
        (365, [2, 3, 4, 5]),
    ],
)
def test_a_shelf_life_in_months_of_the_calendar(
    tiny_case: Case, shelf_life_days: float, periods: list[int]
) -> None:
    """Stock is not kept longer than it lasts, whichever months it lies through."""
    tiny_case["materials"][0]["shelf_life_days"] = shelf_life_days
    tiny_case["horizon"] = cases.horizon(4, period="month", start="2027-07-01")
    instance = read_instance(tiny_case)
    scenarios = one_scenario(instance)
    (pool,) = holdings(instance, scenarios, observe(instance, scenarios))
    assert pool.observables.shelf_periods is not None
    assert pool.observables.shelf_periods.tolist() == periods


def test_holdings_by_name_are_those_of_all() -> None:
    """In the same order, and equal to the last digit."""
    instance = read_instance(load("magnets"))
    scenarios = one_scenario(instance)
    market = observe(instance, scenarios)
    every = holdings(instance, scenarios, market)
    names = [every[-1].name, every[1].name]
    some = holdings(instance, scenarios, market, names)
    assert [x.name for x in some] == names[::-1]
    assert np.array_equal(some[0].observables.gap, every[1].observables.gap)
    assert np.array_equal(some[1].price, every[-1].price)
    assert holdings(instance, scenarios, market, ()) == ()
