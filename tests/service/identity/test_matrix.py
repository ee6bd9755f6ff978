"""Every operation of the interface, called as every role: it answers as its rule says.

The list of operations is that of the OpenAPI document, so a new one is tested at once.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple, cast

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from models.instance import Instance
from models.tables import Role, Scope
from service.api.context import Context
from service.clock import Clock
from service.identity.permissions import MONITORS, RULES
from tests.interface import description_of_interface
from tests.service.conftest import StoreKit
from tests.service.identity.belongings import (
    RIVAL,
    Belongings,
    belongings_of,
    own_of,
)
from tests.service.identity.conftest import OTHERS, Accounts, bearer

REFUSED = {401, 403}
# To names of the same form that nothing has.
OTHER_DIGITS = str.maketrans("0123456789abcdef", "123456789abcdef0")


A_VARIANT = {"name": "a", "set": {"options.seed": 77}}
# What a request about a thing has in its body, by the operation.
BODIES: Mapping[str, Callable[[Belongings], object]] = {
    "submit_job": lambda x: {"case": x.cases},
    "submit_a_batch": lambda x: {"case": x.cases, "variants": [A_VARIANT]},
    "submit_evaluation_of_plan": lambda _: {"number_of_scenarios": 9},
    "put_case": lambda _: "two_materials",
    "open_a_round": lambda x: {
        "case": x.cases,
        "name": "another round",
        "rights": [
            {"id": "right", "material": "gallium", "inventory_price_factor": 1.0}
        ],
        "closes_at": "2099-01-01T00:00:00Z",
    },
    "open_a_reserve": lambda _: {"name": "Another reserve"},
    "append_reserve_entry": lambda x: {
        "predecessor": x.entries,
        "kind": "position",
        "case": x.cases,
    },
    "draw_on_own_right": lambda _: {"tonnes": 1},
    "replenish_own_right": lambda _: {"tonnes": 1},
    "offer_own_lots": lambda _: {"lots": 1},
    "put_own_offer": lambda _: {"maximum_lots": 3},
    "create_webhook": lambda _: {"url": "https://hooks.example.com/"},
    "publish_a_round": lambda x: {"plan": x.plans},
    "put_publication": lambda _: {"title": "A plan"},
    "submit_compare_plans": lambda x: {"against": x.plans},
    "submit_advance": lambda _: {
        "observed": {"start": "2026-01-01", "otherwise": "as_planned"}
    },
    "submit_participant": lambda _: {"participant": "maker"},
    "submit_value_rights": lambda _: {"participant": "maker"},
}


# Their bodies name what an organisation has.
NAME_A_CASE = {"submit_job", "submit_a_batch", "open_a_round"}


class Operation(NamedTuple):
    """An operation of the interface; its path may have the names of parameters."""

    name: str
    method: str
    path: str

    @property
    def is_about_a_thing(self) -> bool:
        """Whether a request names something that an organisation has."""
        return "{" in self.path or self.name in NAME_A_CASE

    def body(self, things: Belongings) -> object:
        """Return the body of a request about one of these things."""
        if self.method == "GET":
            return None
        return BODIES.get(self.name, lambda _: dict[str, object]())(things)


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation."""
    return tuple(
        Operation(
            described["operationId"],
            method.upper(),
            path,
        )
        for path, methods in description_of_interface()["paths"].items()
        for method, described in methods.items()
    )


def status_of(client: TestClient, operation: Operation, key: str | None) -> int:
    """Return the status of the answer to a request with that key."""
    headers = {} if key is None else bearer(key)
    body = None if operation.method == "GET" else {"case": "none"}
    path = re.sub(r"\{\w+\}", "none", operation.path)
    answer = client.request(operation.method, path, json=body, headers=headers)
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer ")
    if answer.status_code in REFUSED:
        assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code


def answer_about(
    client: TestClient, operation: Operation, things: Belongings, key: str
) -> Response:
    """Return the answer to a request about one of these things."""
    return client.request(
        operation.method,
        things.path(operation.path),
        json=operation.body(things),
        headers={**bearer(key), "X-Request-ID": "a-request"},
    )


