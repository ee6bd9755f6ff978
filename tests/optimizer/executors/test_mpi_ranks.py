"""Real ranks: one that asks and two that work."""

import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.executors import ExecutorUnavailableError, open_executors
from tests.service.waiting import CEILING_S

ROOT = Path(__file__).parents[3]
MPIEXEC = Path(sys.executable).with_name("mpiexec")


def test_two_ranks_do_the_work() -> None:
    """Order, errors and processes are those of any other executor."""
    finished = subprocess.run(  # noqa: S603 - the module beside this one
        [
            *(MPIEXEC, "-n", "3", sys.executable, "-m", "mpi4py.futures"),
            *("-m", "tests.optimizer.executors.calls", "mpi"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=CEILING_S,
    )
    assert finished.stderr == ""
    assert finished.stdout.splitlines() == [
        "2 workers",
        "[0, 1, 4, 9, 16]",
        "True",
        "block 7",
        "True",
    ]


def test_outside_an_mpi_run_the_error_says_how_to_start() -> None:
    """There are no ranks here."""
    expected = "expected one that was started as mpiexec -n 3 python -m mpi4py.futures"
    with (
        pytest.raises(ExecutorUnavailableError, match=expected),
        open_executors("mpi"),
    ):
        pass
