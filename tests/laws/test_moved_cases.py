"""A case some periods later agrees with the rest of the case that it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from models.moved_on import moved_on
from models.reading import read_instance
from optimizer.feasibility.members import member_fees_usd
from optimizer.membership import membership_fees
from optimizer.policies.market import observe
from optimizer.scenarios.market import demand_path, price_path
from optimizer.scenarios.scenario_set import ScenarioSet
from service.casefiles import load
from tests.cases import Case
from tests.optimizer.random_cases import random_case, random_scenarios

LAW = settings(max_examples=8, deadline=None, derandomize=True)
PERIODS = 6


def from_period(scenarios: ScenarioSet, t: int) -> ScenarioSet:
    """Return the scenarios from a period on."""
    return ScenarioSet(
        names=scenarios.names,
        probability=scenarios.probability,
        stratum=scenarios.stratum,
        availability=scenarios.availability[..., t:],
        announced=scenarios.announced[..., t:],
        price=scenarios.price[..., t:],
        base_price=scenarios.base_price[..., t:],
        demand=scenarios.demand[..., t:],
    )


def assert_agree(before: Instance, t: int) -> Instance:
    """Assert that what nobody decides is the same from t on; return the later case."""
    after = moved_on(before, t).case
    assert after.horizon.period_lengths_days == before.horizon.period_lengths_days[t:]
    periods = range(after.horizon.number_of_periods)
    starts = [after.horizon.start_of(s) for s in periods]
    assert starts == [before.horizon.start_of(t + s) for s in periods]
    assert price_path(after) == pytest.approx(price_path(before)[:, t:], rel=1e-12)
    assert demand_path(after) == pytest.approx(demand_path(before)[:, t:], rel=1e-12)
    for old, new in zip(before.index.operation, after.index.operation, strict=True):
        for name in type(old).__slots__:
            assert getattr(new, name) == pytest.approx(getattr(old, name)[t:])
    for contract in after.contracts:
        runs = before.index.contract_runs[contract.id][t:]
        assert after.index.contract_runs[contract.id] == pytest.approx(runs)
    return after


@pytest.mark.parametrize("name", ["two_materials", "magnets", "project_vault"])
def test_shipped_cases_move(name: str) -> None:
    """One period and most periods later."""
    case = read_instance(load(name))
    for t in {1, case.horizon.number_of_periods - 1}:
        assert_agree(case, t)


def moving_case(seed: int) -> Case:
    """Return a random case with growth, buffers and a path of prices.

    All have members, ramps and charges in some.
    """
    draw = np.random.default_rng(seed)
    content = random_case(seed, number_of_periods=PERIODS).model_dump(mode="json")
    for x in content["products"]:
        x["growth_per_year"] = draw.uniform(-0.3, 0.3)
    for x in content["materials"]:
        path = x["price_usd_per_tonne"] * draw.uniform(0.8, 1.3, PERIODS)
        x["price_path_usd_per_tonne"] = path.tolist()
    return content


@LAW
@given(seed=st.integers(0, 10**6), t=st.integers(1, PERIODS - 1))
def test_nature_is_the_same(seed: int, t: int) -> None:
    """Prices, demand, routes, fees, alerts and, without buffers, gaps."""
    content = moving_case(seed)
    for x in content["participants"]:
        x["working_buffer_days"] = 0.0
    before = read_instance(content)
    after = assert_agree(before, t)
    fees = membership_fees(before)[t:]
    assert membership_fees(after) == pytest.approx(fees, rel=1e-9)
    assert member_fees_usd(after) == pytest.approx(fees, rel=1e-9)
    scenarios = random_scenarios(before, seed)
    then, now = observe(before, scenarios), observe(after, from_period(scenarios, t))
    assert (now.alert == then.alert[..., t:]).all()
    for name in ("need", "gap", "market_gap", "members_gap", "delivered"):
        found, expected = getattr(now, name), getattr(then, name)[..., t:]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


@LAW
@given(seed=st.integers(0, 10**6), t=st.integers(1, PERIODS - 1))
def test_full_buffers_are_the_same(seed: int, t: int) -> None:
    """As many tonnes after a calm time, though the need is another."""
    content = moving_case(seed)
    for x in content["routes"]:
        x["ramp"] = []
        x.pop("operating_cost_usd_per_tonne", None)
    before = read_instance(content)
    after = assert_agree(before, t)
    scenarios = random_scenarios(before, seed)
    scenarios.demand[:] = demand_path(before)[:, np.newaxis]
    scenarios.availability[..., :t] = 1.0
    then, now = observe(before, scenarios), observe(after, from_period(scenarios, t))
    assert now.gap == pytest.approx(then.gap[..., t:], rel=1e-9, abs=1e-12)
