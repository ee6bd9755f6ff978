"""Money by the cash rule in evaluations, one scenario at a time."""

import numpy as np
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.evaluation.books import Books, settle
from optimizer.evaluation.decisions import Decisions, nothing_held
from optimizer.evaluation.position import Position, financing_fans, position_of
from optimizer.evaluation.replay import cost_of_holding, keep_books, replay
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place

PRICE = 500_000.0
STORAGE = 200 / 12
NOTHING = np.zeros((2, 4))


@pytest.fixture
def instance(tiny_case: Case) -> Instance:
    """Return the tiny case with 600,000 from two lines 5 : 1, at 12 % a year."""
    terms: Case = {"drawn": "when_needed", "rate_per_year": 0.12}
    tiny_case["financing"] = {
        "facilities": [
            cases.facility("loan", limit_usd=500_000.0) | terms,
            cases.facility("capital", kind="equity", limit_usd=100_000.0) | terms,
        ],
        "collateral_cover": 1.1,
    }
    return read_instance(tiny_case)


def position(instance: Instance, books: Books) -> Position:
    """Return the position of equally probable scenarios."""
    number = len(books.cash)
    return position_of(instance, np.full(number, 1 / number), NOTHING, books)


def test_the_rule_pays_for_stock_before_the_start(instance: Instance) -> None:
    """1 t costs 500,000; rent, interest of 1 % a month; then 0.8 t are sold.

    T (1 - 0.01) = 500,000 + rent in month 0, and 398,000 stay as cash in month 1.
    """
    scenarios = one_scenario(instance, availability={"gallium-chn": [1, 0, 0, 1]})
    decisions = Decisions((in_place(1.0),), frozenset(), NOTHING)
    books = keep_books(instance, scenarios, decisions)
    level = (PRICE + STORAGE) / 0.99
    assert books.level[0] == pytest.approx([PRICE, *4 * [level]])
    sold = 0.8 * PRICE - 0.2 * STORAGE - 0.01 * level
    more = 0.2 * PRICE - 0.01 * level
    cash = np.cumsum([0.0, sold, more, -0.01 * level])
    assert books.cash[0] == pytest.approx(cash, abs=1e-6)
    assert books.opening_cash == pytest.approx(0, abs=1e-6)
    assert books.debt[0] == pytest.approx(4 * [level * 5 / 6])
    assert books.capital[0] == pytest.approx(4 * [level / 6])


def test_what_exceeds_all_limits_is_missing(instance: Instance) -> None:
    """700,000 are needed in one scenario of two, 600,000 are there."""
    available = np.array([[-1e5] * 5, [-1e5, -7e5, -7e5, -7e5, -7e5]])
    books = settle(instance, NOTHING, available, np.zeros((2, 4)))
    paid = np.arange(1, 5) * 6000.0
    assert books.cash[1] == pytest.approx(-1e5 - paid)
    found = position(instance, books)
    assert found.unfunded_probability() == pytest.approx(0.5)
    assert found.most_unfunded_usd() == pytest.approx(124_000)


def test_fans_show_debt_where_it_differs(instance: Instance) -> None:
    """Cover and service are quantiles of the scenarios that owe anything."""
    available = np.array([[0.0] * 5, [0.0, -1e5, -1e5, -1e5, -1e5]])
    books = settle(instance, NOTHING, available, np.full((2, 4), 2e5))
    fans = financing_fans(instance, position(instance, books))
    assert fans.debt_fan_usd is not None
    last, cover = fans.debt_fan_usd.periods[-1], fans.collateral_to_debt.periods[-1]
    service = fans.debt_service_cover.periods[-1]
    assert last is not None
    assert cover is not None
    assert service is not None
    owed = books.debt[1, -1]
    assert (last.p5, last.p95) == (0.0, owed)
    assert fans.debt_usd[-1] == pytest.approx(owed / 2)
    assert (cover.p5, cover.p95) == pytest.approx((2e5 / owed, 2e5 / owed))
    # Cash is 0 after all: interest on all of the level is drawn, 6/5 of that on debt.
    assert (service.p5, service.p95) == pytest.approx((-0.2, -0.2), abs=0.02)


def test_scheduled_debt_has_no_fan(tiny_case: Case) -> None:
    """It is the same in every scenario."""
    instance = read_instance(tiny_case)
    draws = np.zeros((2, 4))
    draws[0, 1] = 3e5
    books = settle(instance, draws, np.zeros((2, 5)), np.zeros((2, 4)))
    fans = financing_fans(
        instance, position_of(instance, np.full(2, 0.5), draws, books)
    )
    assert fans.debt_fan_usd is None
    assert fans.debt_usd == (0.0, 3e5, 3e5, 3e5)
    assert "debt_fan_usd" not in fans.model_dump()


@pytest.mark.parametrize("drawn", ["by_schedule", "when_needed", "revolving"])
def test_who_owes_already_holds_at_no_cost(tiny_case: Case, drawn: str) -> None:
    """Debt, capital and what it has earned are owed whatever is held."""
    terms: Case = {"drawn": drawn, "rate_per_year": 0.12}
    line = cases.facility("capital", kind="equity") | terms
    loan = cases.facility("loan") | terms
    if drawn == "when_needed":
        line["accrues"] = True
    debt = [{"facility": x, "drawn_usd": 1e6} for x in ("loan", "capital")]
    tiny_case["financing"] = {"facilities": [line, loan], "opening_cash_usd": 3e6}
    case = read_instance(tiny_case | {"position": {"debt": debt}})
    found = replay(case, one_scenario(case), nothing_held(case))
    assert cost_of_holding(case, found) == pytest.approx([0.0], abs=1e-6)


def test_returns_go_on_to_accrue(tiny_case: Case) -> None:
    """5,000 of before, and 1 % of a million in each month."""
    line = cases.facility(
        "capital", kind="equity", drawn="when_needed", accrues=True, rate_per_year=0.12
    )
    debt = {"facility": "capital", "drawn_usd": 1e6, "accrued_usd": 5_000.0}
    tiny_case["financing"] = {"facilities": [line], "opening_cash_usd": 3e6}
    case = read_instance(tiny_case | {"position": {"debt": [debt]}})
    books = replay(case, one_scenario(case), nothing_held(case)).books
    assert books.accrued[0] == pytest.approx([15_000, 25_000, 35_000, 45_000])
