"""Every operation of the interface, called as every role: it answers as its rule says.

The list of operations is that of the OpenAPI document, so a new one is tested at once.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient

from models.tables import Role, Scope
from service.app import create_app
from service.identity.permissions import RULES
from tests.service.identity.conftest import Accounts, bearer

REFUSED = {401, 403}


class Operation(NamedTuple):
    """An operation of the interface."""

    name: str
    method: str
    path: str


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation, with a path that leads to nothing."""
    return tuple(
        Operation(
            described["operationId"],
            method.upper(),
            re.sub(r"\{\w+\}", "none", path),
        )
        for path, methods in create_app().openapi()["paths"].items()
        for method, described in methods.items()
    )


def status_of(client: TestClient, operation: Operation, key: str | None) -> int:
    """Return the status of the answer to a request with that key."""
    headers = {} if key is None else bearer(key)
    body = None if operation.method == "GET" else {"case": "none"}
    answer = client.request(
        operation.method, operation.path, json=body, headers=headers
    )
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer ")
    if answer.status_code in REFUSED:
        assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code


def test_every_operation_has_a_rule() -> None:
    """And no rule is for an operation that is gone."""
    assert {operation.name for operation in operations()} == set(RULES)


def test_an_operation_without_a_rule_is_refused_to_everybody(
    client: TestClient,
    keys_of_roles: Mapping[Role, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What somebody forgot is closed, not open."""
    rules = {name: rule for name, rule in RULES.items() if name != "list_jobs"}
    monkeypatch.setattr("service.identity.permissions.RULES", rules)
    for key in keys_of_roles.values():
        assert client.get("/v1/jobs", headers=bearer(key)).status_code == 403
    assert client.get("/v1/jobs").status_code == 401


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_its_rule_says(
    client: TestClient, keys_of_roles: Mapping[Role, str], role: Role
) -> None:
    """What it may not do is answered with 403, whether the thing exists or not."""
    for operation in operations():
        rule = RULES[operation.name]
        is_permitted = not rule.roles or role in rule.roles
        status = status_of(client, operation, keys_of_roles[role])
        assert (status not in REFUSED) is is_permitted, (operation, status)
        if not is_permitted:
            assert status == 403


@pytest.mark.parametrize("key", [None, "nonsense", f"strongroom_{'0' * 12}_{'x' * 43}"])
def test_without_a_valid_key_only_open_operations_answer(
    client: TestClient, keys_of_roles: Mapping[Role, str], key: str | None
) -> None:
    """A wrong key is answered like no key, and tells nothing else."""
    assert keys_of_roles
    for operation in operations():
        is_open = not RULES[operation.name].roles
        status = status_of(client, operation, key)
        assert (status != 401) is is_open, (operation, status)


@pytest.mark.parametrize("scope", Scope)
def test_a_key_is_for_its_scope_only(
    client: TestClient, accounts: Accounts, scope: Scope
) -> None:
    """An administrator's key for monitoring reads no plan; 403 names the scope."""
    accounts.add("admin", Role.ADMINISTRATOR)
    key = accounts.key("admin", scope)
    for operation in operations():
        rule = RULES[operation.name]
        is_permitted = not rule.roles or rule.scope is scope
        status = status_of(client, operation, key.text)
        assert (status not in REFUSED) is is_permitted, (operation, status)
    refused = client.get("/v1/jobs", headers=bearer(accounts.key("admin", Scope.WRITE)))
    assert 'scope="read"' in refused.headers["www-authenticate"]


def test_the_old_paths_are_no_way_around(
    client: TestClient, keys_of_roles: Mapping[Role, str]
) -> None:
    """A path without a version is the same operation."""
    assert client.get("/audit").status_code == 401
    analyst = bearer(keys_of_roles[Role.ANALYST])
    assert client.get("/audit", headers=analyst).status_code == 403
    auditor = bearer(keys_of_roles[Role.AUDITOR])
    assert (
        client.post("/cases", json="two_materials", headers=auditor).status_code == 403
    )
    assert client.get("/audit", headers=auditor).status_code == 200
