"""Browsers of a server: they send forms as its own pages do, some signed in."""

import pytest
from fastapi.testclient import TestClient

from tests.service.console.opened_reserve import opened
from tests.service.identity.conftest import Accounts, accounts, keys_of_roles, others

__all__ = ["accounts", "keys_of_roles", "opened", "others"]

ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture
def browser(client: TestClient) -> TestClient:
    """Return a client that sends what a browser does with the forms of its pages."""
    client.headers |= ORIGIN
    client.follow_redirects = False
    return client


@pytest.fixture
def signed_in(browser: TestClient, accounts: Accounts) -> TestClient:
    """Return a browser that a manager has signed in."""
    accounts.add("manager")
    key = accounts.key("manager").text
    answer = browser.post("/console/sign-in", data={"key": key})
    assert answer.status_code == 303, answer.text
    return browser
