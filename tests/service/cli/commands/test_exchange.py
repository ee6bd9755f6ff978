"""strongroom smps and strongroom mps: files written, problems solved."""

import gzip
import json
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from models.outcome import Termination
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.smps_solving import SmpsSolution, solve_two_stage
from service import optimization
from service.cli.exit_status import ExitStatus
from tests.optimizer.exchange.small_files import CORE, many_scenarios, write
from tests.service.cli.conftest import strongroom


def test_a_case_becomes_three_files(tmp_path: Path) -> None:
    """Their sizes are shown; the directory is made."""
    words = ("two_materials", tmp_path / "new" / "folder", "--scenarios", 3, "--json")
    result = strongroom("smps", "write", *words)
    assert result.exit_code == ExitStatus.SUCCESS
    answer = json.loads(result.stdout)
    assert answer["scenarios"] == 3
    assert [Path(file["path"]).suffix for file in answer["files"]] == [
        ".mps",
        ".tim",
        ".sto",
    ]
    for file in answer["files"]:
        assert Path(file["path"]).stat().st_size == file["bytes"]


def test_a_relaxed_case_has_no_integers(tmp_path: Path) -> None:
    """The markers of integers are there only without --relaxed."""
    for folder, option in (("whole", ()), ("relaxed", ("--relaxed",))):
        strongroom("smps", "write", "two_materials", tmp_path / folder, *option)
    whole, relaxed = (
        (tmp_path / folder / "two_materials.mps").read_text()
        for folder in ("whole", "relaxed")
    )
    assert "INTORG" in whole
    assert "INTORG" not in relaxed


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    """Where a file stands in its way, the case is not even sampled."""
    (tmp_path / "file").write_text("")
    result = strongroom("smps", "write", "two_materials", tmp_path / "file")
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "expected a directory to write to" in result.stderr


def test_a_problem_is_solved(tmp_path: Path) -> None:
    """Bound, objective, gap and iterations are printed."""
    result = strongroom("smps", "solve", write(tmp_path), "--gap", "1e-6")
    assert result.exit_code == ExitStatus.SUCCESS
    for word in ("Lower bound", "Objective", "Gap", "Iterations"):
        assert word in result.stdout


def test_a_solution_as_json(tmp_path: Path) -> None:
    """The bounds enclose 14, the optimum by hand."""
    result = strongroom("smps", "solve", write(tmp_path), "--gap", "1e-6", "--json")
    answer = json.loads(result.stdout)
    assert answer["lower_bound"] == pytest.approx(14.0, rel=2e-6)
    assert answer["objective"] == pytest.approx(14.0, rel=2e-6)
    assert answer["notes"] == []


def test_integers_left_out_are_noted(tmp_path: Path) -> None:
    """The answer notes that it is of the relaxation."""
    core = CORE.replace("BOUNDS", "BOUNDS\n BV LIMIT     Y")
    result = strongroom("smps", "solve", write(tmp_path, core=core))
    assert "note: integers were left out" in result.stdout


def test_an_infeasible_problem(tmp_path: Path) -> None:
    """Nothing can be bought, and what can be had later is not enough."""
    core = CORE.replace("SPACE             10.0", "SPACE              0.0")
    result = strongroom("smps", "solve", write(tmp_path, core=core), "--json")
    assert result.exit_code == ExitStatus.INFEASIBLE
    answer = json.loads(result.stdout)
    assert answer["status"] == "INFEASIBLE"
    assert answer["objective"] is None


def test_without_time_there_is_no_answer(tmp_path: Path) -> None:
    """The exit status is NO_PLAN_WITHIN_LIMITS."""
    result = strongroom("smps", "solve", write(tmp_path), "--time-limit", "0")
    assert result.exit_code == ExitStatus.NO_PLAN_WITHIN_LIMITS


def test_mistakes_in_the_files_are_reported(tmp_path: Path) -> None:
    """File, line, what stands there, what was expected."""
    result = strongroom("smps", "solve", write(tmp_path, time="TIME\nPERIODS\n  X\n"))
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "shop.tim:3: is 'X', expected column, row, period" in result.stderr


def test_a_case_becomes_one_file(tmp_path: Path) -> None:
    """Plain or packed, the content is the same."""
    plain, packed = tmp_path / "case.mps", tmp_path / "case.mps.gz"
    for path in (plain, packed):
        result = strongroom("mps", "write", "two_materials", path, "--relaxed")
        assert result.exit_code == ExitStatus.SUCCESS
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert plain.read_text().startswith("NAME          two_materials\n")


@pytest.mark.parametrize("name", ["case.lp", "case.gz", "mps"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    """Solvers tell the format by the ending."""
    result = strongroom("mps", "write", "two_materials", tmp_path / name)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "ends in .mps or .mps.gz" in result.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("objective", "status"),
    [(14.5, ExitStatus.SUCCESS), (inf, ExitStatus.NO_PLAN_WITHIN_LIMITS)],
)
def test_a_first_stage_counts_even_if_time_is_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    objective: float,
    status: ExitStatus,
) -> None:
    """As for a plan: the exit status is 0 if there is one, 4 if not."""
    problem = read_smps(write(tmp_path))
    found = replace(
        solve_two_stage(problem, gap=1e-6, time_limit_s=60.0),
        termination=Termination.TIME_LIMIT,
        objective=objective,
    )

    def solve_smps(*_: object, **__: object) -> SmpsSolution:
        return found

    monkeypatch.setattr(optimization, "solve_smps", solve_smps)
    assert strongroom("smps", "solve", tmp_path).exit_code == status


def test_too_many_scenarios_are_sampled(tmp_path: Path) -> None:
    """Text and JSON say that it is a sample; the same seed gives the same figures."""
    words = ("smps", "solve", many_scenarios(tmp_path), "--seed", 3, "--replications")
    sizes = (2, "--scenarios", 5, "--evaluation-scenarios", 20)
    result = strongroom(*words, *sizes)
    assert result.exit_code == ExitStatus.SUCCESS
    assert "on samples" in result.stdout
    assert "note: sampled: 2 samples of 5 of 1,000,000 scenarios" in result.stdout
    first, second = (
        json.loads(strongroom(*words, *sizes, "--json").stdout) for _ in range(2)
    )
    assert first["is_sample"] is True
    assert first["lower_bound"]["low"] <= first["lower_bound"]["high"]
    for answer in (first, second):
        del answer["seconds"]
    assert first == second


def test_options_of_samples_without_effect_are_noted(tmp_path: Path) -> None:
    """Two scenarios are solved exactly, whatever the seed."""
    result = strongroom("smps", "solve", write(tmp_path), "--seed", 3)
    assert "note: all scenarios are solved exactly" in result.stdout
