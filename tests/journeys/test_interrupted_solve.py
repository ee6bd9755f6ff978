"""Someone solves a case in a terminal, and does not wait for the end."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from service.files.plans import read_plan
from tests.journeys.test_cancelled_solve import CASE, OPTIONS, TWO_PROCESSES
from tests.service.processes import processes_of_session
from tests.service.waiting import CEILING_S, wait_until

pytestmark = pytest.mark.journey

PROGRAM = Path(sys.executable).with_name("strongroom")


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """Return where the plan goes."""
    return tmp_path / "plan.json"


@pytest.fixture
def solving(plan_file: Path) -> Generator[subprocess.Popen[str]]:
    """Yield the program in a session of its own; it has found a plan."""
    options = {
        "--method": OPTIONS["method"],
        "--gap": OPTIONS["gap"],
        "--time-limit": OPTIONS["time_limit_s"],
        "--executor": TWO_PROCESSES,
        "--output": plan_file,
    }
    words = [str(word) for option in options.items() for word in option]
    with subprocess.Popen(  # noqa: S603 - the program itself
        [PROGRAM, "solve", CASE, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            wait_until(plan_file.exists)
            assert len(processes_of_session(process.pid)) > 2
            yield process
        finally:
            process.kill()


def test_ctrl_c_ends_the_solve_with_the_best_plan(
    solving: subprocess.Popen[str], plan_file: Path
) -> None:
    """As at a time limit: status 0, the plan with its bound, no process left."""
    # A terminal sends it to all processes of the program.
    os.killpg(solving.pid, signal.SIGINT)
    out, err = solving.communicate(timeout=CEILING_S)
    assert solving.returncode == 0, err
    assert err.splitlines()[-1].startswith("INTERRUPTED, gap ")
    assert "Traceback" not in err
    assert f"plan: {plan_file}" in out
    promise = read_plan(plan_file).promise
    assert 0 < promise.lower_bound_usd <= promise.objective_usd
    wait_until(lambda: not processes_of_session(solving.pid))


def test_a_kill_leaves_the_best_plan_and_no_process(
    solving: subprocess.Popen[str], plan_file: Path
) -> None:
    """The file is whole, and the program's own processes end with it."""
    solving.send_signal(signal.SIGKILL)
    assert solving.wait(CEILING_S) == -signal.SIGKILL
    wait_until(lambda: not processes_of_session(solving.pid))
    promise = read_plan(plan_file).promise
    assert 0 < promise.lower_bound_usd <= promise.objective_usd
