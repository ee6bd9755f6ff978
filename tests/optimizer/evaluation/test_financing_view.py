"""Fans, covenants and stress of a solved plan, scenario by scenario in plain Python."""

from typing import Any

import numpy as np
import pytest

import optimizer
from models.financing_view import FinancingView
from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import PlanMismatchError, decisions_of
from optimizer.evaluation.replay import replay
from optimizer.evaluation.stress import Stress, stressed
from optimizer.executors import open_executors
from optimizer.scenarios import sample_batches
from optimizer.scenarios.scenario_set import ScenarioSet
from tests import cases
from tests.cases import Case

SCENARIOS, SEED = 40, 5
OFFER = cases.offer(
    minimum_lots=5,
    inventory_price_usd_per_tonne=500_000.0,
    upfront_fee_usd_per_tonne=200_000.0,
    carrying_fee_usd_per_tonne_year=60_000.0,
)
Rows = list[list[float]]


@pytest.fixture
def case(tiny_case: Case) -> Instance:
    """Return the tiny case with a right, prices that move and loans with covenants."""
    tiny_case["entitlement_offers"] = [OFFER]
    tiny_case["levels_days_of_cover"] = [30, 60]
    tiny_case["materials"][0]["price_volatility_per_year"] = 0.8
    tiny_case["financing"]["facilities"][0] |= {
        "limit_usd": 700_000.0,
        "exposure_fee": 0.03,
    }
    tiny_case["financing"]["facilities"][1]["limit_usd"] = 200_000.0
    tiny_case["financing"]["debt_to_equity_limit"] = 6.0
    tiny_case["options"] = {"number_of_scenarios": 10, "gap": 0.05}
    return read_instance(tiny_case)


@pytest.fixture
def plan(case: Instance) -> Plan:
    """Return the plan of the case."""
    plan = optimizer.solve(case).plan
    assert plan is not None
    assert plan.promise.budget_used_usd > 0
    return plan


def with_cover(case: Instance, cover: float) -> Instance:
    """Return the case with a collateral covenant that the plan does not know of."""
    financing = case.financing.model_copy(update={"collateral_cover": cover})
    return case.model_copy(update={"financing": financing})


def sampled(case: Instance) -> ScenarioSet:
    """Return the fresh scenarios of the view."""
    generator = np.random.default_rng(SEED)
    return sample_batches(
        case, number_of_scenarios=SCENARIOS, generator=generator
    ).scenarios


def money_of(
    case: Instance, plan: Plan, stress: Stress | None = None
) -> tuple[list[float], Rows, Rows]:
    """Return probabilities, cash and stock value, one scenario at a time."""
    scenarios = sampled(case)
    cash: Rows = []
    stock: Rows = []
    for w in range(SCENARIOS):
        one = scenarios.select(slice(w, w + 1))
        world = stressed(case, one, decisions_of(case, plan), stress or Stress(""))
        found = replay(*world)
        cash.append(found.cash[0].tolist())
        on_hand = sum(x.response.on_hand.sum(axis=0)[0] for x in found.held)
        stock.append((on_hand * world[1].price[0, 0]).tolist())
    return scenarios.probability.tolist(), cash, stock


def debts_of(plan: Plan) -> list[float]:
    """Return the loan's balance that the plan prints."""
    return [period.balances_usd["loan"] for period in plan.financing]


def view(case: Instance, plan: Plan, **stress: Any) -> FinancingView:  # noqa: ANN401
    """Return the view on the scenarios of the test."""
    return optimizer.financing_view(
        case, plan, number_of_scenarios=SCENARIOS, seed=SEED, **stress
    )


def test_the_schedule_is_the_printed_one(case: Instance, plan: Plan) -> None:
    """Draws, balances, and interest with fees as the plan's own document has them."""
    rows = view(case, plan).schedule
    for row, printed in zip(rows, plan.financing, strict=True):
        assert row.draws_usd == pytest.approx(printed.draws_usd)
        assert row.balances_usd == pytest.approx(printed.balances_usd)
        paid = row.interest_usd + row.return_on_capital_usd
        paid += row.exposure_fees_usd + row.commitment_fees_usd
        assert paid == pytest.approx(printed.interest_and_fees_usd)


