"""An account asks who it is."""

import pytest
from fastapi.testclient import TestClient

from models.tables import Role, Scope
from tests.service.identity.conftest import Accounts, accounts, bearer

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

__all__ = ["accounts"]


def test_a_store_without_accounts_has_one_user(client: TestClient) -> None:
    """Who may do everything, without a key."""
    answer = client.get("/v1/whoami").json()
    assert answer == {
        "name": "anonymous",
        "organisation": "default",
        "role": "administrator",
        "participant": None,
        "scopes": sorted(Scope),
        "key": None,
    }


def test_a_key_tells_its_account(client: TestClient, accounts: Accounts) -> None:
    """Not the key itself, but its prefix."""
    accounts.add("planner", Role.ANALYST)
    key = accounts.key("planner", Scope.READ)
    answer = client.get("/v1/whoami", headers=bearer(key))
    assert answer.json() == {
        "name": "planner",
        "organisation": "default",
        "role": "analyst",
        "participant": None,
        "scopes": ["read"],
        "key": key.prefix,
    }
    assert key.text not in answer.text


def test_a_planner_is_of_its_participant(
    client: TestClient, accounts: Accounts
) -> None:
    """By the identifier that it has in cases."""
    accounts.add("buyer", Role.PARTICIPANT_PLANNER, participant="gm")
    answer = client.get("/v1/whoami", headers=bearer(accounts.key("buyer"))).json()
    assert (answer["role"], answer["participant"]) == ("participant_planner", "gm")
