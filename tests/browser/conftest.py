"""A browser, and a running server whose store holds one of each thing to look at."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import opened_browser
from tests.journeys.server import Server, running_server


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """Yield a browser for all tests of this process."""
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Yield a server with nothing in its store, which no test fills."""
    data = tmp_path_factory.mktemp("empty") / "data"
    with running_server(data, has_worker=False) as server:
        yield server
