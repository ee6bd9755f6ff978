"""The process of a job goes: by itself, or because the job was given up."""

import os
import signal

import pytest

from tests.journeys.server import Server, order_of
from tests.service.fake_solver import Behaviour
from tests.service.processes import solving_processes
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey


@pytest.fixture
def server(standing_server: Server) -> Server:
    """Return the server that no test ends."""
    return standing_server


def kill_solver(server: Server) -> None:
    """Kill the solving processes of a server."""
    for process in solving_processes(server.data_directory):
        os.kill(process, signal.SIGKILL)


def test_a_killed_solver_fails_only_its_job(server: Server, case_hash: str) -> None:
    """The failure has the signal; the next job is solved."""
    order = order_of(case_hash, Behaviour.GO_ON_UNTIL_TOLD)
    killed = server.post("/v1/jobs", order)["id"]
    wait_until(lambda: server.get(f"/v1/jobs/{killed}")["progress"])
    kill_solver(server)
    following = server.post("/v1/jobs", order_of(case_hash, Behaviour.SOLVE))["id"]
    assert "SIGKILL" in server.wait_for(killed, "FAILED")["failure"]
    server.wait_for(following, "SUCCEEDED")


def test_cancelling_ends_the_solver(server: Server, case_hash: str) -> None:
    """The process of a cancelled job ends; its last bound is stored."""
    order = order_of(case_hash, Behaviour.GO_ON_UNTIL_ASKED)
    href = server.post("/v1/jobs", order)["href"]
    wait_until(lambda: server.get(href)["incumbent"])
    cancelled = server.post(f"{href}/cancel")
    assert (cancelled["state"], cancelled["incumbent"]["lower_bound_usd"]) == (
        "CANCELLED",
        0.5,
    )
    wait_until(lambda: not solving_processes(server.data_directory))
    wait_until(lambda: server.get(href)["incumbent"]["lower_bound_usd"] == 2.0)
    job = server.get(href)
    assert (job["state"], job["result"], job["failure"]) == ("CANCELLED", None, None)
    assert server.get(job["incumbent"]["href"])["promise"]["gap"] == 0.5


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        (Behaviour.CRASH, "The solver crashed (signal 11, SIGSEGV)."),
        (
            Behaviour.EXIT,
            "The solving process ended without an answer: exit status 3.",
        ),
    ],
)
def test_a_crash_is_reported_and_harms_no_other_job(
    server: Server, case_hash: str, behaviour: Behaviour, failure: str
) -> None:
    """That job FAILED; the server answers and solves the next one."""
    crashing = server.post("/v1/jobs", order_of(case_hash, behaviour))
    following = server.post("/v1/jobs", order_of(case_hash, Behaviour.SOLVE))
    assert server.wait_for(crashing["id"], "FAILED")["failure"] == failure
    server.wait_for(following["id"], "SUCCEEDED")
    assert server.get("/health")["is_healthy"]


def test_a_killed_job_keeps_its_incumbent(server: Server, case_hash: str) -> None:
    """The process dies during the solve; its plan stays."""
    order = order_of(case_hash, Behaviour.GO_ON_WITH_A_PLAN)
    job_id = server.post("/v1/jobs", order)["id"]
    wait_until(lambda: server.get(f"/v1/jobs/{job_id}")["incumbent"])
    kill_solver(server)
    incumbent = server.wait_for(job_id, "FAILED")["incumbent"]
    plan = server.get(incumbent["href"])
    assert plan["promise"]["objective_usd"] == incumbent["upper_bound_usd"]
