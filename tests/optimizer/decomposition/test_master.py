"""Bounds for the whole menu from any duals; columns, rows and cuts come and go."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_array, vstack

from optimizer.deadline import NEVER
from optimizer.decomposition.master import Master, safe_bound, with_sides
from optimizer.decomposition.relaxation import Relaxation, set_up
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.executors.here import Here
from optimizer.highs import LinearProgram, Solver
from optimizer.problem import complete_problem, first_stage_problem
from optimizer.scenarios.scenario_set import Floats
from optimizer.separation import SeparatedProgram
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.decomposition.drawn_cases import MILLION, NOTHING, limited
from tests.optimizer.vault_case import Changes

EXACT = 1e-6


def model_of(seed: int, changes: Changes = NOTHING) -> Relaxation:
    """Return the model of a drawn case with its first cuts and rows."""
    problem = first_stage_problem(*limited(seed, changes))
    blocks = ScenarioBlocks(problem.instance, problem.scenarios, (Here(),))
    return set_up(problem, blocks, None)


def relaxed_optimum(model: Relaxation) -> float | None:
    """Return the optimum of the extensive form's relaxation, in millions."""
    problem = model.lp.problem
    program = SeparatedProgram(
        complete_problem(problem.instance, problem.scenarios), is_relaxed=True
    )
    values = program.solve(NEVER).values
    return None if values is None else program.point(values).objective_usd / MILLION


def bound_of(master: Master, duals: Floats) -> float:
    """Return the safe bound of some duals, with the reduced costs that they give."""
    rows, cuts = master.rows, master.cuts
    above, below = np.split(duals, [rows.number])
    priced = master.data.cost - rows.matrix.T @ above - cuts.matrix.T @ below
    sides = (
        np.concatenate([rows.lower, cuts.lower]),
        np.concatenate([rows.upper, cuts.upper]),
    )
    return safe_bound(master.data, sides, duals, priced)


@settings(LAW, max_examples=6)
@given(seed=SEEDS)
def test_no_duals_give_a_bound_above_the_optimum(seed: int) -> None:
    """Those of the master, spoilt a little or a lot, of any size and sign."""
    model, draw = model_of(seed), np.random.default_rng(seed)
    optimum = relaxed_optimum(model)
    if optimum is None:
        return
    model.relax(1e-7, NEVER)
    point = model.master.solve(NEVER)
    assert point is not None
    number = len(point.duals)
    most = optimum + EXACT * (1 + abs(optimum))
    for size in (1e-9, 1e-4, 0.1, 3.0):
        noisy = point.duals * (1 + size * draw.normal(size=number))
        assert bound_of(model.master, noisy) <= most
        added = point.duals + size * draw.normal(size=number)
        assert bound_of(model.master, added) <= most
        right_sign = np.where(point.duals >= 0, np.abs(added), -np.abs(added))
        assert bound_of(model.master, right_sign) <= most


@settings(LAW, max_examples=6)
@given(seed=SEEDS)
def test_good_duals_give_a_good_bound(seed: int) -> None:
    """At the end of the relaxation the bound is its optimum, never more."""
    model = model_of(seed)
    optimum = relaxed_optimum(model)
    model.relax(1e-7, NEVER)
    if optimum is None:
        assert model.state.point is None
        return
    digits = EXACT * (1 + abs(optimum))
    assert model.state.lower_bound <= optimum + digits
    assert model.state.lower_bound >= optimum - 10 * digits
    assert model.state.upper_bound >= optimum - digits


def test_duals_of_nothing_give_a_finite_bound() -> None:
    """All columns have finite bounds, so cost alone bounds the cost."""
    master = model_of(1).master
    number = master.rows.number + master.cuts.number
    assert bound_of(master, np.zeros(number)) == pytest.approx(0, abs=1e-9)


def test_a_dual_of_a_side_that_is_not_there_counts_as_nothing() -> None:
    """The other duals keep what they prove: -2 is for an upper side, 3 for a lower."""
    sides = np.array([0.0, -np.inf, 0.0, -np.inf]), np.array([np.inf, 1.0, 1.0, np.inf])
    duals = np.array([-2.0, 3.0, -2.0, 1e-9])
    np.testing.assert_array_equal(with_sides(duals, sides), [0.0, 0.0, -2.0, 0.0])


def test_the_wrong_sign_is_an_infinite_loss() -> None:
    """A cut has no upper side: a negative dual of it proves nothing."""
    master = model_of(1).master
    duals = np.zeros(master.rows.number + master.cuts.number)
    duals[-1] = -1.0
    assert bound_of(master, duals) == -np.inf


def solved_afresh(master: Master) -> float:
    """Return the optimum of a master's active columns in a new solver."""
    stage, active = master.data, master.active
    matrix = master.rows.matrix.tocsr()[:, active]
    cuts = master.cuts.matrix.tocsr()[:, active]
    program = LinearProgram(
        cost=stage.cost[active],
        rows=csr_array(vstack([matrix, cuts], format="csr")),
        row_lower=np.concatenate([master.rows.lower, master.cuts.lower]),
        row_upper=np.concatenate([master.rows.upper, master.cuts.upper]),
        column_lower=stage.column_lower[active],
        column_upper=stage.column_upper[active],
    )
    return Solver(program).run().objective


@pytest.mark.parametrize("seed", range(6))
def test_a_warm_master_is_the_one_on_paper(seed: int) -> None:
    """After columns, rows and cuts came and cuts went, its optimum is the same."""
    model = model_of(seed)
    master, before = model.master, len(model.master.active)
    model.state.number_of_rounds = 100  # so that slack cuts are dropped at once
    model.relax(1e-7, NEVER)
    point = master.solve(NEVER)
    if point is None:
        return
    assert len(master.active) >= before
    cost = float(master.data.cost @ point.values)
    assert cost == pytest.approx(solved_afresh(master), rel=1e-7, abs=1e-7)


def test_restricted_columns_come_back() -> None:
    """Shares fixed at 0 cost more; released, the optimum is what it was."""
    model = model_of(1, {"materials.0.minimum_days_of_cover": 0.0})
    model.relax(1e-7, NEVER)
    share = model.lp.columns.share
    before = model.master.solve(NEVER)
    zeros = np.zeros(len(share))
    model.master.restrict(share, zeros, zeros)
    held = model.master.solve(NEVER)
    model.master.release(share)
    after = model.master.solve(NEVER)
    assert before is not None
    assert held is not None
    assert after is not None
    cost = model.lp.data.cost
    assert cost @ held.values > cost @ before.values + 1e-3
    assert cost @ after.values == pytest.approx(cost @ before.values)
    assert not held.values[share].any()
