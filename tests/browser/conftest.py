"""A browser, and running servers: with an empty store, a full one, and offices."""

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.roles import Role
from tests.browser.chromium import Visit, opened_browser
from tests.browser.kept import Kept
from tests.browser.office import Office, running_store
from tests.browser.sample_store import SampleStore, filled
from tests.browser.windows import opened_windows
from tests.journeys.server import Server, running_server

HERE = Path(__file__).parent
KEPT = Kept()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Close the browser and the offices unless the next test is of this folder.

    The driver of the browser keeps a loop of asyncio running, in which tests elsewhere
    start none.
    """
    if nextitem is None or not nextitem.path.is_relative_to(HERE):
        KEPT.close()


@pytest.fixture
def browser() -> Browser:
    """Return the browser of all tests of this folder."""
    return KEPT.get(opened_browser)


@pytest.fixture
def office(browser: Browser) -> Generator[Office]:
    """Yield an organisation with nothing in its store, whose jobs are worked."""
    running = KEPT.get(running_store)
    windows = KEPT.get(opened_windows, browser, running.server.address)
    with ExitStack() as stack:
        yield Office(running, windows, stack)


@pytest.fixture
def visited(browser: Browser, sample: "Sample") -> Generator[Visit]:
    """Yield an empty page in a window on the server with the sample store."""
    windows = KEPT.get(opened_windows, browser, sample.server.address)
    with windows.taken() as visited:
        yield visited


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """Yield a server with nothing in its store, which no test fills."""
    data = tmp_path_factory.mktemp("empty") / "data"
    with running_server(data, has_worker=False) as server:
        yield server


@dataclass(frozen=True)
class Sample:
    """A server, and what is in its store."""

    server: Server
    store: SampleStore


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Generator[Sample]:
    """Yield a server without a worker, and a store that one process has filled for all.

    Each process of the tests has a copy of it.
    """
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    whole, contents = folder / "sample", folder / "sample.json"
    with (folder / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not contents.exists():
            with running_server(whole) as server:
                filled(server).write(contents)
    data = shutil.copytree(whole, own / "sample_of_this_process")
    with running_server(data, has_worker=False) as server:
        store = SampleStore.read(contents)
        key = store.keys[Role.ADMINISTRATOR]
        server.client.headers["Authorization"] = f"Bearer {key}"
        yield Sample(server, store)
