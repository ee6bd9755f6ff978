"""A rehearsal: what a path costs in each way, and that no new plan looks ahead."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from models.rehearsal import Rehearsal, RehearsedPath
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.evaluate import evaluate
from optimizer.evaluation.replay import replay
from optimizer.executors import open_executors
from optimizer.in_force.decisions_in_force import in_force
from optimizer.rehearsal.known_world import known_world
from optimizer.rehearsal.path_run import PathRun
from optimizer.rehearsal.paths import FreshPath, fresh_paths, rest_of
from optimizer.rehearsal.planning_again import (
    SolveTerms,
    case_at,
    expected_scenarios,
    planned_again,
    planning_case,
)
from optimizer.rehearsal.rehearse import rehearse
from optimizer.rehearsal.stretch import Stretch, cost_of
from optimizer.scenarios.market import price_levels
from optimizer.solve import solve
from tests import cases

SEED = 3
PERIODS = 6
BAN = cases.event(
    "chn-ban", cases.phase(60, 120, price_multiplier=2.0), hazard_per_year=1.5
)
TERMS = SolveTerms(5, SEED, 60.0)


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return half a year of gallium with prices and demand that move, and its loans."""
    tiny = cases.smallest_case()
    changes = {
        "horizon": cases.horizon(PERIODS, discount_rate_per_year=0.05),
        "sourcing_options+": cases.sourcing("slow", 3),
        "materials.0.lot_tonnes": 0.001,
        "levels_days_of_cover": [10, 30, 60],
        "financing.facilities.0.limit_usd": 6e5,
        "financing.facilities.1.limit_usd": 2e5,
        "materials.0.price_volatility_per_year": 0.3,
        "products.0.demand_volatility_per_year": 0.1,
        "participants.0.working_buffer_days": 10.0,
        "storage_classes.0.notice_days": 10.0,
        "events": [BAN],
        "options": {"number_of_scenarios": 10, "seed": 1},
    }
    return read_instance(cases.changed(tiny, changes))


@pytest.fixture(scope="module")
def plan(case: Instance) -> Plan:
    """Return a solved plan of the case."""
    plan = solve(case).plan
    assert plan is not None
    return plan


@pytest.fixture(scope="module")
def rehearsed(case: Instance, plan: Plan) -> Rehearsal:
    """Return four paths that are planned again twice each."""
    return _rehearsed(case, plan)


def _rehearsed(
    case: Instance,
    plan: Plan,
    *,
    every: int = 2,
    finished: Sequence[RehearsedPath] = (),
    ended: list[int] | None = None,
    enough: int = 100,
) -> Rehearsal:
    numbers: list[int] = [] if ended is None else ended
    with open_executors("here") as executors:
        return rehearse(
            case,
            plan,
            replan_every=every,
            number_of_paths=4,
            number_of_scenarios=5,
            time_limit_s=60.0,
            seed=SEED,
            finished=finished,
            on_path=lambda path: numbers.append(path.number),
            is_interrupted=lambda: len(numbers) >= enough,
            executors=executors,
        )


def _timeless(found: Rehearsal) -> Rehearsal:
    paths = tuple(x.model_copy(update={"seconds": 0.0}) for x in found.paths)
    return found.model_copy(update={"seconds": 0.0, "paths": paths})


def test_without_a_date_it_is_the_evaluation_of_the_plan(
    case: Instance, plan: Plan
) -> None:
    """Both ways cost what an evaluation says on the same scenarios."""
    found = _rehearsed(case, plan, every=PERIODS)
    known = evaluate(case, plan, number_of_scenarios=4, seed=SEED)
    assert found.solves == 0
    assert found.printed == found.planned_again
    shortage, holding = (
        found.printed.shortage_cost_usd,
        found.printed.cost_of_holding_usd,
    )
    assert shortage.mean == pytest.approx(known.expected_shortage_cost_usd, rel=1e-9)
    assert known.benefit is not None
    expected = known.benefit.cost_of_holding_usd.mean
    assert holding.mean == pytest.approx(expected, rel=1e-9)


