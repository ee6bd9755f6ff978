"""A plan on fresh scenarios and on history: costs, service and stock."""

from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer import PlanMismatchError, evaluate, solve
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import compare, replay
from optimizer.evaluation.statistics import cvar
from optimizer.executors import open_executors
from optimizer.scenarios import sample_batches
from service.casefiles import load
from tests import cases
from tests.cases import Case
from tests.laws.tiny_cases import LAW, SEEDS, optimal, tiny_case, tiny_scenarios


def with_history() -> Case:
    """Return the hand-worked case with two pieces of history.

    In one of them alpha is cut for the second year, in the other beta for its half.
    """
    case = cast("Case", dict(load("two_materials")))
    case["replays"] = [
        history("alpha-gone", "alpha", 365.25, 365.25),
        history("beta-gone", "beta", 365.25, 365.25 / 2),
    ]
    return case


def history(name: str, material: str, day: float, days: float) -> Case:
    """Return a replay in which a material is cut on a day for some days."""
    cut = cases.disruption(
        cases.phase(days), stage="both", materials=[material], onset_day=day
    )
    return cases.replay(name, cut)


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return the case with history."""
    return read_instance(with_history())


@pytest.fixture(scope="module")
def plan(case: Instance) -> Plan:
    """Return its plan: 100 t of alpha and 25 t of beta."""
    found = solve(case).plan
    assert found is not None
    return found


def test_history_is_replayed(case: Instance, plan: Plan) -> None:
    """All of alpha is held; a quarter of the 50 t of beta that are missing comes.

    Half of it would be as cheap where a whole year is missing.
    """
    alpha, beta = evaluate(case, plan, number_of_scenarios=2, seed=1).replays
    assert (alpha.replay, beta.replay) == ("alpha-gone", "beta-gone")
    assert alpha.shortage_cost_usd == pytest.approx(0, abs=1e-3)
    assert alpha.cost_without_vault_usd == pytest.approx(100 * 40_000)
    assert beta.shortage_cost_usd == pytest.approx(37.5 * 60_000)
    assert beta.cost_without_vault_usd == pytest.approx(50 * 60_000)


def test_statistics_are_those_of_the_replay(case: Instance, plan: Plan) -> None:
    """Mean, CVaR and lowest cash of 120 scenarios, in parts or at once."""
    found = evaluate(case, plan, number_of_scenarios=120, seed=8)
    scenarios = sample_batches(
        case, number_of_scenarios=120, generator=np.random.default_rng(8)
    ).scenarios
    happened = replay(case, scenarios, decisions_of(case, plan))
    costs = happened.scenario_costs()
    expected = float(scenarios.probability @ costs)
    tail = cvar(costs, scenarios.probability, case.options.cvar_level)
    assert found.expected_shortage_cost_usd == pytest.approx(expected)
    assert found.cvar_usd == pytest.approx(tail)
    assert found.lowest_cash_usd == pytest.approx(float(happened.cash.min()), abs=1e-6)
    assert (found.scenarios, found.seed) == (120, 8)


@pytest.mark.parametrize("where", ["local:1", "local:2"])
def test_executors_agree_on_statistics(case: Instance, plan: Plan, where: str) -> None:
    """Every number is the same, to the last bit, in one process or two."""
    with open_executors(where) as executors:
        found = evaluate(
            case, plan, number_of_scenarios=320, seed=8, executors=executors
        )
    assert found == evaluate(case, plan, number_of_scenarios=320, seed=8)


def test_it_says_what_was_evaluated(case: Instance, plan: Plan) -> None:
    """Case and plan are named by their hashes."""
    found = evaluate(case, plan, number_of_scenarios=2, seed=1)
    assert found.instance_hash == case.content_hash
    assert found.plan_hash == plan.content_hash


def without(part: str) -> Instance:
    """Return the case without one of its parts, by section and identifier."""
    case = with_history()
    section, identifier = part.split(":")
    place = case["financing"] if section == "facilities" else case
    place[section] = [x for x in place[section] if x["id"] != identifier]
    if section == "materials":
        for other in ("routes", "products"):
            case[other] = case[other][:1]
        case["events"], case["replays"] = [], []
    if section == "sourcing_options":
        case[section] = [cases.sourcing("other")]
    return read_instance(case)


@pytest.mark.parametrize(
    "part", ["materials:beta", "facilities:loan", "sourcing_options:in_place"]
)
def test_a_part_that_the_case_does_not_have(plan: Plan, part: str) -> None:
    """The unknown name is in the message."""
    with pytest.raises(
        PlanMismatchError, match=f"names {part.split(':')[1]}, expected"
    ):
        evaluate(without(part), plan, number_of_scenarios=2, seed=1)


def test_a_plan_for_another_horizon(case: Instance, plan: Plan) -> None:
    """A plan of two periods is none for three."""
    horizon = case.horizon.model_copy(update={"number_of_periods": 3})
    longer = case.model_copy(update={"horizon": horizon})
    with pytest.raises(PlanMismatchError, match="2 periods, expected 3"):
        evaluate(longer, plan, number_of_scenarios=2, seed=1)


@settings(LAW, max_examples=4)
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


def test_what_is_avoided_and_what_it_costs_to_hold(case: Instance, plan: Plan) -> None:
    """Half of the 1.5 m is sold where one material is cut, the rest keeps 4/5."""
    found = evaluate(case, plan, number_of_scenarios=40, seed=3, others=[plan])
    benefit = found.benefit
    assert benefit is not None
    avoided = found.cost_without_vault_usd - found.expected_shortage_cost_usd
    assert benefit.avoided_usd.mean == pytest.approx(avoided)
    assert benefit.cost_of_holding_usd.mean == pytest.approx(150_000)
    assert benefit.net_benefit_usd.mean == pytest.approx(avoided - 150_000)
    (same,) = found.others
    for difference in (
        same.cost_of_holding_difference_usd,
        same.net_benefit_difference_usd,
    ):
        assert difference is not None
        assert difference.mean == 0
