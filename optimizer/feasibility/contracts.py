"""The signed contracts of a plan: origin, and the printed terms."""

import numpy as np

from optimizer.feasibility.orders import is_eligible
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.tolerances import ROUNDING
from optimizer.feasibility.violation import Violations, equal, same


def contract_violations(counted: Recount) -> Violations:
    """Yield what is wrong with each signed contract."""
    instance, scenarios = counted.instance, counted.scenarios
    printed = {x.contract: x for x in counted.plan.contracts}
    routes = {route.id: route for route in instance.routes}
    for done in counted.deliveries:
        contract, x = done.contract, printed[done.contract.id]
        where = contract.id
        route = routes[contract.route]
        if not is_eligible(instance, route):
            countries = f"{route.mining_country}, {route.refining_country}"
            yield from same("eligibility", where, countries, "eligible countries")
        is_in_force = any(x.contract == where for x in instance.position.contracts)
        yield from same("contract_in_force", where, x.is_in_force, is_in_force)
        volume = contract.volume_tonnes_per_year
        yield from same("contract_material", where, x.material, contract.material)
        yield from equal("contract_volume", where, x.volume_tonnes_per_year, volume)
        cost = -float(scenarios.probability @ done.cash_flow.sum(axis=1))
        paid = float(scenarios.probability @ np.abs(done.cash_flow).sum(axis=1))
        tolerance = ROUNDING * paid
        yield from equal("contract_cost", where, x.expected_cost_usd, cost, tolerance)