def test_covenants_are_what_each_scenario_shows(case: Instance, plan: Plan) -> None:
    """A cover of 1.6 is broken in some scenarios and holds in others."""
    found = view(with_cover(case, 1.6), plan).covenants
    probability, cash, stock = money_of(case, plan)
    debts = debts_of(plan)
    broken = [
        [1.6 * d - c - s > 10 for d, c, s in zip(debts, *of_scenario, strict=True)]
        for of_scenario in zip(cash, stock, strict=True)
    ]
    ever = sum(p for p, so in zip(probability, broken, strict=True) if any(so))
    assert 0 < ever < 1
    assert found.collateral_broken_probability == pytest.approx(ever)
    assert found.collateral_broken_by_period == pytest.approx(
        [
            sum(p for p, so in zip(probability, broken, strict=True) if so[t])
            for t in range(4)
        ]
    )
    assert found.lowest_cash_usd == pytest.approx(min(map(min, cash)))
    short = [p for p, x in zip(probability, cash, strict=True) if min(x) < -10]
    assert found.cash_below_zero_probability == pytest.approx(sum(short))
    covers = [
        (c + s) / d
        for of_scenario in zip(cash, stock, strict=True)
        for d, c, s in zip(debts, *of_scenario, strict=True)
        if d > 1
    ]
    assert found.lowest_collateral_to_debt == pytest.approx(min(covers))
    at = found.lowest_cash_at
    assert at is not None
    names = sampled(case).names
    assert cash[names.index(at.scenario or "")][at.period] == found.lowest_cash_usd
    at = found.lowest_collateral_to_debt_at
    assert at is not None
    w, t = names.index(at.scenario or ""), at.period
    assert (cash[w][t] + stock[w][t]) / debts[t] == pytest.approx(min(covers))
    at = found.least_debt_headroom_at
    assert at is not None
    assert at.scenario is None  # the draws are scheduled
    rows = view(case, plan).schedule
    headrooms = [x.debt_headroom_usd or 0.0 for x in rows]
    assert headrooms[at.period] == pytest.approx(min(headrooms))
    assert found.highest_debt_to_equity == pytest.approx(
        max(
            x.balances_usd["loan"] / x.balances_usd["capital"]
            for x in plan.financing
            if x.balances_usd["capital"] > 1
        )
    )


def test_fans_are_quantiles_of_each_period(case: Instance, plan: Plan) -> None:
    """The median is passed by half of the probability, and so for the others."""
    fans = view(case, plan).fans
    probability, cash, stock = money_of(case, plan)
    debts = debts_of(plan)
    for t in range(4):
        due = debts[t] * 0.05 / 12
        drawn = plan.financing[t].draws_usd
        new = 0.97 * drawn["loan"] + drawn["capital"]
        series = {
            "cash_usd": [x[t] for x in cash],
            "collateral_usd": [x[t] for x in stock],
            "collateral_to_debt": [
                (c[t] + s[t]) / debts[t] for c, s in zip(cash, stock, strict=True)
            ],
            "debt_service_cover": [(x[t] + due - new) / due for x in cash],
        }
        for name, values in series.items():
            of_period = getattr(fans, name).periods[t]
            for level in (5, 25, 50, 75, 95):
                value = getattr(of_period, f"p{level}")
                close = 1e-9 * max(abs(value), 1.0)
                pairs = list(zip(values, probability, strict=True))
                below = sum(p for x, p in pairs if x < value - close)
                up_to = sum(p for x, p in pairs if x <= value + close)
                assert below < level / 100 + 1e-9
                assert up_to >= level / 100 - 1e-9


@pytest.mark.parametrize("where", ["here", "local:2"])
def test_fans_match_the_evaluation(case: Instance, plan: Plan, where: str) -> None:
    """One seed and number give the same scenarios in any executor."""
    number = 300  # more than are replayed at once
    with open_executors(where) as executors:
        evaluated = optimizer.evaluate(
            case, plan, number_of_scenarios=number, seed=SEED, executors=executors
        )
    viewed = optimizer.financing_view(case, plan, number_of_scenarios=number, seed=SEED)
    assert evaluated.fans == viewed.fans
    assert list(evaluated.fans.debt_usd) == pytest.approx(debts_of(plan))
    lows = [x.p5 for x in evaluated.fans.cash_usd.periods if x is not None]
    assert min(lows) >= evaluated.lowest_cash_usd


def test_each_stress_is_the_replay_of_its_world(case: Instance, plan: Plan) -> None:
    """The worst cash and cover are found again in the changed world."""
    found = view(case, plan, price_fall=0.4).stresses
    assert [x.defaulted for x in found] == [None, "maker", "maker"]
    debts = debts_of(plan)
    for x in found:
        stress = Stress("", x.price_fall, x.price_fall_start_period, x.defaulted)
        _, cash, stock = money_of(case, plan, stress)
        assert x.lowest_cash_usd == pytest.approx(min(map(min, cash)))
        covers = [
            (c + s) / d
            for of_scenario in zip(cash, stock, strict=True)
            for d, c, s in zip(debts, *of_scenario, strict=True)
        ]
        assert x.lowest_collateral_to_debt == pytest.approx(min(covers))
    assert found[0].lowest_collateral_to_debt != found[2].lowest_collateral_to_debt


def test_only_holders_of_rights_can_default(case: Instance, plan: Plan) -> None:
    """Its default would change nothing, and a slip of the keys would pass for it."""
    with pytest.raises(PlanMismatchError, match="one of"):
        view(case, plan, defaulted="nobody")


def test_a_plan_without_debt_has_no_cover(case: Instance, plan: Plan) -> None:
    """There is nothing to divide by: null, and no covenant is broken."""
    undrawn = tuple(
        period.model_copy(update={"draws_usd": {}}) for period in plan.financing
    )
    found = view(with_cover(case, 2.0), plan.model_copy(update={"financing": undrawn}))
    assert set(found.fans.collateral_to_debt.periods) == {None}
    assert set(found.fans.debt_service_cover.periods) == {None}
    assert found.covenants.lowest_collateral_to_debt is None
    assert found.covenants.debt_uncovered_probability == 0
