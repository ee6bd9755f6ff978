"""Running servers, with an invented solver or the one that ships, and their case."""

import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.cases import Case
from tests.journeys.server import Server, running_server
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
    data = tmp_path / "data"
    with running_server(data, SOLVER, url=store_url, lease_s=LEASE_S) as server:
        yield server


@pytest.fixture(scope="session")
def standing_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Yield a server that no test ends."""
    data = tmp_path_factory.mktemp("standing") / "data"
    with running_server(data, SOLVER) as server:
        yield server


@pytest.fixture(scope="session")
def true_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Yield one whose jobs are solved by the worker that ships; no test ends it."""
    with running_server(tmp_path_factory.mktemp("true") / "data") as server:
        yield server


@pytest.fixture
def case_hash(server: Server, tiny_case: Case) -> str:
    """Return the hash of the tiny case, which the server has."""
    content_hash = server.post("/v1/cases", tiny_case)["hash"]
    assert isinstance(content_hash, str)
    return content_hash
