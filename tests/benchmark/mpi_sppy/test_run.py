"""Rows of mpi-sppy's log are read as bounds; its processes end in time."""

import sys
import time
from pathlib import Path

import pytest

from tests.benchmark.mpi_sppy.processes import JobError, lines_of
from tests.benchmark.mpi_sppy.run import Bounds, Record, best_of, bounds_in


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "[   12.86]     0  *          118.4171             inf           inf%  inf",
            (12.86, 118.4171e6, None),
        ),
        (
            "[   24.48]     1    B        118.4171        220.6111     46.323%  102",
            (24.48, 118.4171e6, 220.6111e6),
        ),
        (
            "[   26.11]    13  L B       -118.4171        220.6111     46.323%  102",
            (26.11, -118.4171e6, 220.6111e6),
        ),
    ],
)
def test_rows_of_the_log_are_bounds(line: str, expected: Bounds) -> None:
    """Whichever spoke found them; one that is infinite is not known yet."""
    assert bounds_in(line) == expected


@pytest.mark.parametrize(
    "line", ["[    8.23] Starting spcomm.main()", "[   12.86] Iter.   Best Bound"]
)
def test_other_lines_are_not(line: str) -> None:
    """There are no bounds in them."""
    assert bounds_in(line) is None


def record(*, seconds: float, gap: float | None) -> Record:
    """Return a record whose bounds do not matter; 1 % was to be met."""
    return Record("any", seconds, 0.0, 0.0, gap, gap is not None and gap <= 0.01, [])


def test_who_meets_the_gap_first_is_best() -> None:
    """However small the gap of others that did not."""
    late, soon = record(seconds=9, gap=0.001), record(seconds=8, gap=0.009)
    assert best_of([late, record(seconds=600, gap=0.02), soon]) is soon


def test_if_none_meets_the_gap_the_least_is_best() -> None:
    """All of them took the whole time."""
    near, far = record(seconds=600, gap=0.02), record(seconds=600, gap=0.3)
    unknown = record(seconds=600, gap=None)
    assert best_of([far, near, unknown]) is near


def test_a_job_ends_with_all_that_it_started(tmp_path: Path) -> None:
    """Processes in sessions of their own too, as the ranks of MPI are."""
    child = "import time; print('x' * 9, flush=True); time.sleep(60)"
    parent = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        f"{child!r}], start_new_session=True)"
    )
    start = time.monotonic()
    lines = list(lines_of([sys.executable, "-c", parent], 1.0, tmp_path))
    assert lines == ["xxxxxxxxx\n"]
    assert time.monotonic() - start < 10


def test_a_failed_job_has_a_reason(tmp_path: Path) -> None:
    """Its last lines are the message."""
    with pytest.raises(JobError, match="no such case"):
        list(lines_of([sys.executable, "-c", "exit('no such case')"], 9.0, tmp_path))
