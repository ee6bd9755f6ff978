"""A planner gives a long solve up, and has what it found by then."""

import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from models.plan import Plan
from service.casefiles import load
from tests.journeys.server import Server, running_server
from tests.service.processes import (
    processes_around,
    processes_of_session,
    solving_processes,
)
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey
# A solve of minutes, whose first plan comes after seconds.
CASE = "magnets"
OPTIONS = {
    "method": "decomposition",
    "number_of_scenarios": 20,
    "gap": 0.0,
    "time_limit_s": 600,
}
TWO_PROCESSES = "local:2"


@pytest.fixture(scope="module")
def working_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Yield a server whose jobs are solved in processes; no test ends it."""
    data = tmp_path_factory.mktemp("working") / "data"
    with running_server(data, executor=TWO_PROCESSES) as server:
        yield server


@pytest.fixture
def mortal_server(tmp_path: Path) -> Generator[Server]:
    """Yield such a server, which a test may end."""
    with running_server(tmp_path / "data", executor=TWO_PROCESSES) as server:
        yield server


def improved_job(server: Server) -> Any:  # noqa: ANN401 - JSON
    """Return a job that runs and has a plan."""
    content_hash = server.post("/v1/cases", load(CASE))["hash"]
    href = server.post("/v1/jobs", {"case": content_hash, "options": OPTIONS})["href"]
    wait_until(lambda: server.get(href)["incumbent"])
    return server.get(href)


def test_a_cancelled_solve_leaves_only_its_plan(working_server: Server) -> None:
    """The incumbent has cost and bound; the processes of the optimizer are gone too."""
    job = improved_job(working_server)
    (leader,) = solving_processes(working_server.data_directory)
    assert len(processes_of_session(leader)) > 2
    cancelled = working_server.post(f"{job['href']}/cancel")
    assert cancelled["state"] == "CANCELLED"
    wait_until(lambda: not processes_of_session(leader))
    # The last words of a solve that ended in order. They are stored after its end, and
    # a better plan perhaps still later.
    wait_until(
        lambda: working_server.get(job["href"])["progress"]["stage"] == "checked"
    )
    incumbent = working_server.get(job["href"])["incumbent"]
    assert incumbent["upper_bound_usd"] <= cancelled["incumbent"]["upper_bound_usd"]
    plan = Plan.model_validate(working_server.get(f"/v1/plans/{incumbent['plan']}"))
    assert plan.content_hash == incumbent["plan"]
    assert plan.promise.objective_usd == incumbent["upper_bound_usd"]
    assert plan.promise.lower_bound_usd == incumbent["lower_bound_usd"] > 0


def test_no_process_of_the_optimizer_outlives_its_server(mortal_server: Server) -> None:
    """When the server is killed, all that it started at any remove is gone."""
    improved_job(mortal_server)
    (leader,) = solving_processes(mortal_server.data_directory)
    assert len(processes_of_session(leader)) > 2
    mortal_server.end(signal.SIGKILL)
    wait_until(lambda: not processes_around(mortal_server.data_directory))


def test_no_process_of_the_optimizer_outlives_its_solve(working_server: Server) -> None:
    """When the solving process is killed, the job FAILED and the others are gone."""
    job = improved_job(working_server)
    (leader,) = solving_processes(working_server.data_directory)
    os.kill(leader, signal.SIGKILL)
    assert working_server.wait_for(job["id"], "FAILED")["incumbent"]
    wait_until(lambda: not processes_of_session(leader))
