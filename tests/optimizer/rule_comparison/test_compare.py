"""The comparison against an evaluation of plans that hold the rules themselves."""

import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from models.rule_comparison import RuleComparison, RuleKind
from optimizer.evaluation.evaluate import evaluate
from optimizer.rule_comparison.compare import compare_rules
from optimizer.solve import solve
from tests import cases
from tests.optimizer.vault_case import changed, vault_case

NUMBER, SEED = 260, 9  # more than are worked on at once
PHASE = cases.phase(30, 90, price_multiplier=2.0)
EVENT = cases.event("ban", PHASE, materials=["alpha"], hazard_per_year=1.0)
CHANGES = {"events+": EVENT, "rules+": cases.rule("half", 0.5)}


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Return the vault with a ban that comes once a year and two rules."""
    return read_instance(changed(vault_case(), CHANGES))


@pytest.fixture(scope="module")
def plan(instance: Instance) -> Plan:
    """Return its plan for a few scenarios."""
    found = solve(instance).plan
    assert found is not None
    return found


@pytest.fixture(scope="module")
def found(instance: Instance, plan: Plan) -> RuleComparison:
    """Return the comparison without the value of information."""
    return _compared(instance, plan)


def _compared(instance: Instance, plan: Plan) -> RuleComparison:
    return compare_rules(instance, plan, number_of_scenarios=NUMBER, seed=SEED)


def test_plan_and_no_vault_are_those_of_the_evaluation(
    instance: Instance, plan: Plan, found: RuleComparison
) -> None:
    """The same seed gives the same scenarios there."""
    expected = evaluate(instance, plan, number_of_scenarios=NUMBER, seed=SEED)
    own, bare = found.row(RuleKind.PLAN), found.row(RuleKind.NO_VAULT)
    assert own.expected_shortage_cost_usd == pytest.approx(
        expected.expected_shortage_cost_usd
    )
    assert own.confidence_interval_usd == pytest.approx(
        expected.confidence_interval_usd
    )
    assert own.cvar_usd == pytest.approx(expected.cvar_usd)
    assert own.lowest_cash_usd == pytest.approx(expected.lowest_cash_usd)
    assert own.difference_usd == 0
    assert bare.expected_shortage_cost_usd == pytest.approx(
        expected.cost_without_vault_usd
    )


def test_a_rule_costs_what_a_plan_costs_that_holds_it(
    instance: Instance, plan: Plan, found: RuleComparison
) -> None:
    """Each tranche rewritten by hand: half of the gap is released, by all together."""
    (level,) = plan.levels
    tonnes = sum(x.tonnes for x in level.tranches)
    tranches = tuple(
        x.model_copy(
            update={
                "steps": tuple(
                    step.model_copy(
                        update={
                            "release_tonnes_per_period": x.tonnes if step.alert else 0,
                            "coverage": 0.5 * x.tonnes / tonnes if step.alert else 0,
                        }
                    )
                    for step in x.steps
                )
            }
        )
        for x in level.tranches
    )
    levels = (level.model_copy(update={"tranches": tranches}),)
    other = plan.model_copy(update={"levels": levels})
    evaluated = evaluate(
        instance, plan, number_of_scenarios=NUMBER, seed=SEED, others=[other]
    ).others[0]
    (row,) = [x for x in found.rows if x.rule == "half"]
    assert row.expected_shortage_cost_usd == pytest.approx(
        evaluated.expected_shortage_cost_usd
    )
    assert row.difference_usd == pytest.approx(evaluated.difference_usd)
    assert row.difference_interval_usd == pytest.approx(
        evaluated.confidence_interval_usd
    )
    alone = evaluate(instance, other, number_of_scenarios=NUMBER, seed=SEED)
    assert row.lowest_cash_usd == pytest.approx(alone.lowest_cash_usd, abs=1e-6)
    assert row.difference_usd > 0


def test_the_clairvoyant_is_below_and_no_vault_above(found: RuleComparison) -> None:
    """Every kind has its row, and each rule of the menu one."""
    kinds = [row.kind for row in found.rows]
    assert set(kinds) == set(RuleKind)
    assert kinds.count(RuleKind.MENU_RULE) == 2
    costs = [row.expected_shortage_cost_usd for row in found.rows]
    assert min(costs) == costs[-1]
    assert max(costs) == costs[0]


def test_the_best_single_rule_is_one_of_the_menu_for_each_pool(
    instance: Instance, found: RuleComparison
) -> None:
    """With one pool its row is that of the rule that is named."""
    assert set(found.best_rules) == {"alpha"}
    best = found.row(RuleKind.BEST_SINGLE_RULE)
    (same,) = [x for x in found.rows if x.rule == found.best_rules["alpha"]]
    assert best.expected_shortage_cost_usd == same.expected_shortage_cost_usd
    assert same.rule in {x.id for x in instance.rules}


def test_a_plan_without_pools_has_rows(instance: Instance, plan: Plan) -> None:
    """All rules cost what no vault costs."""
    levels = tuple(x.model_copy(update={"tranches": ()}) for x in plan.levels)
    found = _compared(instance, plan.model_copy(update={"levels": levels}))
    assert found.best_rules == {}
    assert found.choosing_scenarios == 0
    costs = {round(x.expected_shortage_cost_usd, 3) for x in found.rows}
    assert len(costs) == 1