def test_nobody_beats_the_clairvoyant(rehearsed: Rehearsal) -> None:
    """On no path, whichever way it is followed; some path has a shortage."""
    assert rehearsed.solves == 8
    assert rehearsed.printed.shortage_cost_usd.mean > 0
    for path in rehearsed.paths:
        for cost in (path.printed, path.planned_again):
            assert path.clairvoyant_usd <= cost.shortage_cost_usd * (1 + 1e-6) + 1e-3


def test_worth_is_the_difference_path_by_path(rehearsed: Rehearsal) -> None:
    """Of means and of both costs; plans move."""
    worth = rehearsed.worth
    for name in ("shortage_cost_usd", "cost_of_holding_usd", "total_usd"):
        printed, again = (
            getattr(x, name).mean for x in (rehearsed.printed, rehearsed.planned_again)
        )
        assert getattr(worth, name).mean == pytest.approx(printed - again)
        assert getattr(worth, name).confidence_interval is not None
    assert rehearsed.moves[0].days > 0


def test_a_resumed_run_equals_one_that_was_not_interrupted(
    case: Instance, plan: Plan, rehearsed: Rehearsal
) -> None:
    """Finished paths are not run again; the others come out the same."""
    first = _rehearsed(case, plan, enough=1)
    assert [x.number for x in first.paths] == [0]
    ended: list[int] = []
    resumed = _rehearsed(case, plan, finished=first.paths, ended=ended)
    assert ended == [1, 2, 3]
    assert _timeless(resumed) == _timeless(rehearsed)


@pytest.mark.parametrize("period", [1, 2, 4])
def test_following_the_same_plan_on_costs_what_it_did(
    case: Instance, plan: Plan, period: int
) -> None:
    """What is stated at a date and goes on from there is all that there was."""
    for path in fresh_paths(case, number_of_paths=4, seed=SEED):
        printed = _printed(case, plan, path)
        later = case_at(printed, known_world(case, path, period), period)
        decisions = in_force(later, printed.decisions, period)
        rest = rest_of(path.scenario, period)
        happened = replay(later, rest, decisions)
        second = Stretch(period, later, rest, decisions, happened, plan.promise)
        known, found = cost_of(case, [printed]), cost_of(case, [printed, second])
        assert found.shortage_cost_usd == pytest.approx(known.shortage_cost_usd)
        assert found.cost_of_holding_usd == pytest.approx(known.cost_of_holding_usd)


def test_what_comes_for_a_right_that_has_ended_is_there_for_both(
    case: Instance,
) -> None:
    """It is nobody's, and counts at the end whether or not there is a new plan."""
    terms = {"participant": "maker", "maximum_lots": 40, "repurchase_period": 2}
    ship = cases.purchase("ship", 0.01, route="gallium-deu", arrival_period=3)
    changes = {
        "entitlement_offers+": cases.offer(id="right", material="gallium", **terms),
        "position": {
            "rights": [{"offer": "right", "lots": 30, "sourcing": "in-place"}],
            "purchases": [ship | {"right": "right", "price_usd_per_tonne": 1.0}],
            "stock": [cases.stock_lot("pile", 0.02, right="right")],
        },
    }
    content = case.model_dump(mode="json", exclude_none=True)
    reserve = read_instance(cases.changed(content, changes))
    made = solve(reserve).plan
    assert made is not None
    test_following_the_same_plan_on_costs_what_it_did(reserve, made, 4)


def test_what_comes_for_nobody_expires_for_both(case: Instance) -> None:
    """Within 70 days of its arrival, whether or not there is a new plan."""
    ship = cases.purchase("ship", 0.1, route="gallium-deu", arrival_period=0)
    changes = {
        "horizon": cases.horizon(PERIODS, period="month"),
        "materials.0.shelf_life_days": 70.0,
        "position": {"purchases": [ship | {"price_usd_per_tonne": 1.0}]},
    }
    content = case.model_dump(mode="json", exclude_none=True)
    reserve = read_instance(cases.changed(content, changes))
    made = solve(reserve).plan
    assert made is not None
    test_following_the_same_plan_on_costs_what_it_did(reserve, made, 4)


