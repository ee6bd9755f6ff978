"""Rows (20) and (21) of the oracle are those of the page; what it sees is true."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given

from optimizer.decomposition.first_stage_lp import FirstStageLp, first_stage_lp
from optimizer.decomposition.master_data import Rows
from optimizer.decomposition.recourse_oracle import RecourseOracle
from optimizer.decomposition.scenario_blocks import ScenarioBlocks
from optimizer.evaluation.statistics import cvar, mean
from optimizer.executors.here import Here
from optimizer.problem import FirstStageProblem, first_stage_problem
from optimizer.scenarios.scenario_set import Floats
from optimizer.separation import SeparatedProgram
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.decomposition.drawn_cases import drawn_trial, limited, true_costs

Row = tuple[Floats, float]
COVERED = {"financing.collateral_cover": 0.9, "financing.opening_cash_usd": 1e5}


def oracle_of(problem: FirstStageProblem, number_of_blocks: int = 1) -> RecourseOracle:
    """Return the oracle of a problem."""
    executors = (Here(),) * number_of_blocks
    blocks = ScenarioBlocks(problem.instance, problem.scenarios, executors)
    lp = first_stage_lp(problem, blocks.cluster_costs, blocks.scenario_costs)
    return RecourseOracle(lp, blocks)


def point_of(lp: FirstStageLp, seed: int) -> Floats:
    """Return a trial point with some shares and no draw."""
    point = np.zeros(lp.data.number_of_columns)
    trial = drawn_trial(lp.problem, np.random.default_rng(seed))
    point[lp.columns.trial] = trial.vector
    return point


def of_the_page(
    problem: FirstStageProblem, lp: FirstStageLp, t: int, w: int
) -> Iterator[Row]:
    """Yield rows (20) and (21) as >= rows over the columns of the stage."""
    every = {
        holding.name: np.arange(len(candidates.candidates))
        for holding, candidates in zip(problem.holdings, problem.menus, strict=True)
    }
    program = SeparatedProgram(
        problem.simulated(every), is_relaxed=True, cash_rows={(t, w)}
    )
    model, compiled, columns = program.model, program.compiled, lp.columns
    facilities, periods = list(model.FACILITIES), list(model.PERIODS)
    for component in (model.cash_nonnegative, model.collateral):
        if (t, w) not in component:
            continue
        entries, lower, upper = compiled.row_of(component[t, w])
        sign, side = (1.0, lower) if np.isfinite(lower) else (-1.0, -upper)
        found = sign * entries.toarray().ravel()
        row = np.zeros(lp.data.number_of_columns)
        for there, variables in (
            (columns.share, [model.share[k] for k in model.CANDIDATES]),
            (columns.signed, [model.signed[k] for k in model.CONTRACTS]),
            (columns.net_financing, [model.net_financing[s] for s in periods]),
            (
                columns.draw.ravel(),
                [model.draw[f, s] for f in facilities for s in periods],
            ),
            (
                columns.balance.ravel(),
                [model.balance[f, s] for f in facilities for s in periods],
            ),
        ):
            row[there] = [found[compiled.column(variable)] for variable in variables]
        assert np.abs(row).sum() == pytest.approx(np.abs(found).sum())
        yield row, side


def assert_on_the_page(rows: Rows, expected: list[Row]) -> None:
    """Compare rows with those of the page, whatever their order."""
    assert rows.number == len(expected)
    assert not np.isfinite(rows.upper).any()
    left = [*zip(rows.matrix.toarray(), rows.lower.tolist(), strict=True)]
    for row, side in expected:
        same = [
            i
            for i, (found, least) in enumerate(left)
            if np.allclose(found, row, rtol=1e-9, atol=1e-9)
            and least == pytest.approx(side)
        ]
        assert same
        left.pop(same[0])


@pytest.mark.parametrize("number_of_blocks", [1, 2])
@pytest.mark.parametrize("changes", [{}, COVERED], ids=["no cover", "cover"])
@pytest.mark.parametrize("seed", [1, 2])
def test_cash_rows_are_those_of_the_page(
    seed: int, changes: dict[str, object], number_of_blocks: int
) -> None:
    """First those of the calmest scenario, then those that a trial breaks."""
    problem = first_stage_problem(*limited(seed, changes))
    oracle = oracle_of(problem, number_of_blocks)
    _, first = oracle.first()
    known = set(oracle.cash_rows)
    seen = oracle.evaluate(point_of(oracle.lp, seed))
    assert seen.rows is not None
    for rows, pairs in ((first, known), (seen.rows, oracle.cash_rows - known)):
        expected = [
            row
            for t, w in sorted(pairs)
            for row in of_the_page(problem, oracle.lp, t, w)
        ]
        assert_on_the_page(rows, expected)


@LAW
@given(seed=SEEDS)
def test_what_is_not_paid_for_is_seen(seed: int) -> None:
    """Shares without a draw break rows, which cut them off; nothing breaks none."""
    problem = first_stage_problem(*limited(seed, {"financing.opening_cash_usd": 0.0}))
    oracle = oracle_of(problem)
    point = point_of(oracle.lp, seed)
    seen = oracle.evaluate(point)
    assert not seen.is_feasible
    assert seen.rows is not None
    assert (seen.rows.matrix @ point < seen.rows.lower).any()
    nothing = oracle.evaluate(np.zeros(oracle.lp.data.number_of_columns))
    assert nothing.is_feasible
    assert nothing.rows is None


@pytest.mark.parametrize("number_of_blocks", [1, 2, 3])
@pytest.mark.parametrize("level", [0.0, 0.5, 0.8])
def test_the_tail_is_seen_over_all_blocks(level: float, number_of_blocks: int) -> None:
    """What a trial costs with CVaR is that of its costs by scenario."""
    options = {"options.cvar_weight": 0.4, "options.cvar_level": level}
    problem = first_stage_problem(*limited(2, options, number=7))
    oracle = oracle_of(problem, number_of_blocks)
    point = point_of(oracle.lp, 2)
    seen = oracle.evaluate(point)
    costs = true_costs(problem, oracle.lp.trial(point))
    probability = problem.scenarios.probability
    expected = 0.6 * mean(costs, probability) + 0.4 * cvar(costs, probability, level)
    assert oracle.lp.data.cost @ seen.values == pytest.approx(expected, rel=1e-6)
    # Cuts touch at the point, and none is above its values.
    slack = seen.cuts.matrix @ seen.values - seen.cuts.lower
    assert slack == pytest.approx(0, abs=1e-6 * (1 + expected))


@pytest.mark.parametrize("number_of_blocks", [1, 3])
def test_cuts_of_the_tail_are_valid(number_of_blocks: int) -> None:
    """True values of any other trial keep all cuts that were found before."""
    options = {"options.cvar_weight": 0.4, "options.cvar_level": 0.5}
    oracle = oracle_of(
        first_stage_problem(*limited(2, options, number=7)), number_of_blocks
    )
    seen = [oracle.evaluate(point_of(oracle.lp, seed)) for seed in range(5)]
    for one in seen:
        for other in seen:
            value = one.cuts.matrix @ other.values
            assert (value >= one.cuts.lower - 1e-6 * (1 + abs(value))).all()
