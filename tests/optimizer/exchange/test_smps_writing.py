from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.smps_writing import write_smps
from optimizer.exchange.two_stage import Changes, TwoStageProblem, extensive_form
from optimizer.highs import Solver
from tests.optimizer.exchange.small_files import CORE, write, write_stoch


@pytest.fixture
def problem(tmp_path: Path) -> TwoStageProblem:
    """Return a problem with a change of every kind."""
    (tmp_path / "given").mkdir()
    return read_smps(
        write_stoch(
            tmp_path / "given",
            "SCENARIOS     DISCRETE",
            " SC ONE    ROOT  0.1  LATER",
            "    RIGHT  DEMAND  4.0  EXTRA  1e30",
            "    Y      COST  6.0  DEMAND  0.3333333333333333",
            "    X      EXTRA  0.7",
            " SC TWO    ROOT  0.9  LATER",
            " LO LIMIT  Z  0.1",
            " UP LIMIT  Y  1e30",
            " UP LIMIT  Z  0.5",
        )
    )


def test_every_change_is_written(tmp_path: Path, problem: TwoStageProblem) -> None:
    """The stoch file has the lines that the problem was read from."""
    *_, stoch = write_smps(problem, tmp_path)
    assert stoch.read_text() == (
        "STOCH         SHOP\n"
        "SCENARIOS     DISCRETE\n"
        " SC ONE  ROOT  0.1  LATER\n"
        "    Y  Obj  6.0\n"
        "    X  EXTRA  0.7\n"
        "    Y  DEMAND  0.3333333333333333\n"
        "    RHS  DEMAND  4.0\n"
        "    RHS  EXTRA  1e+30\n"
        " SC TWO  ROOT  0.9  LATER\n"
        " LO BOUND  Z  0.1\n"
        " UP BOUND  Z  0.5\n"
        "ENDATA\n"
    )


def test_two_writings_are_equal(tmp_path: Path, problem: TwoStageProblem) -> None:
    """The files are the same, byte by byte, and so is the optimum."""
    first = write_smps(problem, tmp_path / "first")
    found = read_smps(tmp_path / "first")
    again = write_smps(found, tmp_path / "again")
    assert [x.read_bytes() for x in again] == [x.read_bytes() for x in first]
    optimum, expected = (
        Solver(extensive_form(x).program).run().objective for x in (found, problem)
    )
    assert optimum == expected


def test_a_first_stage_without_rows(tmp_path: Path) -> None:
    """The objective then stands for its first row in the time file."""
    (tmp_path / "given").mkdir()
    core = CORE.replace(" L  SPACE\n", "").replace("   SPACE              1.0", "")
    core = core.replace("SPACE             10.0   ", "")
    time = "TIME  SHOP\nPERIODS\n    X  COST  NOW\n    Y  DEMAND  LATER\nENDATA\n"
    problem = read_smps(write(tmp_path / "given", core=core, time=time))
    write_smps(problem, tmp_path)
    assert read_smps(tmp_path).names == problem.names
    assert problem.names.first_rows == ()


def test_a_changed_row_is_not_written(tmp_path: Path, problem: TwoStageProblem) -> None:
    """A stoch file has one right-hand side for a row, not two bounds."""
    split = replace(
        problem.scenarios[0], row_lower=Changes(np.array([0]), np.array([3.0]))
    )
    wrong = replace(problem, scenarios=(split, problem.scenarios[1]))
    with pytest.raises(ValueError, match="changes the type of row DEMAND"):
        write_smps(wrong, tmp_path)


def test_a_free_row_is_not_written(tmp_path: Path, problem: TwoStageProblem) -> None:
    """A core has no type for a free row beside that of an objective."""
    free = replace(problem.core, row_upper=np.array([6.0, np.inf]))
    with pytest.raises(ValueError, match="EXTRA has no bound"):
        write_smps(replace(problem, core=free), tmp_path)
