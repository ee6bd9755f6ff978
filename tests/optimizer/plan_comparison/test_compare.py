"""Two plans of real cases side by side: what changes, why, what keeping one costs."""

import pytest

from models.instance import Instance
from models.moved_on import moved_on
from models.opening_position import OpeningPosition
from models.plan_comparison import PlanComparison, Topic
from models.reading import read_instance
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.objective import objective_of_replay
from optimizer.evaluation.replay import replay
from optimizer.in_force.decisions_in_force import decisions_in_force
from optimizer.in_force.moved import moved_case
from optimizer.in_force.reserve_after import reserve_after
from optimizer.plan_comparison.compare import PlanOfCase, compare_plans, plan_changes
from optimizer.plan_comparison.effects import with_topic
from optimizer.solve import planning_scenarios, solve
from tests import cases
from tests.optimizer.vault_case import PRICE, changed, vault_case

SEED, NUMBER = 9, 20
PHASE = cases.phase(30, 90, price_multiplier=2.0)
EVENT = cases.event("ban", PHASE, materials=["alpha"], hazard_per_year=1.0)
BEFORE = {"events+": EVENT, "rules+": cases.rule("half", 0.5)}
DEMAND = "products.0.demand_units_per_year"
LOAN = "financing.facilities.0.limit_usd"


def case_of(**changes: object) -> Instance:
    """Return the vault with a ban that comes once a year, and changes by path."""
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return read_instance(changed(changed(vault_case(), BEFORE), paths))


@pytest.fixture(scope="module")
def before() -> PlanOfCase:
    """Return the plan of the vault for a few scenarios."""
    return planned(case_of())


@pytest.fixture(scope="module")
def after() -> PlanOfCase:
    """Return the plan if engines need twice as much and the loan is half as large."""
    return planned(
        case_of(products__0__demand_units_per_year=1_920.0, **{LOAN: 75_000.0})
    )


def planned(case: Instance) -> PlanOfCase:
    """Return a case with its plan."""
    plan = solve(case).plan
    assert plan is not None
    return PlanOfCase(case, plan)


@pytest.fixture(scope="module")
def found(before: PlanOfCase, after: PlanOfCase) -> PlanComparison:
    """Return the comparison of both."""
    return compared(before, after)


def compared(before: PlanOfCase, after: PlanOfCase) -> PlanComparison:
    """Return the comparison of two plans on a few fresh scenarios."""
    return compare_plans(before, after, number_of_scenarios=NUMBER, seed=SEED)


def test_a_plan_beside_itself_changes_nothing(before: PlanOfCase) -> None:
    """No level, rule or fact; keeping it costs nothing, and it keeps all limits."""
    found = compared(before, before)
    assert not any(x.is_changed for x in found.levels)
    assert found.tranches == found.steps == found.topics == ()
    assert all(x.change in {0, None} for x in found.figures)
    assert found.is_within_gaps
    assert found.is_of_one_horizon
    assert found.kept is not None
    assert found.kept.dearer_usd == pytest.approx(0, abs=1e-3)
    assert found.kept.fresh.difference_usd == 0
    assert found.kept.broken_limits == ()
    assert found.kept.is_within_gap


def test_promise_money_and_levels_are_those_of_the_plans(
    before: PlanOfCase, after: PlanOfCase, found: PlanComparison
) -> None:
    """Each figure stands as in its plan, with the difference."""
    drawn = found.figure("budget_used_usd")
    assert drawn.before == before.plan.promise.budget_used_usd
    assert drawn.after == after.plan.promise.budget_used_usd
    assert drawn.change is not None
    assert drawn.change < 0
    (level,) = found.levels
    assert level.before_tonnes == before.plan.levels[0].tonnes
    assert level.after_tonnes == after.plan.levels[0].tonnes
    assert level.is_changed


def test_the_best_objective_has_changed_by_more_than_the_gaps(
    before: PlanOfCase, after: PlanOfCase, found: PlanComparison
) -> None:
    """Twice the demand costs more, whatever the gaps leave open."""
    low, high = found.best_objective_change_usd
    change = after.plan.promise.objective_usd - before.plan.promise.objective_usd
    assert 0 < low <= change <= high
    assert not found.is_within_gaps


def test_facts_are_listed_by_topic(found: PlanComparison) -> None:
    """The two fields that differ, each in its topic, with their relative change."""
    listed = {
        topic.topic: [(fact.path, fact.relative_change) for fact in topic.facts]
        for topic in found.topics
    }
    assert listed == {
        Topic.DEMAND: [("products[engine].demand_units_per_year", 1.0)],
        Topic.FINANCING: [("financing.facilities[loan].limit_usd", -0.5)],
    }


def test_money_alone_moves_no_shortage_of_a_plan_that_keeps_its_rules(
    found: PlanComparison,
) -> None:
    """Twice the demand does."""
    effects = {
        x.topic: (x.cost_without_vault_effect_usd, x.shortage_cost_effect_usd)
        for x in found.topics
    }
    assert effects[Topic.FINANCING] == (0, 0)
    without_vault, with_plan = effects[Topic.DEMAND]
    assert without_vault is not None
    assert with_plan is not None
    assert with_plan > 0
    assert without_vault > 0


