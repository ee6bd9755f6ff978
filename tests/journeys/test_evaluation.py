"""A plan is solved, then followed, by workers beside the server that is asked."""

import io
import signal
from pathlib import Path

import pyarrow.parquet
import pytest

from service.casefiles import load
from service.jobs.worker_config import OPTIMIZER
from tests.journeys.conftest import LEASE_S
from tests.journeys.server import Server, running_server
from tests.journeys.worker import WorkerProcess
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey
NUMBER = 100_000


def test_an_evaluation_outlives_its_worker(tmp_path: Path) -> None:
    """One worker is killed in its midst; another finds it, and the server has it."""
    folder = tmp_path / "data"
    workers: list[WorkerProcess] = []
    with running_server(folder, OPTIMIZER, has_worker=False) as server:
        try:
            follow(server, workers)
        finally:
            for worker in workers:
                worker.clean_up()


def follow(server: Server, workers: list[WorkerProcess]) -> None:
    """Kill the first worker and start the second, both added to workers."""
    folder = server.data_directory
    workers.append(WorkerProcess(folder, OPTIMIZER, lease_s=LEASE_S))
    case = server.post("/v1/cases", load("two_materials"))["hash"]
    job = server.post("/v1/jobs", {"case": case})
    plan = server.wait_for(job["id"], "SUCCEEDED")["result"]["plan_href"]
    order = {"number_of_scenarios": NUMBER}
    href = server.post(f"{plan}/evaluations", order)["href"]
    wait_until(lambda: server.get(href)["state"] == "RUNNING")
    workers[0].end(signal.SIGKILL)
    assert server.get(href)["state"] == "RUNNING"
    workers.append(WorkerProcess(folder, OPTIMIZER, lease_s=LEASE_S))
    job = server.wait_for(server.get(href)["id"], "SUCCEEDED")
    assert job["attempt"] == 2
    assert workers[1].has(job["worker"])
    path = f"{job['evaluation_href']}/tables/scenarios"
    content = server.client.get(path).content
    assert len(pyarrow.parquet.read_table(io.BytesIO(content))) == NUMBER
    assert server.post(f"{plan}/evaluations", order)["state"] == "SUCCEEDED"
