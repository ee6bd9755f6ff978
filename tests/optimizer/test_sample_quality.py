"""Replications against bounds and costs that are found in another way."""

from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer import sample_quality, solve
from optimizer.deadline import NEVER
from optimizer.executors.here import Here
from optimizer.problem import complete_problem
from optimizer.sample_quality import lower_bound
from optimizer.separation import SeparatedProgram
from service.casefiles import load
from tests.cases import changed
from tests.laws.tiny_cases import LAW, SEEDS, tiny_case, tiny_scenarios


@settings(LAW, max_examples=6)
@given(seed=SEEDS)
def test_the_bound_is_the_relaxation_of_the_extensive_form(seed: int) -> None:
    """Up to the gap at which the decomposition stops, and never above it."""
    instance = read_instance(tiny_case(seed))
    scenarios = tiny_scenarios(instance, seed)
    program = SeparatedProgram(complete_problem(instance, scenarios), is_relaxed=True)
    solution = program.solve(NEVER)
    assert solution.values is not None
    optimum = program.point(solution.values).objective_usd
    found = lower_bound(instance, scenarios, (Here(),))
    assert found <= optimum + 1e-6 * abs(optimum) + 1
    assert found >= optimum * (1 - 3e-3) - 1


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return the case that is worked out by hand."""
    return read_instance(load("two_materials"))


@pytest.fixture(scope="module")
def plan(case: Instance) -> Plan:
    """Return its plan, which is the best one on any sample."""
    found = solve(case).plan
    assert found is not None
    return found


def test_the_best_plan_has_no_gap(case: Instance, plan: Plan) -> None:
    """Samples of this case are all alike: 2.25 million, and no plan does better."""
    found = sample_quality(
        case,
        plan,
        replications=4,
        number_of_scenarios=6,
        seed=11,
        executors=(Here(),),
    )
    assert found.objective_usd == pytest.approx(2.25e6)
    assert found.promised_objective_usd == pytest.approx(2.25e6)
    assert found.gap_usd == pytest.approx(0, abs=3e-3 * 2.25e6)
    assert 0 <= found.gap_upper_usd <= 4e-3 * 2.25e6
    assert (found.unfunded_probability, found.most_unfunded_usd) == (0, 0)
    assert found.cover_broken_probability is None


def test_the_cost_of_holding_counts_on_samples_as_in_the_promise() -> None:
    """150,000 dollars are lost on the stock, half of which the options count."""
    weighted = changed(
        dict(load("two_materials")), {"options.cost_of_holding_weight": 0.5}
    )
    case = read_instance(weighted)
    plan = solve(case).plan
    assert plan is not None
    found = sample_quality(
        case,
        plan,
        replications=2,
        number_of_scenarios=6,
        seed=11,
        executors=(Here(),),
    )
    assert found.promised_objective_usd == pytest.approx(2.325e6)
    assert found.objective_usd == pytest.approx(2.325e6)
    assert found.gap_usd == pytest.approx(0, abs=3e-3 * 2.325e6)


def test_the_gap_of_holding_nothing(case: Instance, plan: Plan) -> None:
    """5 million less 2.25; the interval is Student's, one-sided."""
    bare = plan.model_copy(
        update={
            "levels": tuple(x.model_copy(update={"tranches": ()}) for x in plan.levels)
        }
    )
    numbers: list[int] = []
    found = sample_quality(
        case,
        bare,
        replications=3,
        number_of_scenarios=6,
        seed=11,
        on_replication=numbers.append,
        executors=(Here(),),
    )
    gaps = [x.plan_objective_usd - x.lower_bound_usd for x in found.replications]
    assert found.gap_usd == pytest.approx(2.75e6, rel=5e-3)
    upper = mean(gaps) + stats.t.ppf(0.95, 2) * stdev(gaps) / np.sqrt(3)
    assert found.gap_upper_usd == pytest.approx(upper)
    assert numbers == [1, 2, 3]


def test_a_plan_that_overdraws_is_reported(case: Instance, plan: Plan) -> None:
    """A draw of 1.4 million pays for 1.5 in no scenario: its bound is of others."""
    first, *others = plan.financing
    short = first.model_copy(update={"draws_usd": {"loan": 1.4e6}})
    found = sample_quality(
        case,
        plan.model_copy(update={"financing": (short, *others)}),
        replications=2,
        number_of_scenarios=6,
        seed=11,
        executors=(Here(),),
    )
    assert found.unfunded_probability == pytest.approx(1)
    assert found.most_unfunded_usd == pytest.approx(1e5)


def test_one_replication_says_nothing(plan: Plan, case: Instance) -> None:
    """Of one difference there is no deviation."""
    with pytest.raises(ValueError, match="replications is 1, expected at least 2"):
        sample_quality(case, plan, replications=1, number_of_scenarios=3, seed=0)
