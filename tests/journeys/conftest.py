"""Running servers, with an invented solver or the one that ships, and their case."""

import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.cases import Case
from tests.journeys.server import Server
from tests.service.fake_solver import SOLVER

# A worker that was killed is missed after that time.
LEASE_S = 4


every_ending = pytest.mark.parametrize(
    ("store_url", "ending"),
    [
        ("sqlite", signal.SIGTERM),
        ("sqlite", signal.SIGKILL),
        ("postgresql", signal.SIGKILL),
    ],
    indirect=["store_url"],
)


@pytest.fixture
def server(tmp_path: Path, store_url: SecretStr | None) -> Generator[Server]:
    """Yield a server that was started."""
    server = Server(tmp_path / "data", SOLVER, url=store_url, lease_s=LEASE_S)
    server.start()
    yield server
    server.clean_up()


@pytest.fixture(scope="session")
def standing_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Yield a server that no test ends."""
    server = Server(tmp_path_factory.mktemp("standing") / "data", SOLVER)
    server.start()
    yield server
    server.clean_up()


@pytest.fixture(scope="session")
def true_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Yield one whose jobs are solved by the worker that ships; no test ends it."""
    server = Server(tmp_path_factory.mktemp("true") / "data")
    server.start()
    yield server
    server.clean_up()


@pytest.fixture
def case_hash(server: Server, tiny_case: Case) -> str:
    """Return the hash of the tiny case, which the server has."""
    content_hash = server.post("/cases", tiny_case)["hash"]
    assert isinstance(content_hash, str)
    return content_hash


@pytest.fixture
def standing_case_hash(standing_server: Server, tiny_case: Case) -> str:
    """Return the hash of the tiny case, which the standing server has."""
    content_hash = standing_server.post("/cases", tiny_case)["hash"]
    assert isinstance(content_hash, str)
    return content_hash
