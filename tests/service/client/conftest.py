"""Clients of a server in the same process, whose jobs wait: it has no worker."""

from collections.abc import Callable, Generator

import httpx2
import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from strongroom_client import AsyncClient, Client, Retries
from tests.service.api.conftest import (
    case_hash,
    end_job,
    order,
    report,
    running_job,
)

__all__ = ["case_hash", "end_job", "order", "report", "running_job"]

URL = "http://127.0.0.1:8000"
ONCE = Retries(most_attempts=1)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Generator[TestClient]:
    """Yield a client of a server without worker, which all tests of a module share."""
    data = tmp_path_factory.mktemp("data")
    app = create_app(Settings(data_directory=data, has_worker=False))
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def passed_on(client: TestClient) -> Callable[[httpx2.Request], httpx2.Response]:
    """Return what has the server answer a request."""

    def pass_on(request: httpx2.Request) -> httpx2.Response:
        answer = client.request(
            request.method,
            str(request.url),
            content=request.read(),
            # What it passes on is decoded already.
            headers={**request.headers, "accept-encoding": "identity"},
        )
        return httpx2.Response(
            answer.status_code, headers=answer.headers, content=answer.content
        )

    return pass_on


@pytest.fixture
def api(
    passed_on: Callable[[httpx2.Request], httpx2.Response],
) -> Generator[Client]:
    """Yield a blocking client."""
    transport = httpx2.MockTransport(passed_on)
    with Client(URL, transport=transport, retries=ONCE) as api:
        yield api


@pytest.fixture
def async_api(
    passed_on: Callable[[httpx2.Request], httpx2.Response],
) -> AsyncClient:
    """Return a client for asyncio."""
    transport = httpx2.MockTransport(passed_on)
    return AsyncClient(URL, transport=transport, retries=ONCE)