def without_names(answer: Response, things: Belongings) -> tuple[object, ...]:
    """Return all of an answer but the names that its request had."""
    text = answer.text
    for name in things:
        text = text.replace(name, "NAME")
    # What is left of a quota is less with each request of its own: test_rate_limits.py.
    fields = [x for x in answer.headers.items() if x[0] != "ratelimit"]
    return answer.status_code, text, sorted(fields)


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
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_role_may_do_what_its_rule_says(
    client: TestClient,
    context: Context,
    keys_of_roles: Mapping[Role, str],
    instance: Instance,
    role: Role,
) -> None:
    """On what its organisation has, where nothing is missing; else it gets 403.

    A state may not permit a change (409).
    """
    own = belongings_of(context, instance)
    for operation in operations():
        rule = RULES[operation.name]
        answer = answer_about(client, operation, own, keys_of_roles[role])
        is_permitted = not rule.roles or role in rule.roles
        if is_permitted and not operation.name.startswith("refuse_"):
            wrong = {404, 415, 422, 500}
            assert answer.status_code not in wrong, (operation, answer.text)
        assert (answer.status_code == 403) is not is_permitted, operation


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_plan_is_compared_with_none_of_others(
    client: TestClient,
    accounts: Accounts,
    context: Context,
    others: Context,
    instance: Instance,
) -> None:
    """A plan that others have is answered as one that does not exist."""
    mine = belongings_of(context, instance)
    changed = instance.model_copy(update={"name": "A case of others"})
    foreign = belongings_of(others, changed).plans
    assert foreign != mine.plans
    accounts.add("analyst", Role.ANALYST)
    key = accounts.key("analyst", *Scope).text
    path = f"/v1/plans/{mine.plans}/analyses/compare-plans"
    found, missing = (
        client.post(path, json={"against": x}, headers=bearer(key))
        for x in (foreign, foreign.translate(OTHER_DIGITS))
    )
    assert found.status_code == missing.status_code == 404
    own = client.post(path, json={"against": mine.plans}, headers=bearer(key))
    assert own.status_code == 202


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_others_have_is_answered_as_what_does_not_exist(
    client: TestClient,
    keys_of_roles: Mapping[Role, str],
    others: Context,
    instance: Instance,
) -> None:
    """Byte for byte apart from its name: every operation, each role that may call it.

    And one of those that may not: nothing is looked up for them.
    """
    foreign = belongings_of(others, instance)
    nothing = Belongings(*(x.translate(OTHER_DIGITS) for x in foreign))
    for operation in (x for x in operations() if x.is_about_a_thing):
        permitted = RULES[operation.name].roles or frozenset(Role)
        for role in [*permitted, *sorted(frozenset(Role) - permitted)[:1]]:
            found, missing = (
                without_names(
                    answer_about(client, operation, x, keys_of_roles[role]), x
                )
                for x in (foreign, nothing)
            )
            assert found == missing, (operation, role)
            assert found[0] in {403, 404}, (operation, role, found)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_another_participant_has_is_answered_as_what_does_not_exist(
    client: TestClient, accounts: Accounts, context: Context, instance: Instance
) -> None:
    """Byte for byte apart from its name: every operation, within an organisation."""
    theirs = belongings_of(context, instance)
    nothing = Belongings(*(x.translate(OTHER_DIGITS) for x in theirs))
    accounts.add("rival", Role.PARTICIPANT_PLANNER, participant=RIVAL)
    key = accounts.key("rival", *Scope).text
    for operation in operations():
        # A round is one for all who take part.
        if not operation.is_about_a_thing or "/own/rounds/" in operation.path:
            continue
        found, missing = (
            without_names(answer_about(client, operation, x, key), x)
            for x in (theirs, nothing)
        )
        assert found == missing, operation
        assert found[0] in {403, 404}, (operation, found)


