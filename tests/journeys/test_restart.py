"""A server comes and goes; no job and no plan is lost."""

import signal

import pytest

from tests.journeys.orders import order_of
from tests.journeys.server import Server
from tests.service.fake_solver import Behaviour
from tests.service.processes import processes_around, solving_processes
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey
# What the store has to do with it, the first test shows.
on_sqlite = pytest.mark.parametrize("store_url", [None], ids=["sqlite"])


@pytest.mark.parametrize(
    ("store_url", "ending"),
    [
        ("sqlite", signal.SIGTERM),
        ("sqlite", signal.SIGKILL),
        ("postgresql", signal.SIGKILL),
    ],
    indirect=["store_url"],
)
def test_a_job_outlives_its_server(
    server: Server, case_hash: str, ending: signal.Signals
) -> None:
    """Whether the server stops or is killed, the next one solves the job."""
    order = order_of(case_hash, Behaviour.GO_ON_UNTIL_TOLD)
    running = server.post("/jobs", order)["id"]
    waiting = server.post("/jobs", order_of(case_hash, Behaviour.SOLVE))["id"]
    server.wait_for(running, "RUNNING")
    server.end(ending)
    server.tell()
    server.start()
    assert server.wait_for(running, "SUCCEEDED")["attempt"] == 2
    assert server.wait_for(waiting, "SUCCEEDED")["attempt"] == 1


@on_sqlite
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_server(
    server: Server, case_hash: str, ending: signal.Signals
) -> None:
    """A solve that nobody waits for ends, and with it what it was started from."""
    order = order_of(case_hash, Behaviour.GO_ON_UNTIL_TOLD)
    job_id = server.post("/jobs", order)["id"]
    wait_until(lambda: server.get(f"/jobs/{job_id}")["progress"])
    assert solving_processes(server.data_directory)
    server.end(ending)
    wait_until(lambda: not processes_around(server.data_directory))


@on_sqlite
def test_an_incumbent_outlives_its_server(server: Server, case_hash: str) -> None:
    """The job begins anew; what its first attempt found can be read meanwhile."""
    order = order_of(case_hash, Behaviour.GO_ON_WITH_A_PLAN)
    job_id = server.post("/jobs", order)["id"]
    wait_until(lambda: server.get(f"/jobs/{job_id}")["incumbent"])
    found = server.get(f"/jobs/{job_id}/incumbent")
    server.end(signal.SIGKILL)
    server.start()
    assert server.get(f"/jobs/{job_id}/incumbent") == found
    server.tell()
    result = server.wait_for(job_id, "SUCCEEDED")["result"]
    assert server.get(f"/jobs/{job_id}/incumbent") == server.get(result["plan_href"])


@on_sqlite
def test_a_plan_outlives_its_server(server: Server, case_hash: str) -> None:
    """What was promised yesterday can be read today."""
    job_id = server.post("/jobs", order_of(case_hash, Behaviour.SOLVE))["id"]
    server.wait_for(job_id, "SUCCEEDED")
    plan = server.get(f"/jobs/{job_id}/plan")
    server.end(signal.SIGKILL)
    server.start()
    assert server.get(f"/jobs/{job_id}/plan") == plan
