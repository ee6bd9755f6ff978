"""A new plan in the middle of a path, made with what is known at that date."""

from dataclasses import dataclass, replace

import numpy as np

from models.allowed_levels import with_levels_of
from models.held_stock import PILES
from models.instance import Instance
from models.outcome import Outcome
from models.prices_today import prices_today
from models.reading import InvalidCaseError
from optimizer.checked_plan import PlanRejectedError
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.replay import replay
from optimizer.in_force.money import NotInAPositionError
from optimizer.in_force.moved import moved_case, with_takers
from optimizer.in_force.reserve_after import reserve_after
from optimizer.recourse.allocation import AllocationError
from optimizer.rehearsal.known_world import KnownWorld, events_to_come, known_world
from optimizer.rehearsal.paths import FreshPath, rest_of
from optimizer.rehearsal.stretch import Stretch
from optimizer.scenarios import ScenarioSet, sample
from optimizer.solve import solve_on


class NoNewPlanError(RuntimeError):
    """There is no new plan at a date, for the reason given."""


@dataclass(frozen=True, slots=True)
class SolveTerms:
    """How each new plan is made: scenarios and their seed; its time limit, seconds."""

    number_of_scenarios: int
    seed: int
    time_limit_s: float


def planned_again(
    instance: Instance,
    path: FreshPath,
    current: Stretch,
    period: int,
    terms: SolveTerms,
) -> Stretch:
    """Return the plan that is made at the start of a period of the path, replayed.

    Periods are counted from the start of the path's case, `instance`. Raises
    NoNewPlanError if the reserve cannot be stated, or its case has no plan.
    """
    world = known_world(instance, path, period)
    later = case_at(current, world, period - current.start)
    planning = planning_case(later, world, current.decisions, terms)
    seed = [terms.seed, path.number, period]
    scenarios = expected_scenarios(planning, world, terms.number_of_scenarios, seed)
    outcome = _solved(planning, scenarios)
    if outcome.plan is None:
        reasons = "; ".join((outcome.termination.value, *outcome.conflict))
        msg = f"the solve ended as {reasons}"
        raise NoNewPlanError(msg)
    decisions = decisions_of(later, outcome.plan)
    scenario = rest_of(path.scenario, period)
    happened = replay(later, scenario, decisions)
    promised = outcome.plan.promise
    return Stretch(period, later, scenario, decisions, happened, promised)


def case_at(current: Stretch, world: KnownWorld, periods: int) -> Instance:
    """Return the case as it stands after some periods of a stretch.

    Its position is what the reserve is then, at the prices of that day. It can keep
    free stock. Events of history are as they are seen then.
    """
    names = (m.id for m in current.instance.materials)
    levels = dict(zip(names, world.price_level.tolist(), strict=True))
    position = current.instance.position.model_copy(
        update={"disruptions": world.disruptions, "prices": prices_today(levels)}
    )
    seen = {event.id for event in world.as_seen}
    others = (event for event in current.instance.events if event.id not in seen)
    update = {"position": position, "events": (*others, *world.as_seen)}
    case = current.instance.model_copy(update=update)
    try:
        reserve = reserve_after(
            current.instance,
            current.scenario,
            current.decisions,
            current.happened,
            w=0,
            periods=periods,
        )
        case = with_takers(case, PILES if reserve.purchases else ("stock",))
        return moved_case(case, reserve).case
    except (NotInAPositionError, InvalidCaseError) as error:
        raise NoNewPlanError(str(error)) from None


def planning_case(
    case: Instance, world: KnownWorld, in_force: Decisions, terms: SolveTerms
) -> Instance:
    """Return the case that a new plan is made for, with the levels in force.

    Events that are over are left out, announced ones are certain. What would be bought
    before the start is bought in its first period: the day before, nobody knew.
    """
    if case.options.level_change_cap_days is not None:
        case = with_levels_of(case, in_force.tranches)
    ways = [
        x
        if not x.buys
        else x.model_copy(update={"build_up_periods": max(x.build_up_periods, 1)})
        for x in case.sourcing_options
    ]
    limit = min(case.options.time_limit_s, terms.time_limit_s)
    return case.model_copy(
        update={
            "options": case.options.model_copy(update={"time_limit_s": limit}),
            "events": tuple(events_to_come(case, world)),
            "sourcing_options": tuple(ways),
        }
    )


def expected_scenarios(
    case: Instance, world: KnownWorld, number_of_scenarios: int, seed: list[int]
) -> ScenarioSet:
    """Return planning scenarios that go on from today's demand, and from its prices.

    These are in the position of the case.
    """
    drawn = sample(
        case,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    return replace(drawn, demand=drawn.demand * world.demand_level[:, None, None])


def _solved(case: Instance, scenarios: ScenarioSet) -> Outcome:
    try:
        return solve_on(case, scenarios)
    except (PlanRejectedError, AllocationError) as error:
        raise NoNewPlanError(str(error)) from None