def links_in(found: object) -> list[str]:
    """Return all paths of the interface in an answer, however deep."""
    if isinstance(found, dict):
        found = [*cast("dict[str, object]", found).values()]
    if isinstance(found, list):
        return [path for x in cast("list[object]", found) for path in links_in(x)]
    return [found] if isinstance(found, str) and found.startswith("/v1/") else []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_planner_may_follow_each_link_that_it_gets(
    client: TestClient,
    context: Context,
    keys_of_roles: Mapping[Role, str],
    instance: Instance,
) -> None:
    """Wherever its own operations lead, it is no operation of others."""
    own = belongings_of(context, instance)
    key = keys_of_roles[Role.PARTICIPANT_PLANNER]
    followed: set[str] = set()
    for operation in operations():
        if not operation.path.startswith("/v1/own/"):
            continue
        answer = answer_about(client, operation, own, key)
        links = [] if answer.status_code == 204 else links_in(read_if_json(answer))
        links += [answer.headers[x] for x in ("location",) if x in answer.headers]
        for path in links:
            got = client.get(path, headers=bearer(key))
            assert got.status_code == 200, (operation.name, path, got.text)
            followed.add(path.split("/")[3])
    assert {"plans", "jobs", "rounds"} <= followed


def read_if_json(answer: Response) -> object:
    """Return the content of an answer in JSON; nothing of another."""
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    return answer.json() if is_json else None


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_others_do_shows_to_no_planner(
    client: TestClient,
    context: Context,
    clock: Clock,
    keys_of_roles: Mapping[Role, str],
    instance: Instance,
) -> None:
    """No answer is another one after a manager and another participant did more."""
    own = belongings_of(context, instance)
    key = keys_of_roles[Role.PARTICIPANT_PLANNER]

    def answers() -> list[tuple[object, ...]]:
        asked = [x for x in operations() if x.method == "GET"]
        found = [(x, answer_about(client, x, own, key)) for x in asked]
        return [(x, *without_names(answer, own)) for x, answer in found]

    before = answers()
    kit = StoreKit(context.database, instance, clock)
    own_of(kit, own.plans, RIVAL)
    client.post(
        "/v1/jobs",
        json={"case": own.cases},
        headers=bearer(keys_of_roles[Role.MANAGER]),
    )
    assert answers() == before


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_others_do_shows_in_no_list(
    client: TestClient,
    context: Context,
    others: Context,
    keys_of_roles: Mapping[Role, str],
    instance: Instance,
) -> None:
    """No list and no count is another one after it."""
    own = belongings_of(context, instance)
    everything = keys_of_roles[Role.ADMINISTRATOR]

    def answers() -> list[tuple[object, ...]]:
        # Of what is changed nothing is asked for, nor what is of the whole store.
        asked = [
            x
            for x in operations()
            if x.method == "GET" and RULES[x.name] is not MONITORS
        ]
        found = [(x, answer_about(client, x, own, everything)) for x in asked]
        return [(x, *without_names(answer, own)) for x, answer in found]

    before = answers()
    belongings_of(others, instance.model_copy(update={"name": "theirs"}))
    assert answers() == before


def test_metrics_are_for_the_organisation_that_runs_the_store(
    client: TestClient, accounts: Accounts, others: Context
) -> None:
    """They count what all have together; another administrator gets none."""
    assert others
    accounts.add("theirs", Role.ADMINISTRATOR, OTHERS)
    accounts.add("ours", Role.ADMINISTRATOR)
    found = [
        client.get("/metrics", headers=bearer(accounts.key(x, *Scope)))
        for x in ("theirs", "ours")
    ]
    assert [x.status_code for x in found] == [403, 200]


@pytest.mark.parametrize("key", [None, "nonsense", f"strongroom_{'0' * 12}_{'x' * 43}"])
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
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
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_key_is_for_its_scope_only(
    client: TestClient, accounts: Accounts, scope: Scope
) -> None:
    """An administrator's key for monitoring reads no plan; 403 names the scope.

    Every operation is called on PostgreSQL here, for each role on SQLite above.
    """
    accounts.add("admin", Role.ADMINISTRATOR)
    accounts.add("planner", Role.PARTICIPANT_PLANNER)
    keys = {
        Role.ADMINISTRATOR: accounts.key("admin", scope),
        Role.PARTICIPANT_PLANNER: accounts.key("planner", scope),
    }
    for role, operation in product(keys, operations()):
        rule = RULES[operation.name]
        if role not in rule.roles:
            continue
        status = status_of(client, operation, keys[role].text)
        is_permitted = rule.scope is scope
        assert (status not in REFUSED) is is_permitted, (operation, role, status)
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
