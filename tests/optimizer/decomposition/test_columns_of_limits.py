"""A limit that only columns outside the program can keep is no conflict."""

import numpy as np
from scipy.sparse import csr_array

from optimizer.deadline import NEVER
from optimizer.decomposition.lshaped import OracleResult, RelaxationState, relax
from optimizer.decomposition.master import Master
from optimizer.decomposition.master_data import MasterData, Rows, no_rows
from optimizer.scenarios.scenario_set import Floats


class _NoRecourse:
    """An oracle of a problem without recourse: every point costs what it costs."""

    def evaluate(self, trial_point: Floats) -> OracleResult:
        """Return the point as it is."""
        cuts = no_rows(len(trial_point))
        return OracleResult(trial_point, is_feasible=True, cuts=cuts, rows=None)


def test_a_column_that_a_limit_needs_is_added() -> None:
    """The second column is not there at first, and the row needs 1 of it."""
    data = MasterData(
        cost=np.array([1.0, 3.0]),
        rows=Rows(csr_array([[0.0, 1.0]]), np.array([1.0]), np.array([np.inf])),
        column_lower=np.zeros(2),
        column_upper=np.full(2, 10.0),
        groups=(),
        is_started=np.array([True, False]),
    )
    state = RelaxationState()
    relax(Master(data), _NoRecourse(), state, lambda x: x.gap(1e6) <= 0, NEVER)
    assert state.center is not None
    assert state.center.tolist() == [0.0, 1.0]
    assert state.lower_bound == state.upper_bound == 3.0
