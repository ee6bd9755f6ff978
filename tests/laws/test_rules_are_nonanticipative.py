"""What a scenario does later changes nothing that happened before."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from optimizer.policies.candidates import menu_of
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from optimizer.policies.offtake import respond_to_contracts
from optimizer.policies.response import respond
from optimizer.recourse.allocation import Supply, allocate
from optimizer.recourse.blocks import find_blocks
from optimizer.scenarios.scenario_set import Floats, ScenarioSet
from tests.optimizer.random_cases import random_case, random_scenarios

LAW = settings(max_examples=25, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
PERIODS = 6


def with_another_end(instance: Instance, seed: int, t: int) -> list[ScenarioSet]:
    """Return scenarios, and the same with all that nature does after t redrawn."""
    one, other = (random_scenarios(instance, seed + i) for i in range(2))

    def spliced(name: str) -> Floats:
        now, then = getattr(one, name), getattr(other, name)
        return np.concatenate([now[..., : t + 1], then[..., t + 1 :]], axis=-1)

    names = ("availability", "announced", "price", "demand")
    return [one, replace(one, **{name: spliced(name) for name in names})]


def money_and_tonnes(instance: Instance, scenarios: ScenarioSet) -> list[Floats]:
    """Return what the market shows and what every candidate and contract does."""
    market = observe(instance, scenarios)
    seen: list[Floats] = [market.gap, market.market_gap]
    seen.append(market.alert.astype(np.float64))
    for holding in holdings(instance, scenarios, market):
        policies = menu_of(instance, holding).policies
        done = respond(instance, holding, policies)
        seen += [done.released, done.cash_flow, done.stock_value, done.on_hand]
    for contract in respond_to_contracts(instance, scenarios):
        seen += [contract.delivered, contract.cash_flow]
    recourse = find_blocks(instance, scenarios, market)
    nothing = Supply(np.zeros(len(recourse.gap)), np.zeros(len(recourse.short_m)))
    shape = (scenarios.number_of_scenarios, PERIODS)
    return [*seen, allocate(recourse, nothing, shape).cost]


@LAW
@given(seed=SEEDS, t=st.integers(0, PERIODS - 1))
def test_the_future_changes_nothing_before_it(seed: int, t: int) -> None:
    """Two scenarios alike up to t have the same alerts, tonnes and money up to t."""
    instance = random_case(seed, number_of_periods=PERIODS)
    one, other = with_another_end(instance, seed, t)
    for before, after in zip(
        money_and_tonnes(instance, one), money_and_tonnes(instance, other), strict=True
    ):
        np.testing.assert_allclose(
            before[..., : t + 1], after[..., : t + 1], rtol=1e-7, atol=1e-6
        )
