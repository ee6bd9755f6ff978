"""The process of a job goes: by itself, or because the job was given up."""

import os
import signal

import pytest

from tests.journeys.orders import order_of, solving_processes
from tests.journeys.server import Server
from tests.service.fake_solver import Behaviour
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey


def test_a_solver_that_is_killed_fails_its_job_alone(
    standing_server: Server, standing_case_hash: str
) -> None:
    """The job says which signal it was; the next one is solved."""
    order = order_of(standing_case_hash, Behaviour.GO_ON_UNTIL_TOLD)
    killed = standing_server.post("/jobs", order)["id"]
    wait_until(lambda: standing_server.get(f"/jobs/{killed}")["progress"])
    for process in solving_processes(killed):
        os.kill(process, signal.SIGKILL)
    following = standing_server.post(
        "/jobs", order_of(standing_case_hash, Behaviour.SOLVE)
    )["id"]
    assert "SIGKILL" in standing_server.wait_for(killed, "FAILED")["failure"]
    standing_server.wait_for(following, "SUCCEEDED")


def test_cancelling_ends_the_solver(
    standing_server: Server, standing_case_hash: str
) -> None:
    """No work goes on for a job that was given up."""
    order = order_of(standing_case_hash, Behaviour.GO_ON_UNTIL_TOLD)
    job_id = standing_server.post("/jobs", order)["id"]
    wait_until(lambda: standing_server.get(f"/jobs/{job_id}")["progress"])
    standing_server.post(f"/jobs/{job_id}/cancel")
    wait_until(lambda: not solving_processes(job_id))
    assert standing_server.get(f"/jobs/{job_id}")["state"] == "CANCELLED"


def test_a_job_that_is_killed_keeps_its_incumbent(
    standing_server: Server, standing_case_hash: str
) -> None:
    """The process dies in the midst of the solve; the plan of before is there."""
    order = order_of(standing_case_hash, Behaviour.GO_ON_WITH_A_PLAN)
    job_id = standing_server.post("/jobs", order)["id"]
    wait_until(lambda: standing_server.get(f"/jobs/{job_id}")["incumbent"])
    for process in solving_processes(job_id):
        os.kill(process, signal.SIGKILL)
    incumbent = standing_server.wait_for(job_id, "FAILED")["incumbent"]
    plan = standing_server.get(incumbent["href"])
    assert plan["promise"]["objective_usd"] == incumbent["upper_bound_usd"]
