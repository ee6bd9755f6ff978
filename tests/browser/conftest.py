"""A browser, and running servers: one with an empty store, one with a full one."""

import fcntl
import os
import shutil
from collections.abc import Generator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from models.roles import Role
from tests.browser.chromium import opened_browser
from tests.browser.sample_store import SampleStore, filled
from tests.journeys.server import Server, running_server


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """Yield a browser for the tests of a module.

    Its driver keeps a loop of asyncio running, in which tests elsewhere start none.
    """
    with opened_browser() as browser:
        yield browser


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
