"""A server whose users log in at a provider, which is a process of its own."""

import shutil
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from models.tables import Role
from service.api.context import Context
from service.app import create_app
from service.identity.openid.provider import USABLE_S, ProviderKeys
from service.identity.openid.tokens import Tokens
from service.settings import Settings
from tests.service.identity.conftest import Accounts, bearer
from tests.service.identity.openid.provider_process import Provider, running_provider

ACCOUNT, SUBJECT = "erp of a maker", "service-erp"


class Watch:
    """A timer that a test puts forward."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        """Return its time."""
        return self.now_s


@dataclass(frozen=True)
class Server:
    """A server, its accounts, and the timer by which it keeps keys of the provider."""

    client: TestClient
    accounts: Accounts
    watch: Watch

    def answer_to(self, token: str, path: str = "/v1/whoami") -> Response:
        """Return the answer to a request with a token."""
        return self.client.get(path, headers=bearer(token))

    def forget_keys(self) -> None:
        """Let so much time pass that no key of the provider is known any more."""
        self.watch.now_s += USABLE_S

    def settle(self, **settings: object) -> None:
        """Change settings of the running server; keys are not known any more."""
        app = self.client.app
        assert isinstance(app, FastAPI)
        context: Context = app.state.context
        own = context.settings.model_copy(update=settings)
        assert own.openid_issuer is not None
        keys = ProviderKeys(own.openid_issuer, timer=self.watch)
        tokens = Tokens(own, own.openid_issuer, keys)
        app.state.context = replace(context, tokens=tokens)


@pytest.fixture(scope="module")
def running() -> Generator[Provider]:
    """Yield a provider, for all tests of a module."""
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def served(
    running: Provider,
    migrated_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Server]:
    """Yield a server with an account that is linked with a program."""
    data = tmp_path_factory.mktemp("data")
    shutil.copy(migrated_file, data)
    settings = Settings(
        data_directory=data, has_worker=False, openid_issuer=running.issuer
    )
    app = create_app(settings)
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        accounts = Accounts(app.state.context)
        accounts.add(ACCOUNT, Role.MANAGER)
        accounts.link(ACCOUNT, running.issuer, SUBJECT)
        yield Server(client, accounts, Watch())


@pytest.fixture
def provider(running: Provider) -> Provider:
    """Return the provider, which behaves as usual."""
    running.behave("usual")
    return running


@pytest.fixture
def server(served: Server) -> Server:
    """Return the server, with its usual settings and no key of the provider yet."""
    served.forget_keys()
    served.settle()
    return served
