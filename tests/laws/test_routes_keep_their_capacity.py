"""No route carries more than it has: deliveries to participants and the vault's buying.

Counted by route with the functions of the independent check, along random scenarios.
"""

import numpy as np
import pytest

from models.instance import Instance
from models.options import Method
from models.plan import Plan
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.feasibility.buying import usable_share
from optimizer.feasibility.orders import route_weights
from optimizer.policies.market import Market, observe
from optimizer.policies.simulator import simulate
from optimizer.scenarios.scenario_set import Floats, ScenarioSet
from optimizer.solve import solve_on
from tests.optimizer.random_cases import random_case, random_scenarios

# One material of this case in two has routes whose spare capacity participants need.
SEEDS = [seed for seed in range(40) if random_case(seed).competing_buyers][:6]
ROUNDING = 1e-9


@pytest.mark.parametrize("method", [Method.EXTENSIVE_FORM, Method.DECOMPOSITION])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_route_carries_more_than_it_has(seed: int, method: Method) -> None:
    """Deliveries and what arrives for the vault fit into each open route."""
    instance = random_case(seed)
    options = instance.options.model_copy(update={"method": method, "gap": 0.01})
    instance = instance.model_copy(update={"options": options})
    scenarios = random_scenarios(instance, seed)
    plan = solve_on(instance, scenarios).plan
    assert plan is not None
    assert sum(level.tonnes for level in plan.levels) > 0
    market = observe(instance, scenarios)
    for r, route in enumerate(instance.routes):
        normal = _normal(instance, market, r)
        most = (route.vault_tonnes_per_year or 0.0) * _years(instance)
        spare = np.maximum((route.capacity_factor - 1) * normal, most)
        carried = _delivered(instance, scenarios, market, r)
        carried = carried + _bought(instance, scenarios, market, plan, r)
        room = scenarios.availability[r] * (normal + spare)
        assert np.all(carried <= room * (1 + ROUNDING) + ROUNDING), route.id


def test_the_vault_buys_over_routes_that_participants_need() -> None:
    """Else the law above says nothing: somewhere spare capacity is shared."""
    shared = 0
    for seed in SEEDS:
        instance = random_case(seed)
        scenarios = random_scenarios(instance, seed)
        market = observe(instance, scenarios)
        for r in range(len(instance.routes)):
            option = instance.sourcing_options[0]
            usable = usable_share(instance, scenarios, market, r, option)
            shared += int((usable < scenarios.availability[r]).sum())
    assert shared > 0


def _years(instance: Instance) -> Floats:
    return np.array(instance.horizon.period_lengths_years)


def _normal(instance: Instance, market: Market, r: int) -> Floats:
    """Return normal deliveries over a route, tonnes (w, t)."""
    route = instance.routes[r]
    need = market.total_need[instance.index.material[route.material]]
    if route.share is not None:
        return route.share * need
    return np.zeros_like(need) + (route.tonnes_per_year or 0.0) * _years(instance)


def _delivered(
    instance: Instance, scenarios: ScenarioSet, market: Market, r: int
) -> Floats:
    """Return what a route delivers to participants, tonnes (w, t).

    Normal deliveries of the open routes first, then their spare capacity, each route in
    the same proportion.
    """
    route = instance.routes[r]
    delivered = market.delivered[instance.index.material[route.material]]
    regular, spare = np.zeros_like(delivered), np.zeros_like(delivered)
    for i, other in enumerate(instance.routes):
        if other.material == route.material:
            runs = np.array(instance.index.operation[i].in_market)
            flow = scenarios.availability[i] * runs * _normal(instance, market, i)
            regular += flow
            spare += (other.capacity_factor - 1) * flow
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(regular > 0, np.minimum(delivered / regular, 1.0), 0.0)
        extra = np.maximum(delivered - regular, 0.0) / spare
        then = np.where(spare > 0, np.minimum(extra, 1.0), 0.0)
    runs = np.array(instance.index.operation[r].in_market)
    own = scenarios.availability[r] * runs * _normal(instance, market, r)
    return own * (first + (route.capacity_factor - 1) * then)


def _bought(
    instance: Instance, scenarios: ScenarioSet, market: Market, plan: Plan, r: int
) -> Floats:
    """Return what arrives for the vault over a route, tonnes (w, t)."""
    bought = np.zeros(scenarios.price.shape[1:])
    options = {option.id: option for option in instance.sourcing_options}
    for part in replay(instance, scenarios, decisions_of(instance, plan)).held:
        done = simulate(part.policies, part.holding.observables)
        sourcing: list[int] = part.policies.sourcing.tolist()
        for i, s in enumerate(sourcing):
            purchase = part.holding.purchases[s]
            option = options[purchase.option.id]
            usable = usable_share(instance, scenarios, market, r, option)
            weight = route_weights(instance, part.holding.material, option).get(r, 0.0)
            share = np.divide(
                weight * usable,
                purchase.open_share,
                out=np.zeros_like(usable),
                where=purchase.open_share > 0,
            )
            bought += share * (done.acquired[i] + done.rotated[i])
    return bought
