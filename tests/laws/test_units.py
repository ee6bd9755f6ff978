"""The unit in which tonnes, output or money are written is no matter of planning."""

from itertools import product

import pytest

from models.outcome import Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer.solve import solve, solve_on
from service.casefiles import load
from tests.cases import Case, changed
from tests.laws.scaled_cases import Factors, scaled, scaled_scenarios
from tests.laws.tiny_cases import tiny_case, tiny_scenarios
from tests.thorough import some_of

METHODS = ("extensive_form", "decomposition")
# Cases of two, three and two materials; each kind of unit is changed in each of them.
SEEDS = (0, 825, 265)
CHANGES = [
    Factors(**{kind: factor})
    for kind, factor in product(("tonnes", "units", "money"), (1e-6, 1e-3, 1e3, 1e6))
]
SAME = 1e-6
MONEY = (
    "objective_usd",
    "cost_without_vault_usd",
    "budget_used_usd",
    "cost_of_holding_usd",
)


def planned(case: Case, method: str, seed: int, factors: Factors) -> Plan:
    """Return the plan of a drawn case times some factors."""
    scenarios = tiny_scenarios(read_instance(case), seed)
    other = changed(scaled(case, factors), {"options.method": method})
    outcome = solve_on(read_instance(other), scaled_scenarios(scenarios, factors))
    assert outcome.termination is Termination.OPTIMAL
    assert outcome.plan is not None
    return outcome.plan


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", some_of(range(len(SEEDS)), 1))
def test_a_scaled_case_has_the_scaled_plan(method: str, place: int) -> None:
    """Lots stay, tonnes and money are those of the plan times the factor."""
    seed = SEEDS[place]
    case = tiny_case(seed)
    plan = planned(case, method, seed, Factors())
    for factors in CHANGES[place :: len(SEEDS)]:
        other = planned(case, method, seed, factors)
        assert [x.lots for x in other.levels] == [x.lots for x in plan.levels]
        for found, expected in zip(other.levels, plan.levels, strict=True):
            tonnes = expected.tonnes * factors.tonnes
            assert found.tonnes == pytest.approx(tonnes, rel=SAME)
            cost = expected.cost_usd * factors.money
            assert found.cost_usd == pytest.approx(cost, rel=SAME)
        for name in MONEY:
            expected = getattr(plan.promise, name) * factors.money
            scale = plan.promise.cost_without_vault_usd * factors.money * SAME
            assert getattr(other.promise, name) == pytest.approx(
                expected, rel=SAME, abs=scale
            )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tonnes", [1e-9, 1e-12])
def test_a_milligram_in_a_phone(method: str, tonnes: float) -> None:
    """A material of which a unit needs a milligram, or a microgram, is planned."""
    factors = Factors(tonnes=1e-3, units=1e-3 / tonnes)
    case = scaled(dict(load("two_materials")), factors)
    outcome = solve(read_instance(changed(case, {"options.method": method})))
    assert outcome.termination is Termination.OPTIMAL
    assert outcome.plan is not None
    assert outcome.plan.promise.objective_usd == pytest.approx(2.25e6)
    assert [x.lots for x in outcome.plan.levels] == [100, 25]


@pytest.mark.parametrize("method", METHODS)
def test_grams_beside_megatonnes(method: str) -> None:
    """A gram of one material and a megatonne of another are one program."""
    case: Case = dict(load("two_materials"))
    alpha, beta = Factors(tonnes=1e-9), Factors(tonnes=1e6)
    case["materials"] = [_material(case, 0, alpha), _material(case, 1, beta)]
    case["products"] = [_product(case, 0, alpha), _product(case, 1, beta)]
    case = changed(
        case,
        {
            "storage_classes.0.capacity_tonnes": 1e12,
            "storage_classes.0.outload_tonnes_per_day": 1e12,
            "options.method": method,
        },
    )
    outcome = solve(read_instance(case))
    assert outcome.termination is Termination.OPTIMAL
    assert outcome.plan is not None
    assert [x.lots for x in outcome.plan.levels] == [100, 25]


def _material(case: Case, m: int, factors: Factors) -> Case:
    """Return a material of the case times the factors."""
    return scaled(case["materials"][m], factors)


def _product(case: Case, m: int, factors: Factors) -> Case:
    """Return the product of that material, whose units stay."""
    return scaled(case["products"][m], factors)
