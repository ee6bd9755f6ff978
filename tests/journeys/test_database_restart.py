"""PostgreSQL is stopped in the middle of a batch and started again: nothing is lost."""

import signal
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from service.settings import Settings
from service.store.address import database_url
from service.store.database import Database
from service.store.opening import opened_store
from tests.campaign.answers import answers, watch
from tests.campaign.solver import SOLVER
from tests.cases import Case
from tests.journeys.server import Server, running_server
from tests.journeys.worker import WorkerProcess
from tests.postgres import PrivateServer, private_server
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey
# Each takes 0.6 s, so that some are left at the second stop.
LAST = 152
# A fast stop, and one that leaves all to be recovered.
STOPS = (signal.SIGINT, signal.SIGQUIT)
PROBLEM = "/docs/problems#store-unavailable"


@pytest.fixture
def own_postgres() -> Generator[PrivateServer]:
    """Yield a PostgreSQL server for this test alone."""
    with private_server() as postgres:
        yield postgres


@pytest.fixture
def url(own_postgres: PrivateServer) -> SecretStr:
    """Return the store, which writes down every end of a job."""
    url = SecretStr(own_postgres.url.render_as_string(hide_password=False))
    with opened_store(Settings(database_url=url)) as store:
        watch(store.database)
    return url


@pytest.fixture
def server(tmp_path: Path, url: SecretStr) -> Generator[Server]:
    """Yield a server without its own worker."""
    data = tmp_path / "data"
    with running_server(data, SOLVER, url=url, has_worker=False) as server:
        yield server


@pytest.fixture
def workers(tmp_path: Path, url: SecretStr) -> Generator[list[WorkerProcess]]:
    """Yield two workers."""
    workers = [WorkerProcess(tmp_path / "data", SOLVER, url=url) for _ in range(2)]
    yield workers
    for worker in workers:
        worker.clean_up()


def wait_for_work(server: Server, href: str) -> None:
    """Wait until two more have an answer, and one runs."""
    before = server.get(href)["number_by_state"]["SUCCEEDED"]

    def goes_on() -> bool:
        found = server.get(href)["number_by_state"]
        return found["SUCCEEDED"] > before + 1 and found["RUNNING"] > 0

    wait_until(goes_on)


def told(server: Server, href: str, order: dict[str, Any]) -> set[object]:
    """Return the answers to requests that need the database."""
    found = [server.client.get(path) for path in (href, "/v1/jobs", "/health")]
    found.append(server.client.post("/v1/batches", json=order))
    found.append(server.client.post("/v1/jobs", json={"case": "0" * 64}))
    return {
        (x.status_code, x.json()["type"], "retry-after" in x.headers) for x in found
    }


def test_a_batch_outlives_its_database(
    own_postgres: PrivateServer,
    url: SecretStr,
    server: Server,
    workers: list[WorkerProcess],
    tiny_case: Case,
) -> None:
    """Clients get 503 meanwhile; then the same processes continue by themselves.

    Each job has one answer, and at its first attempt, as the database itself has it.
    """
    options = {"seed": LAST}
    order = {"case": tiny_case, "options": options, "grid": ["options.seed=2..152:16"]}
    href = server.post("/v1/batches", order)["href"]
    for stop in STOPS:
        wait_for_work(server, href)
        own_postgres.stop(stop)
        assert told(server, href, order) == {(503, PROBLEM, True)}
        assert server.client.get("/alive").status_code == 204
        own_postgres.start()
    wait_until(lambda: server.get(href)["is_finished"])
    jobs = server.get("/v1/jobs?limit=200")["items"]
    assert len(jobs) == 16
    assert {(job["state"], job["attempt"]) for job in jobs} == {("SUCCEEDED", 1)}
    assert all(worker.is_running for worker in workers)
    database = Database.open(database_url(Settings(database_url=url)))
    assert answers(database) == {job["id"]: 1 for job in jobs}
    database.close()
