"""The process of a job goes: by itself, or because the job was given up."""

import os
import signal

import pytest

from tests.journeys.server import Server, order_of
from tests.service.fake_solver import Behaviour
from tests.service.processes import solving_processes
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey


def test_a_solver_that_is_killed_fails_its_job_alone(
    standing_server: Server, standing_case_hash: str
) -> None:
    """The failure has the signal; the next job is solved."""
    order = order_of(standing_case_hash, Behaviour.GO_ON_UNTIL_TOLD)
    killed = standing_server.post("/jobs", order)["id"]
    wait_until(lambda: standing_server.get(f"/jobs/{killed}")["progress"])
    for process in solving_processes(standing_server.data_directory):
        os.kill(process, signal.SIGKILL)
    following = standing_server.post(
        "/jobs", order_of(standing_case_hash, Behaviour.SOLVE)
    )["id"]
    assert "SIGKILL" in standing_server.wait_for(killed, "FAILED")["failure"]
    standing_server.wait_for(following, "SUCCEEDED")


def test_cancelling_ends_the_solver_with_what_it_has(
    standing_server: Server, standing_case_hash: str
) -> None:
    """The process of a cancelled job ends; its last bound is stored."""
    order = order_of(standing_case_hash, Behaviour.GO_ON_UNTIL_ASKED)
    href = standing_server.post("/jobs", order)["href"]
    wait_until(lambda: standing_server.get(href)["incumbent"])
    cancelled = standing_server.post(f"{href}/cancel")
    assert (cancelled["state"], cancelled["incumbent"]["lower_bound_usd"]) == (
        "CANCELLED",
        0.5,
    )
    wait_until(lambda: not solving_processes(standing_server.data_directory))
    wait_until(lambda: standing_server.get(href)["incumbent"]["lower_bound_usd"] == 2.0)
    job = standing_server.get(href)
    assert (job["state"], job["result"], job["failure"]) == ("CANCELLED", None, None)
    assert standing_server.get(job["incumbent"]["href"])["promise"]["gap"] == 0.5


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
def test_a_crash_is_told_in_words_and_harms_nothing_else(
    standing_server: Server,
    standing_case_hash: str,
    behaviour: Behaviour,
    failure: str,
) -> None:
    """That job FAILED; the server answers and solves the next one."""
    crashing = standing_server.post("/jobs", order_of(standing_case_hash, behaviour))
    following = standing_server.post(
        "/jobs", order_of(standing_case_hash, Behaviour.SOLVE)
    )
    assert standing_server.wait_for(crashing["id"], "FAILED")["failure"] == failure
    standing_server.wait_for(following["id"], "SUCCEEDED")
    assert standing_server.get("/health")["is_healthy"]


def test_a_job_that_is_killed_keeps_its_incumbent(
    standing_server: Server, standing_case_hash: str
) -> None:
    """The process dies during the solve; its plan stays."""
    order = order_of(standing_case_hash, Behaviour.GO_ON_WITH_A_PLAN)
    job_id = standing_server.post("/jobs", order)["id"]
    wait_until(lambda: standing_server.get(f"/jobs/{job_id}")["incumbent"])
    for process in solving_processes(standing_server.data_directory):
        os.kill(process, signal.SIGKILL)
    incumbent = standing_server.wait_for(job_id, "FAILED")["incumbent"]
    plan = standing_server.get(incumbent["href"])
    assert plan["promise"]["objective_usd"] == incumbent["upper_bound_usd"]
