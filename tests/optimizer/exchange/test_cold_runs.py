"""A recourse that a warm run of HiGHS does not solve."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.outcome import Termination
from optimizer.exchange import cold_runs, scenario_programs
from optimizer.exchange.scenario_programs import ScenarioPrograms
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.smps_solving import solve_two_stage
from optimizer.highs import Solution, Solver, Status
from tests.optimizer.exchange.small_files import write, write_stoch

FAILED = Solution(Status.FAILED, np.inf, -np.inf, None, None, None)


class FailingSolver(Solver):
    """A solver without an answer, as HiGHS on `semi` of a public collection."""

    def run(self, **_: object) -> Solution:
        """Return what HiGHS does at a program too hard for it."""
        return FAILED


def test_a_failed_warm_run_is_followed_by_cold_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The optimum by hand is found, although each warm run of a recourse fails."""
    monkeypatch.setattr(scenario_programs, "Solver", FailingSolver)
    found = solve_two_stage(read_smps(write(tmp_path)), gap=1e-6, time_limit_s=60.0)
    assert found.lower_bound == pytest.approx(14.0, rel=2e-6)
    assert found.failure is None


def test_a_program_that_nothing_solves_ends_the_solve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is NUMERICAL, and the scenario is named."""
    monkeypatch.setattr(scenario_programs, "Solver", FailingSolver)
    monkeypatch.setattr(cold_runs, "Solver", FailingSolver)
    found = solve_two_stage(read_smps(write(tmp_path)), gap=1e-6, time_limit_s=60.0)
    assert found.termination is Termination.NUMERICAL
    assert found.failure is not None
    assert "SCEN1" in found.failure


def test_a_row_missed_by_less_than_the_tolerance_is_kept(tmp_path: Path) -> None:
    """Demand of 4 + 5e-7 with at most 4 to be had: no cut could rule that out."""
    directory = write_stoch(
        tmp_path,
        "INDEP         DISCRETE",
        "    RIGHT     DEMAND    4.0000005   LATER   1.0",
    )
    programs = ScenarioPrograms(read_smps(directory))
    answer = programs.answer(0, np.array([0.0]))
    assert answer.is_feasible
    assert answer.support.at(np.array([0.0])) == pytest.approx(20.0, rel=1e-5)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((Status.FAILED, Status.OPTIMAL), Status.OPTIMAL),
        ((Status.INFEASIBLE, Status.OPTIMAL), Status.OPTIMAL),
        ((Status.INFEASIBLE, Status.FAILED), Status.INFEASIBLE),
        ((Status.FAILED, Status.UNBOUNDED), Status.UNBOUNDED),
        ((Status.FAILED, Status.FAILED), Status.FAILED),
    ],
)
def test_infeasible_is_said_only_if_no_run_disagrees(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    statuses: tuple[Status, Status],
    expected: Status,
) -> None:
    """An optimum of any run counts more than the claim of another."""
    first, cold = (replace(FAILED, status=status) for status in statuses)

    def only_one(*_: object) -> list[Solution]:
        return [cold]

    monkeypatch.setattr(cold_runs, "cold_runs", only_one)
    program = read_smps(write(tmp_path)).first
    found = cold_runs.confirmed(program, first, cold_runs.Deadline())
    assert found.status is expected