def test_a_new_plan_reads_nothing_of_later_days(case: Instance, plan: Plan) -> None:
    """Whatever comes after the date, the plan that is made on it is the same."""
    paths = fresh_paths(case, number_of_paths=4, seed=SEED)
    for path, other in pairwise(paths):
        twin = _with_rest_of(case, path, other, 2)
        made, remade = (
            planned_again(case, x, _printed(case, plan, x), 2, TERMS)
            for x in (path, twin)
        )
        assert made.decisions.tranches == remade.decisions.tranches
        assert (made.decisions.draws == remade.decisions.draws).all()


def test_a_new_plan_counts_free_stock_at_the_price_of_its_day(
    case: Instance, plan: Plan
) -> None:
    """As its scenarios begin with: what is held earns nothing by being held."""
    path = fresh_paths(case, number_of_paths=1, seed=SEED)[0]
    world = known_world(case, replace(path, happenings=()), 2)
    later = case_at(_printed(case, plan, path), world, 2)
    later = later.model_copy(update={"events": ()})
    scenarios = expected_scenarios(later, world, 3, [SEED])
    today = scenarios.base_price[:, 0] * price_levels(later)
    assert abs(world.price_level[0] - 1) > 0.01
    assert scenarios.price[:, :, 0] == pytest.approx(np.tile(today, (3, 1)).T)


def test_where_there_is_no_new_plan_the_old_one_is_followed(
    case: Instance, plan: Plan
) -> None:
    """Debt beyond a covenant: the reason is told, the cost is the same."""
    money = case.financing.model_copy(update={"debt_to_equity_limit": 0.01})
    wanting = case.model_copy(update={"financing": money})
    path = fresh_paths(wanting, number_of_paths=1, seed=SEED)[0]
    found = PathRun(wanting, plan, 3, TERMS)(path)
    (date,) = found.replannings
    reason = date.failed_because or ""
    assert reason.startswith("the solve ended as INFEASIBLE; ")
    assert "debt_to_equity: financing.debt_to_equity_limit = 0.01" in reason
    assert found.planned_again == found.printed


def test_a_cap_on_changes_counts_from_the_plan_before(
    case: Instance, plan: Plan
) -> None:
    """A new plan knows its levels; without a cap they say nothing."""
    path = fresh_paths(case, number_of_paths=1, seed=SEED)[0]
    options = case.options.model_copy(update={"level_change_cap_days": 2.0})
    capped = case.model_copy(update={"options": options})
    world, decisions = known_world(case, path, 2), decisions_of(case, plan)
    (level,) = planning_case(capped, world, decisions, TERMS).position.levels
    assert level.tonnes == pytest.approx(plan.levels[0].tonnes)
    ended = replace(
        decisions,
        tranches=tuple(
            x.model_copy(update={"offer": "ended"}) for x in decisions.tranches
        ),
    )
    (level,) = planning_case(capped, world, ended, TERMS).position.levels
    assert level.tonnes == 0
    assert not planning_case(case, world, decisions, TERMS).position.levels


def _printed(case: Instance, plan: Plan, path: FreshPath) -> Stretch:
    decisions = decisions_of(case, plan)
    happened = replay(case, path.scenario, decisions)
    return Stretch(0, case, path.scenario, decisions, happened, plan.promise)


def _with_rest_of(
    case: Instance, path: FreshPath, other: FreshPath, period: int
) -> FreshPath:
    """Return a path that goes on as another one from a period on.

    Levels are known in that period; a phase that is in force lasts longer.
    """
    day = case.horizon.period_offsets_days[period]
    past = [
        replace(x, phase_days=tuple(days + 40 for days in x.phase_days))
        if x.onset_day + sum(x.phase_days) > day
        else x
        for x in path.happenings
        if x.onset_day <= day
    ]
    later = [x for x in other.happenings if x.onset_day > day]
    mine, theirs = path.scenario, other.scenario
    # The demand of the first new period is known, as that of period 0 is.
    known = {"availability": 0, "announced": 0, "price": 0, "demand": 1}
    arrays = {
        name: np.concatenate(
            [
                getattr(mine, name)[..., : period + more],
                getattr(theirs, name)[..., period + more :],
            ],
            axis=-1,
        )
        for name, more in known.items()
    }
    return replace(path, scenario=replace(mine, **arrays), happenings=(*past, *later))