def test_the_effect_of_the_only_topic_is_what_keeping_the_plan_adds(
    before: PlanOfCase,
) -> None:
    """Promise plus effect is the objective of the plan in the other case."""
    case = case_of(products__0__demand_units_per_year=1_200.0)
    found = compared(before, PlanOfCase(case, before.plan))
    (topic,) = found.topics
    assert topic.shortage_cost_effect_usd is not None
    assert found.kept is not None
    promised = before.plan.promise.expected_shortage_cost_usd
    moved = promised + topic.shortage_cost_effect_usd
    assert found.kept.objective_usd == pytest.approx(moved)


def test_a_case_with_all_topics_of_another_is_that_case(
    before: PlanOfCase, after: PlanOfCase
) -> None:
    """One topic after the other is put in; nothing is left out."""
    case: Instance | None = before.case
    for topic in Topic:
        assert case is not None
        case = with_topic(case, after.case, topic)
    assert case == after.case


def test_limits_that_a_kept_plan_breaks_are_named(
    before: PlanOfCase, found: PlanComparison
) -> None:
    """Half of the loan does not pay for it; what it states of itself is no limit."""
    kept = found.kept
    assert kept is not None
    assert kept.fresh.plan_hash == before.plan.content_hash
    assert any("draw_limit [loan]" in limit for limit in kept.broken_limits)
    assert not any("exactly" in limit for limit in kept.broken_limits)


def test_a_plan_that_keeps_the_limits_is_no_better_than_the_bound(
    before: PlanOfCase,
) -> None:
    """With twice the loan, the plan of before is dearer than the new one."""
    new = planned(case_of(**{LOAN: 300_000.0}))
    kept = compared(before, new).kept
    assert kept is not None
    assert kept.broken_limits == ()
    assert kept.dearer_usd > kept.gap_usd
    assert not kept.is_within_gap


def test_plans_of_other_periods_are_compared(before: PlanOfCase) -> None:
    """What can be read off is; the one of before cannot be followed."""
    later = case_of(horizon__number_of_periods=5, horizon__start="2027-02-01")
    financing = before.plan.financing[:5]
    plan = before.plan.model_copy(update={"financing": financing})
    found = compared(before, PlanOfCase(later, plan))
    assert not found.is_of_one_horizon
    assert found.kept is None
    assert found.not_kept_because == (
        "the plan has 6 periods, expected 5 left as in the case"
    )
    (topic,) = found.topics
    assert topic.topic is Topic.TIME
    assert topic.shortage_cost_effect_usd is None


def test_without_cases_only_the_plans_are_compared(
    before: PlanOfCase, after: PlanOfCase, found: PlanComparison
) -> None:
    """Levels, rules and figures are the same."""
    bare = plan_changes(before.plan, after.plan)
    assert not bare.has_facts
    assert (bare.figures, bare.levels, bare.tranches, bare.steps) == (
        found.figures,
        found.levels,
        found.tranches,
        found.steps,
    )
    assert bare.topics == ()
    assert bare.kept is None


def test_a_later_case_is_compared_with_the_first_one_as_it_stands_then(
    before: PlanOfCase,
) -> None:
    """Only what is there and what has changed since are facts, not the time itself."""
    lot = cases.stock_lot("left", 2.0, material="alpha")
    there = OpeningPosition.model_validate({"stock": [lot]})
    later = moved_on(before.case, 2, position=there).case
    paid = {"price_usd_per_tonne": 1.1 * PRICE}
    dearer = later.model_copy(
        update={"materials": (later.materials[0].model_copy(update=paid),)}
    )
    financing = before.plan.financing[2:]
    plan = before.plan.model_copy(update={"financing": financing})
    found = compared(before, PlanOfCase(dearer, plan))
    assert found.periods_later == 2
    assert [x.topic for x in found.topics] == [Topic.POSITION, Topic.PRICES]
    (price,) = found.topics[1].facts
    assert price.path == "materials[alpha].price_usd_per_tonne"
    assert price.relative_change == pytest.approx(0.1)
    assert found.not_kept_because == (
        "no lot of position.stock names a tranche, "
        "expected lots that say which tranche of the plan holds them"
    )


def test_a_plan_is_kept_from_what_its_reserve_is_later(before: PlanOfCase) -> None:
    """It goes on with what its tranches hold; only position and money are facts."""
    scenarios = planning_scenarios(before.case)
    decisions = decisions_of(before.case, before.plan)
    happened = replay(before.case, scenarios, decisions)
    reserve = reserve_after(before.case, scenarios, decisions, happened, w=0, periods=2)
    later = planned(moved_case(before.case, reserve).case)
    found = compared(before, later)
    assert [x.topic for x in found.topics] == [Topic.POSITION, Topic.FINANCING]
    effects = [x.shortage_cost_effect_usd for x in found.topics]
    assert effects == [None, 0]
    assert found.topics[0].cost_without_vault_effect_usd is not None
    kept = found.kept
    assert kept is not None
    assert kept.broken_limits == ()
    in_force = decisions_in_force(later.case, before.plan)
    drawn = planning_scenarios(later.case)
    happened = replay(later.case, drawn, in_force)
    assert kept.objective_usd == objective_of_replay(
        later.case, happened, drawn.probability
    )
    # The new plan has no option that takes free stock, and money for nothing more.
    assert kept.fresh.difference_usd < 0


@pytest.mark.parametrize("price", [PRICE, 2 * PRICE])
def test_a_price_is_a_topic_of_its_own(before: PlanOfCase, price: float) -> None:
    """Fields of a material belong to prices, storage, the menu or supply."""
    case = case_of(materials__0__price_usd_per_tonne=price)
    topics = [x.topic for x in compared(before, PlanOfCase(case, before.plan)).topics]
    assert topics == ([Topic.PRICES] if price > PRICE else [])
