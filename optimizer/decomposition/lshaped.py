"""The L-shaped iteration: master, trial point, recourse, cuts, until the gap is met.

Benders (1962) and Van Slyke & Wets (1969), with a cut for each cluster (Birge &
Louveaux 1988) and trial points between the master's point and the best one so far
(Ben-Ameur & Neto 2007), where cuts are deeper than at the vertices of the master.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from optimizer.deadline import Deadline
from optimizer.decomposition.master import Master, MasterPoint
from optimizer.decomposition.master_data import Rows
from optimizer.gap import gap_of
from optimizer.highs import Status
from optimizer.scenarios.scenario_set import Floats

MASTER_WEIGHT = 0.5
ROUNDS_BEFORE_DROPPING = 15
MOST_ROUNDS_WITHOUT_PROGRESS = 20
PROGRESS = 1e-9
OnRound = Callable[["RelaxationState"], None]


@dataclass(frozen=True, slots=True)
class OracleResult:
    """A trial point after its recourse was solved.

    values are those of the trial point, with the value of its new cut in each recourse
    column: the recourse cost, but for errors of the solver, and never more. is_feasible
    means that the point breaks no row, found or not yet found. cuts bound recourse
    columns from below and rows cut off infeasible points; both are valid everywhere.
    """

    values: Floats
    is_feasible: bool
    cuts: Rows
    rows: Rows | None


class Oracle(Protocol):
    """The recourse of a problem, behind its first stage."""

    def evaluate(self, trial_point: Floats) -> OracleResult:
        """Solve the recourse of a trial point (all columns of the master)."""
        ...


@dataclass(slots=True)
class RelaxationState:
    """The state of the iteration, in the unit of its costs.

    center is the best feasible point so far and upper_bound its cost. Until one is
    found, center is the last trial point and upper_bound infinite. point is the last
    point of the master.
    """

    center: Floats | None = None
    upper_bound: float = np.inf
    lower_bound: float = -np.inf
    point: MasterPoint | None = None
    number_of_rounds: int = 0
    rounds_without_feasible_center: int = 0

    def gap(self, unit: float) -> float:
        """Relative distance of the bounds, where a cost of 1 is `unit` US dollars."""
        return gap_of(self.upper_bound * unit, self.lower_bound * unit)


def relax(
    master: Master,
    oracle: Oracle,
    state: RelaxationState,
    is_done: Callable[[RelaxationState], bool],
    deadline: Deadline,
) -> RelaxationState:
    """Iterate until the relaxation is done, time is up or there is no progress.

    The state's point is None at the end only if the master has no point, or ran out of
    time in the first round.
    """
    idle_rounds = 0
    while not is_done(state) and idle_rounds < MOST_ROUNDS_WITHOUT_PROGRESS:
        point = master.solve(deadline)
        if point is None:
            if master.status is Status.INFEASIBLE and master.activate_rest():
                continue  # limits may need columns that are not in the program yet
            if not deadline.is_over:
                state.point = None
            break
        state.point = point
        before = state.upper_bound, state.lower_bound
        state.lower_bound = max(state.lower_bound, state.point.lower_bound)
        if deadline.is_over:
            break
        _try(master, oracle, state, state.point)
        master.price(state.point)
        state.number_of_rounds += 1
        if state.number_of_rounds > ROUNDS_BEFORE_DROPPING:
            master.drop_slack_cuts()
        idle_rounds = 0 if _has_moved(before, state) else idle_rounds + 1
    return state


def _try(
    master: Master, oracle: Oracle, state: RelaxationState, point: MasterPoint
) -> None:
    """Evaluate a point between those of master and center, and add its cuts."""
    trial = point.values
    if state.center is not None:
        # The more rounds pass without a feasible center, the more weight the master's
        # point gets.
        weight = 1 - (1 - MASTER_WEIGHT) ** (1 + state.rounds_without_feasible_center)
        trial = weight * trial + (1 - weight) * state.center
    result = oracle.evaluate(trial)
    master.add(result.cuts, result.rows)
    cost = float(master.data.cost @ result.values)
    if result.is_feasible and cost < state.upper_bound:
        state.upper_bound, state.center = cost, result.values
        state.rounds_without_feasible_center = 0
    elif not np.isfinite(state.upper_bound):
        state.center = result.values
        state.rounds_without_feasible_center += 1


def _has_moved(before: tuple[float, float], state: RelaxationState) -> bool:
    scale = PROGRESS * max(abs(state.lower_bound), 1.0)
    return (
        state.upper_bound < before[0] - scale or state.lower_bound > before[1] + scale
    )
