"""The list of shortfalls in a plan: what units are made of counts, and no more.

1,000 wafers a month need 1 t of gallium and as much of germanium; in two of four months
China's 0.8 t of both are cut.
"""

import pytest
from hypothesis import given, settings

from models.plan import Shortfall
from models.reading import read_instance
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import mean
from optimizer.feasibility import Quantities, check
from optimizer.plan_document import Proof, write_plan
from tests import cases
from tests.cases import Case
from tests.laws.tiny_cases import LAW, SEEDS, solved
from tests.laws.tiny_cases import tiny_case as law_case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place, written_plan

CUT = [1.0, 0.0, 0.0, 1.0]


def shortfalls(case: Case, gallium: float, germanium: float) -> dict[str, Shortfall]:
    """Return the shortfall of each material by the tonnes held of it.

    The check counts the list again and finds nothing wrong with it.
    """
    cases.add_germanium(case)
    case["options"] = {"number_of_scenarios": 1}
    instance = read_instance(case)
    scenarios = one_scenario(
        instance,
        availability=dict.fromkeys(("gallium-chn", "gallium-chn-ge"), CUT),
        price={},
    )
    held = {"gallium": gallium, "germanium": germanium}
    tranches = [in_place(x, material=m) for m, x in held.items() if x > 0]
    decisions = decisions_of(instance, written_plan(instance, *tranches))
    happened = replay(instance, scenarios, decisions)
    cost = mean(happened.scenario_costs(), scenarios.probability)
    plan = write_plan(
        instance,
        scenarios,
        decisions,
        happened,
        Proof(cost, cost, 0, cost, None, "", 0),
    )
    quantities = Quantities(
        happened.allocation.allocated,
        happened.allocation.emergency,
        happened.allocation.shortage,
    )
    violations = check(instance, scenarios, plan, quantities)
    assert not [x for x in violations if x.row.startswith("shortfall")]
    return {x.material: x for x in plan.shortfalls}


def figures(x: Shortfall) -> tuple[float, float, float, float]:
    """Return gap, released, unused and uncovered tonnes."""
    return x.gap_tonnes, x.released_tonnes, x.unused_tonnes, x.uncovered_tonnes


@pytest.mark.parametrize("germanium", [0.0, 0.4, 1.2, 1.6])
def test_unusable_material_is_not_bought(tiny_case: Case, germanium: float) -> None:
    """All the gallium is released, and a wafer takes it up for its germanium alone."""
    found = shortfalls(tiny_case, 1.6, germanium)
    left = 1.6 - germanium
    assert figures(found["gallium"]) == pytest.approx((1.6, 1.6, left, left))
    assert figures(found["germanium"]) == pytest.approx((1.6, germanium, 0.0, left))


@settings(LAW, max_examples=4)
@given(seed=SEEDS)
def test_what_is_covered_comes_from_releases_and_contracts(seed: int) -> None:
    """Contracts cover the rest, no more than they deliver, and nothing without them."""
    case = law_case(seed)
    plan = solved(case, seed)
    years = read_instance(case).horizon.years
    delivered = {x.material: x.volume_tonnes_per_year * years for x in plan.contracts}
    for found in plan.shortfalls:
        most = delivered.get(found.material, 0.0)
        assert -1e-6 <= found.contract_tonnes <= most + 1e-6
