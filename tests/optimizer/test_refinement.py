"""A finer menu around the plan: valid, never dearer, reported correctly."""

from functools import cache

import pytest

from models.instance import Instance
from models.options import Method
from models.plan import Plan
from models.reading import InvalidCaseError, read_instance
from optimizer import SolveCallbacks, solve
from optimizer.executors.here import Here
from optimizer.refinement import refined
from optimizer.solve import planning_scenarios
from service.casefiles import load
from tests.optimizer.free_magnets import free_magnets
from tests.optimizer.vault_case import changed

COARSE = {
    "levels_days_of_cover": [30, 120, 365],
    "options.number_of_scenarios": 6,
    "options.gap": 0.04,
}


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return magnets with three levels."""
    return magnets()


@cache
def magnets() -> Instance:
    """Return magnets with three levels."""
    return read_instance(changed(free_magnets(), COARSE))


@cache
def told_by(
    rounds: int, method: Method = Method.EXTENSIVE_FORM
) -> tuple[Plan, tuple[Plan, ...]]:
    """Return the plan after a number of refinements, and those told on the way."""
    case, told = magnets(), list[Plan]()
    options = case.options.model_copy(
        update={"menu_refinements": rounds, "method": method}
    )
    found = solve(
        case.model_copy(update={"options": options}),
        callbacks=SolveCallbacks(on_incumbent=told.append),
        executors=(Here(),),
    )
    assert found.plan is not None
    return found.plan, tuple(told)


def plan_of(rounds: int, method: Method = Method.EXTENSIVE_FORM) -> Plan:
    """Return the plan after a number of refinements."""
    return told_by(rounds, method)[0]


def held_at(plan: Plan, days: float) -> Plan:
    """Return the plan with all tranches of pools at one level."""
    levels = tuple(
        level.model_copy(
            update={
                "tranches": tuple(
                    x.model_copy(update={"level_days_of_cover": days})
                    for x in level.tranches
                    if x.offer is None
                )
            }
        )
        for level in plan.levels
    )
    return plan.model_copy(update={"levels": levels})


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # Half way to 0 and to 120; to 30 and to 365, 242.5 rounded to even.
        (30, {15.0, 75.0}),
        (120, {75.0, 242.0}),
        # Above the highest as far as below it.
        (365, {242.0, 488.0}),
    ],
)
def test_levels_beside_those_that_are_held(
    case: Instance, days: float, expected: set[float]
) -> None:
    """Only those, for each material that is held, and none of the menu is lost."""
    plan = plan_of(0)
    finer = refined(case, held_at(plan, days))
    assert finer is not None
    for level in plan.levels:
        menu = set(finer.pool_levels_days_of_cover(level.material))
        is_held = any(x.offer is None for x in level.tranches)
        new = expected if is_held else set[float]()
        assert menu == {30.0, 120.0, 365.0} | new


def test_whole_days_come_to_an_end(case: Instance) -> None:
    """Between neighbouring days there is nothing to add."""
    plan = plan_of(0)
    crowded = case.model_copy(
        update={"levels_days_of_cover": (30.0, 119.0, 120.0, 121.0, 365.0)}
    )
    assert refined(crowded, held_at(plan, 120)) is None


def test_nothing_held_adds_nothing(case: Instance) -> None:
    """A plan that holds nothing gives no levels to refine."""
    plan = plan_of(0)
    empty = tuple(level.model_copy(update={"tranches": ()}) for level in plan.levels)
    assert refined(case, plan.model_copy(update={"levels": empty})) is None


@pytest.mark.parametrize("method", [Method.EXTENSIVE_FORM, Method.DECOMPOSITION])
def test_a_finer_menu_is_never_dearer(method: Method) -> None:
    """Neither plan nor bound rises, and the plan names the menu of its bound."""
    coarse, fine = plan_of(0, method), plan_of(2, method)
    assert fine.promise.objective_usd <= coarse.promise.objective_usd
    assert fine.promise.lower_bound_usd <= coarse.promise.objective_usd
    assert fine.promise.objective_usd < coarse.promise.objective_usd
    added = fine.provenance.options["added_levels_days_of_cover"]
    assert isinstance(added, dict)
    menu = {days for levels in added.values() for days in levels} | {30, 120, 365}
    pools = [x for x in fine.tranches() if x.offer is None]
    assert {x.level_days_of_cover for x in pools} <= menu
    assert {x.level_days_of_cover for x in pools} - {30, 120, 365}


def test_a_plan_is_read_back_and_replayed_on_the_same_scenarios(case: Instance) -> None:
    """Its options are the whole of what it was made with."""
    plan = plan_of(1)
    again = Plan.model_validate_json(plan.model_dump_json())
    assert again == plan
    options = type(case.options).model_validate(again.provenance.options)
    as_solved = case.model_copy(update={"options": options})
    assert as_solved.content_hash == plan.provenance.instance_hash
    drawn = planning_scenarios(as_solved)
    assert drawn.number_of_scenarios == plan.provenance.number_of_scenarios


@pytest.mark.parametrize("method", [Method.EXTENSIVE_FORM, Method.DECOMPOSITION])
def test_plans_told_on_the_way_only_get_better(method: Method) -> None:
    """Also where a finer menu begins with worse plans than before."""
    _, told = told_by(2, method)
    objectives = [plan.promise.objective_usd for plan in told]
    assert objectives == sorted(objectives, reverse=True)
    assert len(set(objectives)) == len(objectives) > 0


def test_an_interruption_ends_the_rounds(case: Instance) -> None:
    """What was found by then is the answer; no finer menu is begun."""
    seen: list[str] = []
    options = case.options.model_copy(update={"menu_refinements": 5})
    outcome = solve(
        case.model_copy(update={"options": options}),
        callbacks=SolveCallbacks(
            on_progress=lambda record: seen.append(record.stage),
            is_interrupted=lambda: "checked" in seen,
        ),
        executors=(Here(),),
    )
    assert outcome.plan is not None
    assert "refinement" not in seen


def test_levels_of_a_material_that_is_not_there() -> None:
    """They are a mistake, with its path."""
    raw = changed(dict(load("two_materials")), {})
    raw["options"] = {"added_levels_days_of_cover": {"gamma": [10]}}
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(raw)
    (mistake,) = caught.value.mistakes
    assert mistake.path == "options.added_levels_days_of_cover.gamma"
