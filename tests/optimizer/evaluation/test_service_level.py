"""Service by product and stock by material, counted again by plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer import evaluate, solve
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import compare, replay
from tests.laws.tiny_cases import LAW, SEEDS, optimal, tiny_case, tiny_scenarios
from tests.optimizer.evaluation.test_evaluate import with_history


@settings(LAW, max_examples=10)
@given(seed=SEEDS)
def test_service_and_stock_by_plain_loops(seed: int) -> None:
    """Units not made, stopped lines, mean stock and stock-outs of a plan."""
    instance = read_instance(tiny_case(seed))
    scenarios = tiny_scenarios(instance, seed)
    decisions = decisions_of(instance, optimal(instance, scenarios))
    found = compare(instance, scenarios, decisions)
    happened = replay(instance, scenarios, decisions)
    final, recourse = instance.final_products(), happened.recourse
    entries: list[int] = recourse.shortage_entry.tolist()
    blocks: list[int] = recourse.shortage_block.tolist()
    for p, product in enumerate(final):
        for w in range(scenarios.number_of_scenarios):
            unmet, stops = 0.0, False
            for i, amount in enumerate(happened.allocation.shortage.tolist()):
                entry = entries[i]
                place = recourse.products.product[entry], recourse.products.w[entry]
                if place != (p, w):
                    continue
                unmet += amount
                block = product.shortage_blocks[blocks[i]]
                limit = block.share * recourse.products.demand[entry]
                stops |= block.kind == "line_stop" and amount > 1e-6 * limit
            assert found.served.unmet[p, w] == pytest.approx(unmet)
            assert found.served.stops[p, w] == stops
    for m, material in enumerate(instance.materials):
        mine = [part for part in happened.held if part.holding.m == m]
        target = sum(float(part.policies.target.sum()) for part in mine)
        for w in range(scenarios.number_of_scenarios):
            stock = np.zeros(instance.horizon.number_of_periods)
            for part in mine:
                stock += part.response.on_hand[:, w].sum(axis=0)
            short = recourse.short_t[(recourse.short_m == m) & (recourse.short_w == w)]
            is_out = any(
                t > 0 and stock[t - 1] < material.lot_tonnes <= target for t in short
            )
            assert found.stock.mean_on_hand[m, w] == pytest.approx(stock.mean())
            assert found.stock.is_short[m, w] == (len(short) > 0)
            assert found.stock.runs_out[m, w] == is_out


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return the case that is worked out by hand, with two pieces of history."""
    return read_instance(with_history())


@pytest.fixture(scope="module")
def plan(case: Instance) -> Plan:
    """Return its plan: 100 t of alpha and 25 t of beta."""
    found = solve(case).plan
    assert found is not None
    return found


def test_service_of_the_case_by_hand(case: Instance, plan: Plan) -> None:
    """What is missing without the vault is 5 million dollars' worth, with it 2.25.

    A unit of alpha's good is 40,000 dollars, one of beta's 60,000, of each 200 in two
    years; all of alpha's loss is covered.
    """
    found = evaluate(case, plan, number_of_scenarios=40, seed=3)
    alpha, beta = found.products
    assert (alpha.participant, alpha.product) == ("maker", "alpha_good")
    assert alpha.fill_rate == pytest.approx(1)
    assert alpha.line_stop_probability == 0
    lost = [1 - x.fill_rate_without_vault for x in (alpha, beta)]
    assert 200 * (40_000 * lost[0] + 60_000 * lost[1]) == pytest.approx(5e6)
    assert 200 * 60_000 * (1 - beta.fill_rate) == pytest.approx(2.25e6)
    assert beta.line_stop_probability == beta.line_stop_probability_without_vault > 0


def test_the_same_plan_costs_the_same(case: Instance, plan: Plan) -> None:
    """Beside itself the difference is 0, and so is its interval."""
    found = evaluate(case, plan, number_of_scenarios=40, seed=3, others=[plan])
    assert found.others[0].difference_usd == 0
    assert found.others[0].confidence_interval_usd == (0, 0)
    assert decisions_of(case, plan).signed == frozenset()


def test_tails_grow_with_their_level(case: Instance, plan: Plan) -> None:
    """The worst 1 % cost at least as much as the worst 10 %."""
    tails = evaluate(case, plan, number_of_scenarios=40, seed=3).tails
    assert [x.level for x in tails] == [0.9, 0.95, 0.99]
    costs = [x.cvar_usd for x in tails]
    assert costs == pytest.approx(sorted(costs))
