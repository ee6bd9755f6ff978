"""A loose rule is not a good rule: hedging pays where the first losses are cheap.

Alpha is cut once in three years at most, with a hazard of 0.3 a year, for one to two
years. Thrift and substitution make up for three quarters of it at 1,000 dollars a
tonne, the last quarter stops the line at 100,000. The stock is 90 days of need.
Immediate full release meets the whole gap for 90 days, where a tonne avoids 0.25 x
100,000 + 0.75 x 1,000 = 25,750 dollars on average. A quarter of the gap lasts four
times as long, and each tonne of it keeps a line running, which avoids 100,000.

A model with clairvoyant recourse could not tell the two apart, as it would hold back
under any rule that allows it.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer import evaluate, solve
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import confidence_interval, mean
from optimizer.scenarios import Batches, sample_batches
from service.casefiles import load
from tests import cases
from tests.cases import Case

FRESH_SEED = 77
NUMBER_OF_FRESH = 200
LOOSEST = "immediate"
HEDGING = "quarter"


def rule(name: str, coverage: float) -> Case:
    """Return a rule that releases a share of the gap at any alert."""
    step = {"draw_rate_per_month": 1.0, "coverage": coverage}
    return {"id": name, "name": name, "steps": [step] * 4}


def long_cut(rules: Sequence[Case]) -> Instance:
    """Return three years of months with one long cut of alpha, and a menu of rules."""
    case = cast("Case", dict(load("two_materials")))
    case["horizon"] = cases.horizon(36, start="2027-01-01")
    for section in ("materials", "routes", "products"):
        case[section] = case[section][:1]
    case["materials"][0]["lot_tonnes"] = 0.1
    case["products"][0]["shortage_blocks"] = [
        {"kind": "thrift", "share": 0.5, "cost_usd_per_unit": 1_000.0},
        {"kind": "substitution", "share": 0.25, "cost_usd_per_unit": 1_000.0},
        {"kind": "line_stop", "share": 0.25, "cost_usd_per_unit": 100_000.0},
    ]
    case["rules"] = list(rules)
    # One level, so that the rule alone decides how long it lasts: a quarter of a
    # stock four times as large would be another way to cover a quarter of the gap.
    case["levels_days_of_cover"] = [90]
    cut = {"stage": "both", "materials": ["alpha"], "hazard_per_year": 0.3}
    case["events"] = [cases.event("cut", cases.phase(365, 730), **cut)]
    case["options"] |= {"number_of_scenarios": 8}
    return read_instance(case)


def solved(case: Instance) -> Plan:
    """Return the plan of a case."""
    plan = solve(case).plan
    assert plan is not None
    return plan


@pytest.fixture(scope="module")
def whole_menu() -> Instance:
    """Return the case that offers both rules."""
    return long_cut([rule(LOOSEST, 1.0), rule(HEDGING, 0.25)])


@pytest.fixture(scope="module")
def chosen(whole_menu: Instance) -> Plan:
    """Return the plan from the whole menu."""
    return solved(whole_menu)


@pytest.fixture(scope="module")
def loosest() -> Plan:
    """Return the best plan with the loosest rule alone."""
    return solved(long_cut([rule(LOOSEST, 1.0)]))


@pytest.fixture(scope="module")
def fresh(whole_menu: Instance) -> Batches:
    """Return scenarios that neither plan was made with."""
    generator = np.random.default_rng(FRESH_SEED)
    return sample_batches(
        whole_menu, number_of_scenarios=NUMBER_OF_FRESH, generator=generator
    )


def test_the_loosest_rule_is_not_chosen(chosen: Plan) -> None:
    """All of the stock follows the rule that covers a quarter."""
    assert {tranche.rule for tranche in chosen.tranches()} == {HEDGING}


def test_both_plans_hold_the_same(chosen: Plan, loosest: Plan) -> None:
    """What differs is the rule, not the tonnes: 90 days each."""
    for plan in (chosen, loosest):
        assert plan.levels[0].days_of_cover == pytest.approx(90, abs=0.5)


def test_the_chosen_plan_promises_less_loss(chosen: Plan, loosest: Plan) -> None:
    """On the planning scenarios a tonne of it avoids about four times as much."""
    avoided = [
        plan.promise.cost_without_vault_usd - plan.promise.objective_usd
        for plan in (chosen, loosest)
    ]
    assert avoided[0] > 3 * avoided[1] > 0


def test_the_chosen_plan_is_better_on_fresh_scenarios(
    whole_menu: Instance, chosen: Plan, loosest: Plan, fresh: Batches
) -> None:
    """With common random numbers the interval of the difference is below 0."""
    costs = [
        replay(
            whole_menu, fresh.scenarios, decisions_of(whole_menu, plan)
        ).scenario_costs()
        for plan in (chosen, loosest)
    ]
    saved, probability = costs[0] - costs[1], fresh.scenarios.probability
    interval = confidence_interval(saved, probability, fresh.batch)
    assert interval is not None
    assert interval[1] < 0
    assert mean(saved, probability) < -0.1 * mean(costs[1], probability)


def test_evaluation_says_so(whole_menu: Instance, chosen: Plan, loosest: Plan) -> None:
    """Side by side the other plan costs more, with its whole interval."""
    found = evaluate(
        whole_menu,
        chosen,
        number_of_scenarios=NUMBER_OF_FRESH,
        seed=FRESH_SEED,
        others=[loosest],
    )
    (other,) = found.others
    assert other.plan_hash == loosest.content_hash
    assert other.confidence_interval_usd is not None
    assert other.confidence_interval_usd[0] > 0
    both = found.expected_shortage_cost_usd + other.difference_usd
    assert other.expected_shortage_cost_usd == pytest.approx(both)
