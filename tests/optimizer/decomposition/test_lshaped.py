"""The iteration on problems of two columns, with an oracle made by hand."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.sparse import csr_array

from optimizer.deadline import Deadline
from optimizer.decomposition.lshaped import OracleResult, RelaxationState, relax
from optimizer.decomposition.master import Master
from optimizer.decomposition.master_data import MasterData, Rows
from optimizer.scenarios.scenario_set import Floats

DEMANDS = np.array([2.0, 4.0, 8.0])
UNIT_COST = 1.0


def stage(most: float, unit_cost: float = UNIT_COST) -> MasterData:
    """Return a first stage that buys x <= most, and a column for what is lost."""
    return MasterData(
        cost=np.array([unit_cost, 1.0]),
        rows=Rows(csr_array([[1.0, 0.0]]), np.array([-np.inf]), np.array([most])),
        column_lower=np.zeros(2),
        column_upper=np.array([most, 1_000.0]),
        groups=(),
        is_started=np.ones(2, dtype=np.bool_),
    )


class Newsvendor:
    """What is not bought of three equally likely demands costs a penalty."""

    def __init__(self, penalty: float) -> None:
        self.penalty = penalty
        self.seen: list[float] = []

    def evaluate(self, trial_point: Floats) -> OracleResult:
        """Return the mean penalty and its slope."""
        bought = float(trial_point[0])
        self.seen.append(bought)
        lost = self.penalty * np.maximum(DEMANDS - bought, 0.0).mean()
        slope = -self.penalty * float((bought < DEMANDS).mean())
        cut = Rows(
            csr_array([[-slope, 1.0]]),
            np.array([lost - slope * bought]),
            np.array([np.inf]),
        )
        return OracleResult(np.array([bought, lost]), True, cut, None)  # noqa: FBT003


class Quota:
    """Nothing is lost, but a quota must be bought; its row is found later."""

    def __init__(self, quota: float) -> None:
        self.quota = quota
        self.is_known = False

    def evaluate(self, trial_point: Floats) -> OracleResult:
        """Return the quota's row where it is broken, once."""
        missing = self.quota - float(trial_point[0])
        is_broken = missing > 1e-5
        cut = Rows(csr_array([[0.0, 1.0]]), np.zeros(1), np.array([np.inf]))
        row = None
        if is_broken and not self.is_known:
            least = np.array([self.quota])
            row = Rows(csr_array([[1.0, 0.0]]), least, np.array([np.inf]))
            self.is_known = True
        return OracleResult(np.array([trial_point[0], 0.0]), not is_broken, cut, row)


def until(gap: float) -> Callable[[RelaxationState], bool]:
    """Return a function that is true once a gap is met."""
    return lambda state: state.gap(1e6) <= gap


@pytest.mark.parametrize(
    ("penalty", "bought", "cost"),
    [
        # Worth buying as long as penalty x P(demand > x) > 1.
        (0.9, 0.0, 0.9 * 14 / 3),
        (2.0, 4.0, 4 + 2 * 4 / 3),
        (4.0, 8.0, 8.0),
    ],
)
def test_the_newsvendor_is_found(penalty: float, bought: float, cost: float) -> None:
    """Bounds meet at the optimum in closed form."""
    state = relax(
        Master(stage(10.0)),
        Newsvendor(penalty),
        RelaxationState(),
        until(1e-9),
        Deadline.after(60.0),
    )
    assert state.center is not None
    assert state.center[0] == pytest.approx(bought, abs=1e-6)
    assert state.upper_bound == pytest.approx(cost)
    assert state.lower_bound == pytest.approx(cost)


def test_bounds_only_get_better() -> None:
    """No round has worse bounds than the one before."""
    told: list[tuple[float, float]] = []

    def is_done(state: RelaxationState) -> bool:
        told.append((state.lower_bound, -state.upper_bound))
        return state.gap(1e6) <= 1e-9

    relax(
        Master(stage(10.0)),
        Newsvendor(2.0),
        RelaxationState(),
        is_done,
        Deadline.after(60.0),
    )
    lower, upper = zip(*told, strict=True)
    assert len(told) > 3
    assert list(lower) == sorted(lower)
    assert list(upper) == sorted(upper)


def test_it_stops_when_time_is_up() -> None:
    """With time for two rounds there are two trials, and a bound that holds."""
    oracle = Newsvendor(2.0)
    state = relax(
        Master(stage(10.0)),
        oracle,
        RelaxationState(),
        until(1e-9),
        Deadline(2.0, clock=lambda: float(len(oracle.seen))),
    )
    assert len(oracle.seen) == 2
    assert state.lower_bound <= 4 + 8 / 3
    assert state.upper_bound >= 4 + 8 / 3


def test_without_time_nothing_is_tried() -> None:
    """There is no trial; the bound is that of the master alone."""
    oracle = Newsvendor(2.0)
    state = relax(
        Master(stage(10.0)),
        oracle,
        RelaxationState(),
        until(1e-9),
        Deadline.after(-1.0),
    )
    assert oracle.seen == []
    assert state.lower_bound == 0.0


def test_rows_that_no_point_keeps_leave_no_point() -> None:
    """A quota of 11 where 10 is the most ends without a point of the master."""
    state = relax(
        Master(stage(10.0)),
        Quota(11.0),
        RelaxationState(),
        until(1e-9),
        Deadline.after(60.0),
    )
    assert state.point is None


@pytest.mark.parametrize("quota", [1.0, 1_000.0, 100_000.0])
@pytest.mark.parametrize("unit_cost", [0.0, 1.0])
def test_an_infeasible_centre_does_not_stall(quota: float, unit_cost: float) -> None:
    """From a centre that buys nothing the quota is reached, however far away."""
    state = relax(
        Master(stage(quota, unit_cost)),
        Quota(quota),
        RelaxationState(center=np.zeros(2)),
        until(1e-6),
        Deadline.after(60.0),
    )
    assert np.isfinite(state.upper_bound)
    # The quota counts as kept where 1e-5 of it is missing.
    assert state.upper_bound == pytest.approx(unit_cost * quota, abs=2e-5)
    assert state.lower_bound == pytest.approx(unit_cost * quota)
