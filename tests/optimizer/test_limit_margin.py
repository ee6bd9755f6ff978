"""Limits tighter by a share of themselves, and only limits."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.compiled import Compiled, compile_model
from optimizer.formulation import build
from optimizer.limit_margin import tightened
from optimizer.problem import first_stage_problem
from optimizer.program_units import ROWS_OF_LIMITS
from optimizer.solve import planning_scenarios
from service.casefiles import load
from tests.cases import changed


@pytest.fixture
def compiled() -> Compiled:
    """Return the first stage of the hand-worked case, with a cover."""
    changes = {"materials.0.minimum_days_of_cover": 73.05}
    instance = read_instance(changed(dict(load("two_materials")), changes))
    problem = first_stage_problem(instance, planning_scenarios(instance))
    return compile_model(build(problem, is_relaxed=True))


@pytest.mark.parametrize("margin", [0.01, -0.01])
def test_only_limits_are_tighter(compiled: Compiled, margin: float) -> None:
    """By a hundredth of each, from above as from below; or looser."""
    names = [row.parent_component().local_name for row in compiled.rows]
    is_limit = np.isin(names, list(ROWS_OF_LIMITS))
    before, after = compiled.program, tightened(compiled, margin).program
    for old, new, sign in (
        (before.row_lower, after.row_lower, 1),
        (before.row_upper, after.row_upper, -1),
    ):
        np.testing.assert_array_equal(old[~is_limit], new[~is_limit])
        is_there = is_limit & np.isfinite(old)
        assert is_there.any()
        expected = old[is_there] + sign * margin * abs(old[is_there])
        np.testing.assert_allclose(new[is_there], expected, rtol=1e-12)
