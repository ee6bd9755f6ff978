"""Stock, shortage and cost over time against replays of single scenarios."""

import numpy as np
import pytest

import optimizer
from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.evaluate import evaluate
from optimizer.evaluation.replay import replay
from optimizer.evaluation.trajectories import trajectories
from optimizer.scenarios import sample_batches
from tests.cases import Case

SCENARIOS, SEED = 300, 3  # more than are replayed at once


@pytest.fixture
def case(tiny_case: Case) -> Instance:
    """Return the tiny case, whose only plan is 60 days of gallium, in place."""
    tiny_case["options"] = {"number_of_scenarios": 10, "gap": 0.05}
    return read_instance(tiny_case)


@pytest.fixture
def plan(case: Instance) -> Plan:
    """Return the plan of the case."""
    plan = optimizer.solve(case).plan
    assert plan is not None
    return plan


def test_trajectories_are_those_of_the_scenarios(case: Instance, plan: Plan) -> None:
    """Means and median of what the replay of each scenario alone leaves."""
    found = trajectories(case, plan, number_of_scenarios=SCENARIOS, seed=SEED)
    scenarios = sample_batches(
        case, number_of_scenarios=SCENARIOS, generator=np.random.default_rng(SEED)
    ).scenarios
    stock = np.zeros((SCENARIOS, 4))
    gap, shortage = np.zeros(4), np.zeros(4)
    for w in range(SCENARIOS):
        one = scenarios.select(slice(w, w + 1))
        happened = replay(case, one, decisions_of(case, plan))
        missing = happened.market.market_gap[0, 0]
        weight = float(scenarios.probability[w])
        stock[w] = sum(x.response.on_hand.sum(axis=0)[0] for x in happened.held)
        gap += weight * missing
        # Of one material and one maker, all that is released and missing is used.
        shortage += weight * np.maximum(missing - happened.released[0, 0], 0.0)
    (gallium,) = found.materials
    assert gallium.gap_tonnes == pytest.approx(gap)
    assert gallium.shortage_tonnes == pytest.approx(shortage, abs=1e-9)
    assert sum(gallium.shortage_tonnes) < sum(gallium.gap_tonnes)
    assert gallium.need_tonnes == pytest.approx([1.0] * 4)
    assert gallium.target_tonnes == sum(x.tonnes for x in plan.tranches())
    for t, of_period in enumerate(gallium.on_hand_tonnes.periods):
        assert of_period is not None
        up_to = scenarios.probability[stock[:, t] <= of_period.p25 + 1e-9].sum()
        below = scenarios.probability[stock[:, t] < of_period.p25 - 1e-9].sum()
        assert below < 0.25 + 1e-9 <= up_to + 2e-9


def test_levels_of_cost_go_with_its_mean(case: Instance, plan: Plan) -> None:
    """Means lie between what levels let expect at least and at most."""
    found = trajectories(case, plan, number_of_scenarios=SCENARIOS, seed=SEED).cost
    assert found.mean_with_plan_usd < found.mean_without_vault_usd
    assert list(found.without_vault_usd) == sorted(found.without_vault_usd)
    # A hundredth of the probability lies between two levels.
    costs = found.without_vault_usd
    assert np.mean(costs[:-1]) <= found.mean_without_vault_usd <= np.mean(costs[1:])
    assert found.levels[0] == 0
    assert found.levels[-1] == 1


def test_costs_are_those_of_an_evaluation(case: Instance, plan: Plan) -> None:
    """The same number and seed are the same scenarios, so the same means."""
    found = trajectories(case, plan, number_of_scenarios=40, seed=SEED).cost
    evaluated = evaluate(case, plan, number_of_scenarios=40, seed=SEED)
    assert found.mean_with_plan_usd == pytest.approx(
        evaluated.expected_shortage_cost_usd
    )
    assert found.mean_without_vault_usd == pytest.approx(
        evaluated.cost_without_vault_usd
    )


def test_a_material_not_held_has_a_trajectory(case: Instance, plan: Plan) -> None:
    """Nothing on hand, and the whole gap stays open."""
    bare = plan.model_copy(update={"levels": (), "awards": (), "contracts": ()})
    found = trajectories(case, bare, number_of_scenarios=20, seed=SEED)
    (gallium,) = found.materials
    assert gallium.target_tonnes == 0
    assert gallium.shortage_tonnes == pytest.approx(gallium.gap_tonnes)
    assert found.cost.with_plan_usd == pytest.approx(found.cost.without_vault_usd)
