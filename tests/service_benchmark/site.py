"""A server and workers of an empty store, each in its own process, over HTTP."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from tests.journeys.server import ROOT, Server, environment_of
from tests.postgres import Postgres
from tests.service.waiting import wait_until

STRONGROOM = "from service.cli import main; main()"
WORKER = ("worker", "--concurrency", "1")
SETTINGS: Mapping[str, Any] = {"has_worker": False, "log_level": "warning"}


@contextmanager
def opened_site(postgres: Postgres | None, number_of_workers: int) -> Generator[Server]:
    """Yield a server whose workers are there; without PostgreSQL it is on SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()), "data")
        url = stack.enter_context(database_of(postgres))
        server = Server(folder, url=url, **SETTINGS)
        stack.callback(server.clean_up)
        server.start()
        environment = environment_of(folder, url, SETTINGS)
        for _ in range(number_of_workers):
            stack.enter_context(_worker(environment))
        wait_until(lambda: _number_of_workers(server) == number_of_workers)
        yield server


@contextmanager
def database_of(postgres: Postgres | None) -> Generator[SecretStr | None]:
    """Yield the URL of an empty database of PostgreSQL; None for SQLite."""
    if postgres is None:
        yield None
        return
    with postgres.database() as url:
        yield SecretStr(url.render_as_string(hide_password=False))


@contextmanager
def _worker(environment: dict[str, str]) -> Generator[None]:
    """Have `strongroom worker` as a user starts it, of this source."""
    process = subprocess.Popen(  # noqa: S603 - the same Python
        [sys.executable, "-P", "-c", STRONGROOM, *WORKER], env=environment, cwd=ROOT
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _number_of_workers(server: Server) -> Any:  # noqa: ANN401 - JSON
    answer = server.client.get("/health")
    return answer.json()["number_of_workers"]
