"""A server comes and goes; no job and no plan is lost."""

import signal
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import smallest_case
from tests.journeys.conftest import LEASE_S, every_ending
from tests.journeys.server import Server, order_of, running_server
from tests.service.fake_solver import SOLVER, Behaviour
from tests.service.processes import is_alive, processes_around, solving_processes
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey


@every_ending
def test_a_job_outlives_its_server(
    server: Server, case_hash: str, ending: signal.Signals
) -> None:
    """Whether the server stops or is killed, the next one solves the job.

    No process outlives it: the solve ends, and so does its fork server.
    """
    order = order_of(case_hash, Behaviour.GO_ON_UNTIL_TOLD)
    running = server.post("/v1/jobs", order)["id"]
    waiting = server.post("/v1/jobs", order_of(case_hash, Behaviour.SOLVE))["id"]
    wait_until(lambda: server.get(f"/v1/jobs/{running}")["progress"])
    assert solving_processes(server.data_directory)
    server.end(ending)
    wait_until(lambda: not processes_around(server.data_directory))
    server.tell()
    server.start()
    assert server.wait_for(running, "SUCCEEDED")["attempt"] == 2
    assert server.wait_for(waiting, "SUCCEEDED")["attempt"] == 1


@dataclass(frozen=True)
class Restarted:
    """A server that was killed and is there again, and what it had before.

    plan and incumbent are by path; job has found the latter and waits to be told.
    """

    server: Server
    job: str
    plan: tuple[str, Any]
    incumbent: tuple[str, Any]
    processes: list[int]


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Generator[Restarted]:
    """Yield a server that was killed when one job had its plan and one was at work."""
    folder = tmp_path_factory.mktemp("restarted") / "data"
    with running_server(folder, SOLVER, lease_s=LEASE_S) as server:
        yield killed_and_started(server)


def killed_and_started(server: Server) -> Restarted:
    """Kill a server when one job has its plan and one is at work; start it again."""
    case_hash = server.post("/v1/cases", smallest_case())["hash"]
    done = server.post("/v1/jobs", order_of(case_hash, Behaviour.SOLVE))["id"]
    server.wait_for(done, "SUCCEEDED")
    order = order_of(case_hash, Behaviour.GO_ON_WITH_A_PLAN)
    job = server.post("/v1/jobs", order)["id"]
    wait_until(lambda: server.get(f"/v1/jobs/{job}")["incumbent"])
    plan, incumbent = f"/v1/jobs/{done}/plan", f"/v1/jobs/{job}/incumbent"
    found = server.get(plan), server.get(incumbent)
    processes = processes_around(server.data_directory)
    assert solving_processes(server.data_directory)
    server.end(signal.SIGKILL)
    server.start()
    return Restarted(server, job, (plan, found[0]), (incumbent, found[1]), processes)


def test_no_process_outlives_a_server_that_is_killed(restarted: Restarted) -> None:
    """None of the solve, and none of what it was started from."""
    assert len(restarted.processes) > 2
    wait_until(lambda: not any(is_alive(x) for x in restarted.processes))


def test_an_incumbent_outlives_its_server(restarted: Restarted) -> None:
    """The job starts again; the plan of its first attempt can be read meanwhile."""
    server, (path, found) = restarted.server, restarted.incumbent
    assert server.get(path) == found
    server.tell()
    result = server.wait_for(restarted.job, "SUCCEEDED")["result"]
    assert server.get(path) == server.get(result["plan_href"])


def test_a_plan_outlives_its_server(restarted: Restarted) -> None:
    """What was promised yesterday can be read today."""
    path, found = restarted.plan
    assert restarted.server.get(path) == found
