"""A limit that is wider never makes the optimum dearer."""

import pytest
from hypothesis import given

from tests.cases import Case, changed
from tests.laws.tiny_cases import EXACT, LAW, SEEDS, solved, tiny_case


def objective(case: Case, seed: int) -> float:
    """Return the optimum of a case on the scenarios of the seed."""
    return solved(case, seed).promise.objective_usd


@pytest.mark.parametrize(
    ("path", "narrow", "wide"),
    [
        # What the loans pay for are some ten lots of 10 t.
        ("storage_classes.0.capacity_tonnes", 40.0, 80.0),
        ("storage_classes.0.outload_tonnes_per_day", 0.5, 1.0),
        ("storage_classes.0.notice_days", 40.0, 0.0),
        ("storage_classes.0.notice_days", 5000.0, 40.0),
        ("materials.0.emergency_tonnes_per_year", 0.0, 40.0),
        ("contracts.0.volume_tonnes_per_year", 0.001, 60.0),
        ("options.max_tranches", 1, 6),
        ("financing.opening_cash_usd", 0.0, 5e6),
    ],
)
@LAW
@given(seed=SEEDS)
def test_a_wider_limit(path: str, narrow: float, wide: float, seed: int) -> None:
    """More room, more market, more tranches or more cash: no more is lost."""
    case = tiny_case(seed)
    less = objective(changed(case, {path: narrow}), seed)
    more = objective(changed(case, {path: wide}), seed)
    assert more <= less * (1 + EXACT)


@LAW
@given(seed=SEEDS)
def test_a_larger_loan(seed: int) -> None:
    """Half as much money again loses no more."""
    case = tiny_case(seed)
    path = "financing.facilities.0.limit_usd"
    limit = case["financing"]["facilities"][0]["limit_usd"]
    more = objective(changed(case, {path: 1.5 * limit}), seed)
    assert more <= objective(case, seed) * (1 + EXACT)


@LAW
@given(seed=SEEDS)
def test_a_larger_menu(seed: int) -> None:
    """A level or a rule more to choose from loses no more."""
    case = tiny_case(seed)
    optimum = objective(case, seed)
    finer = changed(case, {"levels_days_of_cover": [30, 45, 60]})
    assert objective(finer, seed) <= optimum * (1 + EXACT)
    fewer_rules = changed(case, {"rules": case["rules"][:1]})
    assert optimum <= objective(fewer_rules, seed) * (1 + EXACT)
