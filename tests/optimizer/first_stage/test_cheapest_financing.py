"""Holdings that are chosen are paid for as cheaply and as late as can be."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.first_stage.cheapest_financing import FinancingError, cheapest_draws
from optimizer.point import Point
from optimizer.problem import CompleteProblem, complete_problem
from tests.cases import sourcing
from tests.optimizer.vault_case import Changes, bans, changed, facility, vault_case

RATE = "financing.facilities.0.rate_per_year"


def problem_of(changes: Changes) -> CompleteProblem:
    """Return the vault case with one level of 60 days."""
    case = changed(vault_case(), {"levels_days_of_cover": [60]})
    instance = read_instance(changed(case, changes))
    return complete_problem(instance, bans(instance))


def draws_of(changes: Changes, tonnes: float) -> np.ndarray:
    """Return draws (f, t) that pay for some tonnes of the first candidate."""
    problem = problem_of(changes)
    share = np.zeros(len(problem.menus[0].candidates))
    share[0] = tonnes / problem.menus[0].policies.target[0]
    facilities = len(problem.instance.financing.facilities)
    point = Point((share,), np.zeros(0), np.zeros((facilities, 6)), 0.0, 0.0)
    return cheapest_draws(problem, point)


def test_what_is_bought_before_the_start_is_drawn_at_once() -> None:
    """10 t at 10,000 dollars, and not a dollar of what is left."""
    draws = draws_of({}, 10.0)
    assert draws[0] == pytest.approx([100_000, 0, 0, 0, 0, 0], abs=1)


def test_interest_is_drawn_too() -> None:
    """At 12 % a year 1 % a month is paid of it, each month from a further draw."""
    draws = draws_of({RATE: 0.12}, 10.0)
    # d0 - 0.01 d0 = 100,000; then each draw pays 1 % of all that was drawn.
    balance = np.cumsum(draws[0])
    assert draws[0, 0] == pytest.approx(100_000 / 0.99, abs=1)
    assert draws[0, 1:] == pytest.approx(0.01 * balance[1:], abs=1)


def test_the_cheaper_facility_comes_first() -> None:
    """Capital at 1 % up to 100,000 dollars, then the loan at 12 %."""
    changes = {
        RATE: 0.12,
        "financing.facilities+": facility(rate_per_year=0.01),
    }
    draws = draws_of(changes, 12.0)
    assert draws[1].sum() == pytest.approx(100_000, abs=1)
    assert 20_000 < draws[0].sum() < 23_000


def test_draws_come_when_they_are_needed() -> None:
    """A build-up in four parts is drawn in four parts."""
    changes = {RATE: 0.05, "sourcing_options": [sourcing("later", 4)]}
    draws = draws_of(changes, 8.0)
    assert (draws[0, :4] > 19_000).all()
    assert (draws[0, :4] < 21_000).all()


def test_nothing_held_draws_nothing() -> None:
    """Without fees a facility is left alone."""
    assert draws_of({}, 0.0) == pytest.approx(np.zeros((1, 6)))


def test_what_cannot_be_paid_is_an_error() -> None:
    """16 t cost more than the 150,000 dollars there are."""
    with pytest.raises(FinancingError, match="expected a schedule"):
        draws_of({}, 16.0)
