"""A running store whose jobs are worked, and an organisation in it for each test.

An organisation sees nothing of the others: its store is empty at first, whatever was
done before, so that one server and one worker do for all tests.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, expect
from sqlmodel import Session

from models.tables import DEFAULT_ORGANISATION, Role, Scope
from service.casefiles import load
from service.clock import system_clock
from service.identity.account_secret import made_account_secret
from service.identity.administration import Administration
from service.jobs.worker_config import OPTIMIZER
from service.settings import Settings
from service.store.database import Database
from service.store.opening import opened_store
from tests.browser.signing_in import sign_in_unseen
from tests.browser.windows import Windows
from tests.journeys.accounts import AUTHOR, LIFETIME
from tests.journeys.server import Server, running_server
from tests.journeys.worker import WorkerProcess

Json = Any
REFUSED = "The account may not do this."
SCOPES = (Scope.READ, Scope.WRITE)

_NUMBERS = count(1)


@dataclass(frozen=True)
class RunningStore:
    """A server with a worker beside it, and its database."""

    server: Server
    database: Database
    secret: bytes


@contextmanager
def running_store() -> Generator[RunningStore]:
    """Yield a store that is served, and whose jobs are worked."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_directory=Path(folder) / "data")
        data = settings.data_directory
        with running_server(data, has_worker=False) as server:
            worker = WorkerProcess(data, OPTIMIZER)
            try:
                with opened_store(settings) as store:
                    secret = made_account_secret(settings)
                    yield RunningStore(server, store.database, secret)
            finally:
                worker.clean_up()


class Office:
    """An organisation, and its people before a browser."""

    def __init__(
        self, running: RunningStore, windows: Windows, stack: ExitStack
    ) -> None:
        self.name = f"office-{next(_NUMBERS)}"
        self._running = running
        self._windows = windows
        self._stack = stack
        with running.database.transaction() as session:
            _administration(session).add_organisation(self.name)
        self._key = self.key(Role.ADMINISTRATOR)

    def key(self, role: Role, participant: str | None = None) -> str:
        """Return the key of a new account. A planner is of a participant."""
        return self._new_key(role, self.name, participant)

    def page(self) -> Page:
        """Return an empty page in a window that nobody has signed in with."""
        return self._stack.enter_context(self._windows.taken()).page

    def page_of(self, role: Role, participant: str | None = None) -> Page:
        """Return an empty page of somebody new in that role, who is signed in."""
        page = self.page()
        sign_in_unseen(page.context, self.key(role, participant))
        return page

    def page_of_operator(self) -> Page:
        """Return that of an administrator of the organisation that runs the store."""
        page = self.page()
        key = self._new_key(Role.ADMINISTRATOR, DEFAULT_ORGANISATION, None)
        sign_in_unseen(page.context, key)
        return page

    def get(self, path: str) -> Json:
        """Return what is at a path of the interface."""
        return self._ask("GET", path)

    def post(self, path: str, body: Json = None) -> Json:
        """Return the answer to an order, which is accepted."""
        return self._ask("POST", path, body)

    def plan(self, case: Json) -> str:
        """Return the hash of a plan for a case, which is stored and solved."""
        stored = self.post("/v1/cases", case)["hash"]
        job = self._ask("POST", "/v1/jobs", {"case": stored}, Prefer="wait=60")
        assert job["state"] == "SUCCEEDED", job
        return job["result"]["plan"]

    def _new_key(self, role: Role, organisation: str, participant: str | None) -> str:
        name = f"{role} {next(_NUMBERS)}"
        with self._running.database.transaction() as session:
            accounts = _administration(session)
            accounts.add_account(name, role, organisation, participant)
            return accounts.add_key(name, self._running.secret, LIFETIME, SCOPES).text

    def _ask(self, method: str, path: str, body: Json = None, **headers: str) -> Json:
        headers |= {"Authorization": f"Bearer {self._key}"}
        client = self._running.server.client
        answer = client.request(method, path, json=body, headers=headers)
        return answer.raise_for_status().json()


def two_materials() -> Json:
    """Return the shipped case that takes half a second to solve."""
    return load("two_materials")


def press(page: Page, name: str) -> None:
    """Press the first button of that name as soon as it is there."""
    page.get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    """Follow the first link of that name as soon as it is there."""
    page.get_by_role("link", name=name).first.click()


def is_refused(page: Page, path: str) -> None:
    """Expect that who is signed in may not open a page."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == HTTPStatus.FORBIDDEN
    expect(page.get_by_role("heading", level=1)).to_have_text(REFUSED)


def _administration(session: Session) -> Administration:
    return Administration(session, AUTHOR, system_clock())
