"""Problems with too many scenarios, solved on samples."""

from pathlib import Path

import numpy as np
import pytest

from models.outcome import Termination
from optimizer.exchange.smps_reading import read_files
from optimizer.exchange.smps_sampling import (
    SampledSolution,
    SampleSizes,
    solve_sampled,
)
from tests.optimizer.exchange.small_files import many_scenarios, write, write_stoch

SIZES = SampleSizes(
    number_of_scenarios=20, replications=5, evaluation_scenarios=200, seed=1
)


def sampled(directory: Path, *, time_limit_s: float = 60.0) -> SampledSolution:
    """Read and solve on samples."""
    return solve_sampled(
        read_files(directory), SIZES, gap=1e-6, time_limit_s=time_limit_s
    )


def test_intervals_contain_the_optimum(tmp_path: Path) -> None:
    """14 by hand, although it is sampled here."""
    found = sampled(write(tmp_path))
    assert found.termination is Termination.GAP_REACHED
    assert found.lower_bound is not None
    assert found.objective is not None
    assert found.lower_bound.low <= 14.0 <= found.lower_bound.high
    assert found.objective.high >= 14.0
    assert found.gap_upper is not None
    assert found.gap_upper >= 0


def test_a_million_scenarios_have_bounds(tmp_path: Path) -> None:
    """The objective is above the lower bound, up to the width of the intervals."""
    found = sampled(many_scenarios(tmp_path))
    assert found.number_of_scenarios == 10**6
    assert found.lower_bound is not None
    assert found.objective is not None
    assert found.objective.high >= found.lower_bound.low


def test_the_seed_chooses_the_sample(tmp_path: Path) -> None:
    """The same seed gives the same estimates."""
    directory = many_scenarios(tmp_path)
    first, second = sampled(directory), sampled(directory)
    assert first.lower_bound == second.lower_bound
    assert first.objective == second.objective


def test_an_infeasible_sample_proves_it(tmp_path: Path) -> None:
    """What is drawn can happen: at most 14 can be had, 15 and more are asked for."""
    directory = write_stoch(
        tmp_path, "INDEP DISCRETE", "    RIGHT  DEMAND  15.0  LATER  1.0"
    )
    found = sampled(directory)
    assert found.termination is Termination.INFEASIBLE
    assert found.first_stage is None
    assert len(found.parts) == 1


def test_a_first_stage_without_recourse_has_no_upper_bound(tmp_path: Path) -> None:
    """A demand of 13 that few samples contain asks for more than was bought."""
    directory = write_stoch(
        tmp_path,
        "INDEP DISCRETE",
        "    RIGHT  DEMAND   4.0  LATER  0.97",
        "    RIGHT  DEMAND  13.0  LATER  0.03",
    )
    sizes = SampleSizes(
        number_of_scenarios=1, replications=2, evaluation_scenarios=500, seed=1
    )
    found = solve_sampled(read_files(directory), sizes, gap=1e-6, time_limit_s=60.0)
    assert found.infeasible > 0
    assert found.objective is None
    assert found.gap_upper is None


def test_without_time_nothing_is_claimed(tmp_path: Path) -> None:
    """No bound, no first stage."""
    found = sampled(many_scenarios(tmp_path), time_limit_s=0.0)
    assert found.termination is Termination.TIME_LIMIT
    assert found.lower_bound is None
    assert found.objective is None


def test_probabilities_are_those_of_the_file(tmp_path: Path) -> None:
    """A quarter of what is drawn is the rarer demand, and each is as probable."""
    directory = write_stoch(
        tmp_path,
        "SCENARIOS DISCRETE",
        " SC LOW   root  0.75  LATER",
        "    RIGHT  DEMAND  4.0",
        " SC HIGH  ROOT  0.25  LATER",
        "    RIGHT  DEMAND  8.0",
    )
    problem = read_files(directory).sample(2000, np.random.default_rng(1))
    sides = np.array([stage.row_lower[0] for stage in problem.second_stages()])
    assert (sides == 8.0).mean() == pytest.approx(0.25, abs=0.04)
    assert problem.probability.tolist() == pytest.approx([1 / 2000] * 2000)
