"""Time is up at any look at the clock: each step sees it, and each end has its plan."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.reading import read_instance
from optimizer import SolveCallbacks, solve
from optimizer.checked_plan import accept
from optimizer.deadline import Deadline, OutOfTimeError, enforced, look
from optimizer.decomposition.scenario_blocks import divided
from optimizer.evaluation.decisions import decisions_of, nothing_held
from optimizer.evaluation.replay import replay
from optimizer.executors.here import Here
from optimizer.feasibility import Quantities
from optimizer.first_stage.conflict import conflicting_limits
from optimizer.formulation import build
from optimizer.least_plan import least_plan
from optimizer.policies.market import observe
from optimizer.problem import (
    complete_problem,
    completed,
    first_stage_problem,
    recourse_of,
)
from optimizer.separation import SeparatedProgram
from optimizer.solve import planning_scenarios
from service.casefiles import load
from tests.optimizer.vault_case import Changes, bans, changed, vault_case

MOST_LOOKS_AFTERWARDS = 40


@dataclass(slots=True)
class JumpingClock:
    """A clock that stands still for some looks; then an hour has gone."""

    looks_before: int
    looks: int = 0

    def __call__(self) -> float:
        """Return the seconds, and count the look."""
        self.looks += 1
        return 3600.0 if self.looks > self.looks_before else 0.0

    def looks_afterwards(self) -> int:
        """Return how often the clock was read after the hour."""
        return max(self.looks - self.looks_before, 0)


def two_materials(method: str) -> Instance:
    """Return the case, with a few scenarios, for a method."""
    changes: Changes = {
        "options.method": method,
        "options.number_of_scenarios": 4,
        "options.time_limit_s": 10.0,
    }
    return read_instance(changed(dict(load("two_materials")), changes))


def assert_checked(instance: Instance, outcome: Outcome) -> None:
    """Assert that the plan of an outcome keeps its promise and all limits."""
    assert outcome.plan is not None
    scenarios = planning_scenarios(instance)
    allocation = replay(
        instance, scenarios, decisions_of(instance, outcome.plan)
    ).allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    accept(instance, scenarios, outcome.plan, quantities)


@pytest.mark.parametrize("method", ["extensive_form", "decomposition"])
def test_wherever_time_is_up_the_solve_ends_at_once(method: str) -> None:
    """With a plan as soon as the least one was checked, and the best one found."""
    instance = two_materials(method)
    whole = JumpingClock(1_000_000)
    final = solve(instance, clock=whole)
    assert final.plan is not None
    has_plan: list[bool] = []
    costs: list[float] = []
    for looks in np.unique(np.geomspace(1, whole.looks, 25).astype(int)):
        clock = JumpingClock(int(looks))
        outcome = solve(instance, clock=clock)
        has_plan.append(outcome.plan is not None)
        assert clock.looks_afterwards() <= MOST_LOOKS_AFTERWARDS
        if outcome.plan is None:
            assert outcome.termination is Termination.TIME_LIMIT
            continue
        assert_checked(instance, outcome)
        assert outcome.plan.promise.lower_bound_usd >= 0
        costs.append(outcome.plan.promise.objective_usd)
    assert has_plan == sorted(has_plan)
    assert not has_plan[0]
    assert has_plan[-1]
    least, best = max(costs), final.plan.promise.objective_usd
    assert least == final.plan.promise.cost_without_vault_usd
    assert min(costs) == pytest.approx(best)


@pytest.mark.parametrize("method", ["extensive_form", "decomposition"])
def test_wherever_it_is_interrupted_the_solve_ends(method: str) -> None:
    """It says so, and has a plan as soon as the least one was checked."""
    instance = two_materials(method)
    has_plan: list[bool] = []
    for looks in (1, 10, 100, 1_000, 10_000):
        left = iter(range(looks))
        outcome = solve(
            instance,
            callbacks=SolveCallbacks(is_interrupted=lambda: next(left, None) is None),  # noqa: B023
        )
        has_plan.append(outcome.plan is not None)
        if outcome.plan is None:
            assert outcome.termination is Termination.INTERRUPTED
        else:
            assert_checked(instance, outcome)
    assert has_plan == sorted(has_plan)
    assert not has_plan[0]
    assert has_plan[-1]


INSTANCE = read_instance(vault_case())
SCENARIOS = bans(INSTANCE)
PROBLEM = first_stage_problem(INSTANCE, SCENARIOS)
WHOLE = complete_problem(INSTANCE, SCENARIOS)
SHAPE = (len(INSTANCE.financing.facilities), INSTANCE.horizon.number_of_periods)


def build_blocks() -> None:
    """Divide the scenarios in this process."""
    with divided(INSTANCE, SCENARIOS, (Here(),)):
        pass


@pytest.mark.parametrize(
    "step",
    [
        lambda: planning_scenarios(two_materials("automatic")),
        lambda: observe(INSTANCE, SCENARIOS),
        lambda: first_stage_problem(INSTANCE, SCENARIOS),
        lambda: recourse_of(PROBLEM),
        lambda: completed(PROBLEM, WHOLE.recourse),
        lambda: build(WHOLE, is_relaxed=True),
        lambda: SeparatedProgram(WHOLE, is_relaxed=True),
        lambda: conflicting_limits(WHOLE, set()),
        lambda: least_plan(PROBLEM, WHOLE.recourse, "extensive form"),
        lambda: replay(INSTANCE, SCENARIOS, nothing_held(INSTANCE)),
        build_blocks,
    ],
    ids=[
        "sampling",
        "market",
        "first stage",
        "recourse",
        "responses",
        "model",
        "program",
        "conflict",
        "least plan",
        "replay",
        "scenario blocks",
    ],
)
def test_a_step_looks_at_the_clock(step: Callable[[], object]) -> None:
    """After the deadline it ends with OutOfTimeError, without one it does not."""
    step()
    with enforced(Deadline(0.0, lambda: 1.0)), pytest.raises(OutOfTimeError):
        step()


def test_the_inner_deadline_is_enforced() -> None:
    """And the outer one again after it."""
    over, open_ = Deadline(0.0, lambda: 1.0), Deadline(2.0, lambda: 1.0)
    with enforced(over):
        with enforced(open_):
            look()
        with pytest.raises(OutOfTimeError):
            look()
    look()


def test_a_step_that_cannot_look_needs_its_seconds() -> None:
    """It is not begun if they are not left."""
    with enforced(Deadline(10.0, lambda: 4.0)):
        look(5.0)
        with pytest.raises(OutOfTimeError):
            look(7.0)
