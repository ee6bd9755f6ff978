"""A new plan in the middle of a path, made with what is known at that date."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count

import numpy as np

from models.instance import Instance
from models.opening_position import LevelInForce
from models.outcome import Outcome
from models.reading import InvalidCaseError
from models.supply import SourcingOption
from optimizer.checked_plan import PlanRejectedError
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.replay import replay
from optimizer.in_force.money import NotInAPositionError
from optimizer.in_force.moved import moved_case
from optimizer.in_force.reserve_after import reserve_after
from optimizer.recourse.allocation import AllocationError
from optimizer.rehearsal.known_world import KnownWorld, events_to_come, known_world
from optimizer.rehearsal.paths import FreshPath, rest_of
from optimizer.rehearsal.stretch import Stretch
from optimizer.scenarios import ScenarioSet, sample
from optimizer.solve import solve_on

HELD = "held"


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
    return Stretch(period, later, scenario, decisions, happened)


def case_at(current: Stretch, world: KnownWorld, periods: int) -> Instance:
    """Return the case as it stands after some periods of a stretch.

    Its position is what the reserve is then. It can keep free stock.
    """
    position = current.instance.position.model_copy(
        update={"disruptions": world.disruptions}
    )
    case = current.instance.model_copy(
        update={
            "position": position,
            "sourcing_options": tuple(_with_held(current.instance)),
        }
    )
    try:
        reserve = reserve_after(
            current.instance,
            current.scenario,
            current.decisions,
            current.happened,
            w=0,
            periods=periods,
        )
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
    ways = [
        x
        if x.is_held
        else x.model_copy(update={"build_up_periods": max(x.build_up_periods, 1)})
        for x in case.sourcing_options
    ]
    limit = min(case.options.time_limit_s, terms.time_limit_s)
    return case.model_copy(
        update={
            "options": case.options.model_copy(update={"time_limit_s": limit}),
            "position": case.position.model_copy(
                update={"levels": _levels(case, in_force)}
            ),
            "events": tuple(events_to_come(case, world)),
            "sourcing_options": tuple(ways),
        }
    )


def _levels(case: Instance, in_force: Decisions) -> tuple[LevelInForce, ...]:
    """Return what is to be held of all materials, where that limits a new plan."""
    if case.options.level_change_cap_days is None:
        return case.position.levels
    level = dict.fromkeys((x.id for x in case.materials), 0.0)
    for tranche in in_force.tranches:
        level[tranche.material] += tranche.tonnes
    return tuple(LevelInForce(material=m, tonnes=x) for m, x in level.items())


def expected_scenarios(
    case: Instance, world: KnownWorld, number_of_scenarios: int, seed: list[int]
) -> ScenarioSet:
    """Return planning scenarios that go on from today's prices and demand."""
    drawn = sample(
        case,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    return replace(
        drawn,
        price=drawn.price * world.price_level[:, None, None],
        demand=drawn.demand * world.demand_level[:, None, None],
    )


def _with_held(case: Instance) -> Iterator[SourcingOption]:
    """Yield the sourcing options of a case, and one that keeps what is held."""
    yield from case.sourcing_options
    if not any(x.is_held for x in case.sourcing_options):
        names = {x.id for x in case.sourcing_options}
        numbered = (f"{HELD}-{number}" for number in count(2))
        name = next(x for x in chain((HELD,), numbered) if x not in names)
        yield SourcingOption(
            id=name, name="Held", origins="any", build_up_periods=0, is_held=True
        )


def _solved(case: Instance, scenarios: ScenarioSet) -> Outcome:
    try:
        return solve_on(case, scenarios)
    except (PlanRejectedError, AllocationError) as error:
        raise NoNewPlanError(str(error)) from None
