"""A new plan of a reserve with rights and contracts in force."""

import numpy as np

from optimizer.rehearsal.path_run import PathRun
from optimizer.rehearsal.paths import FreshPath
from optimizer.rehearsal.planning_again import SolveTerms
from optimizer.solve import solve_on
from tests.optimizer.random_cases import random_case, random_scenarios


def test_rights_and_contracts_are_kept_by_new_plans() -> None:
    """Also a right that was bought before the start, which nothing else can be then."""
    case = random_case(4)
    options = case.options.model_copy(update={"gap": 0.05, "max_tranches": 2})
    case = case.model_copy(update={"options": options})
    scenarios = random_scenarios(case, 4)
    plan = solve_on(case, scenarios).plan
    assert plan is not None
    assert plan.awards
    assert plan.contracts
    assert "ready" in {x.sourcing for x in plan.tranches() if x.offer is not None}
    path = FreshPath(
        number=0,
        probability=1.0,
        batch=0,
        scenario=scenarios.select(slice(0, 1)),
        happenings=(),
        price_level=np.ones((len(case.materials), 5)),
        demand_level=np.ones((len(case.final_products()), 5)),
    )
    found = PathRun(case, plan, 3, SolveTerms(3, 1, 60.0))(path)
    assert [x.failed_because for x in found.replannings] == [None]
    for cost in (found.printed, found.planned_again):
        assert found.clairvoyant_usd <= cost.shortage_cost_usd * (1 + 1e-6)
