"""Several workers share a store: one stops, dies or freezes, and no job is lost."""

import datetime as dt
import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.cases import Case
from tests.conftest import opened_database
from tests.journeys.conftest import LEASE_S, every_ending
from tests.journeys.server import Server, order_of, running_server
from tests.journeys.worker import WorkerProcess
from tests.service.fake_solver import SOLVER, Behaviour
from tests.service.processes import processes_of_session, solving_processes
from tests.service.waiting import wait_until

pytestmark = pytest.mark.journey
Start = Callable[..., WorkerProcess]
Started = Callable[[Behaviour], Any]
WITH_A_PLAN = {Behaviour.GO_ON_WITH_A_PLAN, Behaviour.GO_ON_UNTIL_ASKED}
TIMES = "started_at", "created_at"
on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def store_url(request: pytest.FixtureRequest) -> Generator[SecretStr | None]:
    """Yield a database for all tests of its kind."""
    with opened_database(request) as url:
        yield url


@pytest.fixture(scope="module")
def waiting_server(
    tmp_path_factory: pytest.TempPathFactory, store_url: SecretStr | None
) -> Generator[Server]:
    """Yield a server without a worker, which no test ends."""
    folder = tmp_path_factory.mktemp("waiting") / "data"
    with running_server(folder, SOLVER, url=store_url, has_worker=False) as server:
        yield server


@pytest.fixture
def server(waiting_server: Server) -> Server:
    """Return the server as at its start, without solving processes."""
    wait_until(lambda: not solving_processes(waiting_server.data_directory))
    waiting_server.forget_what_was_told()
    return waiting_server


@pytest.fixture
def start(server: Server, store_url: SecretStr | None) -> Generator[Start]:
    """Yield what starts a worker of the server's store; all are ended."""
    workers: list[WorkerProcess] = []

    def begin(**settings: object) -> WorkerProcess:
        worker = WorkerProcess(
            server.data_directory, SOLVER, url=store_url, lease_s=LEASE_S, **settings
        )
        workers.append(worker)
        return worker

    yield begin
    for worker in workers:
        worker.clean_up()


@pytest.fixture
def started(server: Server, case_hash: str) -> Started:
    """Return what gives a job, and waits until what it can find untold is stored."""

    def begin(behaviour: Behaviour) -> Any:  # noqa: ANN401 - JSON
        href = anew(server, order_of(case_hash, behaviour))["href"]
        found = "incumbent" if behaviour in WITH_A_PLAN else "progress"
        wait_until(lambda: server.get(href)[found])
        return server.get(href)

    return begin


def anew(server: Server, order: dict[str, object]) -> Any:  # noqa: ANN401 - JSON
    """Return a job that is to be done although another test may have an answer."""
    headers = {"Cache-Control": "no-cache"}
    answer = server.client.post("/v1/jobs", json=order, headers=headers)
    return answer.raise_for_status().json()


@every_ending
def test_a_job_outlives_its_worker(
    server: Server,
    start: Start,
    started: Started,
    ending: signal.Signals,
) -> None:
    """Another one takes it over by itself; no solving process of the first is left."""
    first = start()
    job = started(Behaviour.GO_ON_WITH_A_PLAN)
    assert first.has(job["worker"])
    found = server.get(job["incumbent"]["href"])
    (leader,) = solving_processes(server.data_directory)
    second = start()
    first.end(ending)
    wait_until(lambda: not processes_of_session(leader))
    wait_until(lambda: second.has(server.get(job["href"])["worker"]))
    # What the first one found can be read all the time.
    assert server.get(job["incumbent"]["href"]) == found
    server.tell()
    assert server.wait_for(job["id"], "SUCCEEDED")["attempt"] == 2


@on_sqlite
def test_a_frozen_worker_does_not_answer_for_its_job(
    server: Server,
    start: Start,
    started: Started,
) -> None:
    """It is taken for dead; when it continues, another has answered its job."""
    first = start()
    job = started(Behaviour.GO_ON_UNTIL_TOLD)
    (leader,) = solving_processes(server.data_directory)
    first.send(signal.SIGSTOP)
    os.kill(leader, signal.SIGSTOP)
    second = start()
    wait_until(lambda: second.has(server.get(job["href"])["worker"]))
    server.tell()
    answer = server.wait_for(job["id"], "SUCCEEDED")
    os.kill(leader, signal.SIGCONT)
    first.send(signal.SIGCONT)
    wait_until(lambda: not processes_of_session(leader))
    wait_until(lambda: server.get("/health")["number_of_workers"] == 2)
    assert server.get(job["href"]) == answer
    assert second.has(answer["worker"])


@on_sqlite
def test_a_cancelled_job_stops(server: Server, start: Start, started: Started) -> None:
    """The server that is asked has neither the job nor its process."""
    start()
    job = started(Behaviour.GO_ON_UNTIL_ASKED)
    server.post(f"{job['href']}/cancel")
    wait_until(lambda: server.get(job["href"])["incumbent"]["lower_bound_usd"] == 2.0)
    wait_until(lambda: not solving_processes(server.data_directory))


@on_sqlite
def test_jobs_wait_for_a_worker(server: Server, start: Start, case_hash: str) -> None:
    """Without a worker jobs are accepted, but the server is not healthy."""
    job = anew(server, order_of(case_hash, Behaviour.SOLVE))
    # Workers of other tests that were killed may be missed only now.
    wait_until(lambda: server.client.get("/health").status_code == 503)
    start()
    server.wait_for(job["id"], "SUCCEEDED")
    assert server.get("/health")["is_healthy"]


def test_a_server_restarts_a_dead_worker(tmp_path: Path, tiny_case: Case) -> None:
    """It is restarted by the server; the next worker solves the running job."""
    with running_server(tmp_path / "own", SOLVER, lease_s=LEASE_S) as server:
        content_hash = server.post("/v1/cases", tiny_case)["hash"]
        order = order_of(content_hash, Behaviour.GO_ON_UNTIL_TOLD)
        href = server.post("/v1/jobs", order)["href"]
        wait_until(lambda: server.get(href)["progress"])
        first = server.get(href)["worker"]
        os.kill(int(first.rsplit("-", 2)[1]), signal.SIGKILL)
        wait_until(lambda: server.get(href)["attempt"] == 2)
        server.tell()
        assert server.wait_for(server.get(href)["id"], "SUCCEEDED")["worker"] != first


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_free_slot_takes_the_next_job_at_once(
    server: Server, start: Start, case_hash: str
) -> None:
    """One that looks once a minute solves what waits, one job after the other."""
    order = order_of(case_hash, Behaviour.SOLVE)
    jobs = [anew(server, order) for _ in range(3)]
    start(poll_interval_s=60)
    for job in jobs:
        server.wait_for(job["id"], "SUCCEEDED")
    # Nothing waits now, and what comes is told.
    job = server.wait_for(anew(server, order)["id"], "SUCCEEDED")
    began, ordered = (dt.datetime.fromisoformat(job[x]) for x in TIMES)
    assert began - ordered < dt.timedelta(seconds=30)
