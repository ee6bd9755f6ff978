"""The scenarios that a plan is followed through: fresh, its own, or those of a file."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.disruption import Event
from models.evaluation import ScenarioSource
from models.instance import Instance
from models.options import SolveOptions
from models.plan import Plan
from optimizer.evaluation.decisions import PlanMismatchError
from optimizer.scenarios import Batches, courses_in_batches, sample, sample_batches
from optimizer.scenarios.content import scenarios_hash
from optimizer.scenarios.sampling import drawn_courses
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.scenarios.timeline import Course

HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class FollowedScenarios:
    """Scenarios with their batches, and the events in them as far as they are known."""

    drawn: Batches
    courses: Sequence[tuple[Event, Course]]
    kind: ScenarioSource


def fresh_scenarios(
    instance: Instance, number_of_scenarios: int, seed: int
) -> FollowedScenarios:
    """Return scenarios that are drawn for this alone."""
    drawn = sample_batches(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    courses = courses_in_batches(
        instance,
        number_of_scenarios=number_of_scenarios,
        generator=np.random.default_rng(seed),
    )
    return FollowedScenarios(drawn, courses, ScenarioSource.FRESH)


def own_scenarios(
    instance: Instance, plan: Plan, given: ScenarioSet | None = None
) -> FollowedScenarios:
    """Return the scenarios that a plan was made for, as one batch.

    Raises PlanMismatchError if they cannot be had, see `scenarios_of_plan`.
    """
    options = SolveOptions.model_validate(plan.provenance.options)
    as_solved = instance.model_copy(update={"options": options})
    scenarios = scenarios_of_plan(as_solved, plan, given)
    courses: Sequence[tuple[Event, Course]] = ()
    if not scenarios.file_hash:
        courses = drawn_courses(
            as_solved,
            number_of_scenarios=options.number_of_scenarios,
            generator=np.random.default_rng(options.seed),
        )
    return FollowedScenarios(one_batch(scenarios), courses, ScenarioSource.PLANNING)


def scenarios_of_file(given: ScenarioSet) -> FollowedScenarios:
    """Return the scenarios of a file as one batch; no event is known in them."""
    return FollowedScenarios(one_batch(given), (), ScenarioSource.FILE)


def one_batch(scenarios: ScenarioSet) -> Batches:
    """Return scenarios as one batch, which has no interval."""
    return Batches(scenarios, np.zeros(scenarios.number_of_scenarios, dtype=np.int64))


def scenarios_of_plan(
    as_solved: Instance, plan: Plan, given: ScenarioSet | None = None
) -> ScenarioSet:
    """Return the scenarios that a plan was made for; the case has its options.

    given are those of a file. Raises PlanMismatchError if the plan was made for those
    of a file and this is another one or none, and if it was made for drawn ones and
    this has others.
    """
    made_for = plan.provenance.scenarios_hash
    options = as_solved.options
    drawn = None
    if made_for is None:
        drawn = sample(
            as_solved,
            number_of_scenarios=options.number_of_scenarios,
            generator=np.random.default_rng(options.seed),
        )
    if given is None and drawn is not None:
        return drawn
    wanted = made_for or (drawn and scenarios_hash(as_solved, drawn)) or ""
    if given is not None and given.file_hash == wanted:
        return drawn or given
    found = (
        "none" if given is None else f"those with hash {given.file_hash[:HASH_SHOWN]}"
    )
    raise PlanMismatchError(
        found=f"scenarios: {found}",
        expected=f"--scenarios-from with those that the plan was made for, with hash "
        f"{wanted[:HASH_SHOWN]}",
    )
