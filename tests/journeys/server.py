"""A real server process, for journeys."""

import os
import signal
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from service.jobs.worker_config import OPTIMIZER
from tests.journeys.forking import ROOT, Forked
from tests.service.fake_solver import Behaviour
from tests.service.processes import end
from tests.service.waiting import CEILING_S, wait_until


class Server:
    """A server that a test starts, stops and kills."""

    def __init__(
        self,
        data_directory: Path,
        solver: str = OPTIMIZER,
        *,
        url: SecretStr | None = None,
        **settings: object,
    ) -> None:
        self.data_directory = data_directory
        self._solver = solver
        self._environment = environment_of(data_directory, url, settings)
        # Without a worker no server is healthy.
        self._is_ready = {503, 200} if settings.get("has_worker") is False else {200}
        self._process: Forked | None = None
        self.client = httpx2.Client()

    def start(self) -> None:
        """Start it on a free port; return when it answers."""
        port = free_port()
        self._process = Forked(
            "server", self._environment, port=port, solver=self._solver
        )
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=CEILING_S
        )
        wait_until(self._answers)

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return str(self.client.base_url).rstrip("/")

    def end(self, number: signal.Signals) -> int:
        """End it by a signal; return its exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        self.client.close()
        return self._process.wait(CEILING_S)

    @property
    def pid(self) -> int:
        """The process of the server."""
        assert self._process is not None
        return self._process.pid

    def forget(self) -> None:
        """Forget the process after it was killed."""
        assert self._process is not None
        self._process.wait(CEILING_S)
        self.client.close()

    def tell(self) -> None:
        """Let the invented solver go on that waits to be told."""
        self.data_directory.mkdir(exist_ok=True)
        (self.data_directory / "told").touch()

    def forget_what_was_told(self) -> None:
        """Let the invented solver wait to be told again."""
        (self.data_directory / "told").unlink(missing_ok=True)

    def clean_up(self) -> None:
        """End it if it still runs."""
        self.client.close()
        if self._process is not None:
            end(self._process)

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return what is at a path, which is there."""
        return self.client.get(path).raise_for_status().json()

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Return the answer to an order, which is accepted."""
        return self.client.post(path, json=body).raise_for_status().json()

    def wait_for(self, job_id: str, state: str) -> Any:  # noqa: ANN401 - JSON
        """Return the job as soon as it is in that state; fail if it ends in another."""
        on_the_way = {"QUEUED", "RUNNING"} - {state}
        wait_until(lambda: self.get(f"/v1/jobs/{job_id}")["state"] not in on_the_way)
        job = self.get(f"/v1/jobs/{job_id}")
        assert job["state"] == state, job
        return job

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the server ended"
        try:
            return self.client.get("/health").status_code in self._is_ready
        except httpx2.TransportError:
            return False


@contextmanager
def running_server(
    data_directory: Path,
    solver: str = OPTIMIZER,
    *,
    url: SecretStr | None = None,
    **settings: object,
) -> Generator[Server]:
    """Yield a server that was started; end it if it still runs."""
    server = Server(data_directory, solver, url=url, **settings)
    try:
        server.start()
        yield server
    finally:
        server.clean_up()


def environment_of(
    data_directory: Path, url: SecretStr | None, settings: Mapping[str, object]
) -> dict[str, str]:
    """Return the environment of a server or worker with these settings."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "STRONGROOM_DATA_DIRECTORY": str(data_directory),
        **{f"STRONGROOM_{name.upper()}": str(settings[name]) for name in settings},
    }
    if url is not None:
        environment["STRONGROOM_DATABASE_URL"] = url.get_secret_value()
    return environment


def free_port() -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    assert isinstance(port, int)
    return port


def order_of(case_hash: str, behaviour: Behaviour) -> dict[str, object]:
    """Return the order of a job that behaves like that."""
    return {"case": case_hash, "options": {"seed": int(behaviour)}}
