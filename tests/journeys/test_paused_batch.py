"""A batch is paused, resumed, cancelled and retried, with two workers."""

from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.cases import Case
from tests.journeys.server import Server
from tests.journeys.worker import WorkerProcess
from tests.service.fake_solver import SOLVER, Behaviour
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey
# One goes on until a test ends it; one always fails; the others are quick.
SEEDS = (Behaviour.GO_ON_UNTIL_TOLD, Behaviour.RAISE, *range(101, 105))


@pytest.fixture
def server(tmp_path: Path, store_url: SecretStr | None) -> Generator[Server]:
    """Yield a server without a worker."""
    server = Server(tmp_path / "data", SOLVER, url=store_url, has_worker=False)
    server.start()
    yield server
    server.clean_up()


@pytest.fixture
def worker(server: Server, store_url: SecretStr | None) -> Generator[WorkerProcess]:
    """Yield a worker with two slots, one of which is never a batch's."""
    folder = server.data_directory
    worker = WorkerProcess(folder, SOLVER, url=store_url, number_of_slots=2)
    yield worker
    worker.clean_up()


def states(server: Server, href: str) -> dict[str, int]:
    """Return how many variants stand where."""
    found: dict[str, int] = server.get(href)["number_by_state"]
    return {state: number for state, number in found.items() if number}


def test_a_batch_is_paused_given_up_and_asked_for_again(
    server: Server, worker: WorkerProcess, tiny_case: Case, case_hash: str
) -> None:
    """What runs goes on, nothing else begins; an interactive job passes by.

    Given up, what waited ends and what has an answer keeps it; again, all are solved
    but that which has no answer.
    """
    seeds = ",".join(str(int(seed)) for seed in SEEDS[1:])
    order = {
        "case": tiny_case,
        "options": {"seed": int(SEEDS[0])},
        "grid": [f"options.seed={seeds}"],
    }
    href = server.post("/v1/batches", order)["href"]
    wait_until(lambda: states(server, href) == {"RUNNING": 1, "QUEUED": 5})
    server.post(f"{href}/pause")
    server.tell()
    wait_until(lambda: states(server, href) == {"SUCCEEDED": 1, "QUEUED": 5})
    # A job that is done after that: the worker had the time for one of the batch.
    other = {"case": case_hash, "options": {"seed": 200}}
    server.wait_for(server.post("/v1/jobs", other)["id"], "SUCCEEDED")
    assert states(server, href) == {"SUCCEEDED": 1, "QUEUED": 5}
    server.post(f"{href}/cancel")
    assert states(server, href) == {"SUCCEEDED": 1, "CANCELLED": 5}
    # Asked for again while it is paused it waits.
    server.post(f"{href}/retry")
    server.wait_for(
        server.post("/v1/jobs", other | {"options": {"seed": 201}})["id"], "SUCCEEDED"
    )
    assert states(server, href) == {"SUCCEEDED": 1, "QUEUED": 5}
    server.post(f"{href}/resume")
    wait_until(lambda: states(server, href) == {"SUCCEEDED": 5, "FAILED": 1})
    server.post(f"{href}/retry")
    wait_until(lambda: server.get(href)["is_finished"])
    assert states(server, href) == {"SUCCEEDED": 5, "FAILED": 1}
    assert worker.is_running
