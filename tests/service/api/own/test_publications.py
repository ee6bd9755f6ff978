"""A manager publishes a plan, and a planner orders analyses of its own of it."""

from collections.abc import Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.tables import Role
from service.api.context import Context
from tests.service.identity.belongings import (
    PARTICIPANT,
    RIVAL,
    Belongings,
    belongings_of,
)
from tests.service.identity.conftest import (
    accounts,
    bearer,
    keys_of_roles,
)

__all__ = ["accounts", "keys_of_roles"]

Headers = Mapping[str, str]
OWN_JOBS, OWN_PLANS = "/v1/own/jobs", "/v1/own/plans"
FEW = {"number_of_scenarios": 9}


@pytest.fixture
def own(context: Context, instance: Instance) -> Belongings:
    """Return what an organisation has: a plan that is published, and a job of it."""
    return belongings_of(context, instance)


@pytest.fixture
def manager(keys_of_roles: Mapping[Role, str]) -> Headers:
    """Return the header of a manager."""
    return bearer(keys_of_roles[Role.MANAGER])


@pytest.fixture
def planner(keys_of_roles: Mapping[Role, str]) -> Headers:
    """Return the header of a planner of PARTICIPANT."""
    return bearer(keys_of_roles[Role.PARTICIPANT_PLANNER])


def listed(client: TestClient, path: str, headers: Headers) -> list[dict[str, Any]]:
    """Return the items of a list."""
    found: Any = client.get(path, headers=headers).json()
    items: list[dict[str, Any]] = found if path == OWN_PLANS else found["items"]
    return items


def test_a_planner_sees_a_plan_while_it_is_published(
    client: TestClient, own: Belongings, manager: Headers, planner: Headers
) -> None:
    """With all that it ordered of it; published again, it is another one."""
    published = f"/v1/plans/{own.plans}/publication"
    assert [x["id"] for x in listed(client, OWN_PLANS, planner)] == [own.own_plans]
    assert client.delete(published, headers=manager).status_code == 204
    assert client.delete(published, headers=manager).status_code == 204
    assert client.get(published, headers=manager).status_code == 404
    assert listed(client, OWN_PLANS, planner) == listed(client, OWN_JOBS, planner) == []
    for path in ("", "/progress", "/answer"):
        job = f"{OWN_JOBS}/{own.own_jobs}{path}"
        assert client.get(job, headers=planner).status_code == 404
    for status, title in ((201, "A draft"), (200, "Awards")):
        answer = client.put(published, json={"title": title}, headers=manager)
        assert (answer.status_code, answer.json()["title"]) == (status, title)
        assert answer.json()["participants"] == [PARTICIPANT]
    assert client.get(published, headers=manager).json() == answer.json()
    (again,) = listed(client, OWN_PLANS, planner)
    assert (again["title"], again["id"] == own.own_plans) == ("Awards", False)
    assert listed(client, OWN_JOBS, planner) == []


def test_publishing_is_logged_once(
    client: TestClient,
    own: Belongings,
    manager: Headers,
    keys_of_roles: Mapping[Role, str],
) -> None:
    """Each change has an entry; what changes nothing has none."""
    published = f"/v1/plans/{own.plans}/publication"
    for _ in range(2):
        client.delete(published, headers=manager)
    for _ in range(2):
        client.put(published, json={"title": "A"}, headers=manager)
    log = listed(client, "/v1/audit", bearer(keys_of_roles[Role.AUDITOR]))
    found = [(x["verb"], x["name"]) for x in log if x["noun"] == "plan"]
    assert found == [("publish", own.plans), ("withdraw", own.plans)]


def test_a_planner_is_told_nothing_that_changes_with_others(
    client: TestClient, own: Belongings, instance: Instance, planner: Headers
) -> None:
    """No hash, no name of the case, and no worker; the answer of a job is whole."""
    path = f"{OWN_PLANS}/{own.own_plans}/analyses/value-rights"
    ordered = client.post(path, json=FEW, headers=planner)
    assert ordered.status_code == 202
    job = ordered.headers["location"]
    paths = (OWN_PLANS, OWN_JOBS, f"{OWN_JOBS}/{own.own_jobs}/answer", job)
    answers = [client.get(x, headers=planner) for x in paths]
    assert [x.status_code for x in answers] == [200] * len(paths)
    assert answers[2].json() == {"participant": PARTICIPANT}
    told = "".join(f"{x.text}{sorted(x.headers.items())}" for x in (ordered, *answers))
    hidden = (own.plans, own.cases, own.analyses, own.jobs, instance.name, "a worker")
    assert [x for x in (*hidden, f'"{instance.id}"', RIVAL) if x in told] == []
    assert client.post(f"{job}/cancel", headers=planner).json()["state"] == "CANCELLED"
    ended = f"{OWN_JOBS}/{own.own_jobs}/cancel"
    assert client.post(ended, headers=planner).status_code == 409


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_planner_chooses_no_other_participant(
    client: TestClient, own: Belongings, planner: Headers
) -> None:
    """The account says of whom an analysis is; the body cannot."""
    path = f"{OWN_PLANS}/{own.own_plans}/analyses"
    body = {"participant": RIVAL, "lots": ["x"]}
    refused = client.post(f"{path}/value-rights", json=body, headers=planner)
    assert refused.status_code == 422
    assert {x["path"] for x in refused.json()["mistakes"]} == {"participant", "lots[0]"}
    ordered = client.post(f"{path}/participant", json=FEW, headers=planner).json()
    assert ordered["parameters"] == {**FEW, "seed": 6}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_an_answer_that_others_know_is_computed_again(
    client: TestClient, own: Belongings, manager: Headers, planner: Headers
) -> None:
    """An answer at once would tell that they asked; its own answers are known to it."""
    whole = client.get(f"/v1/jobs/{own.own_jobs}", headers=manager).json()
    assert whole["options"]["participant"] == PARTICIPANT
    order = f"/v1/plans/{own.plans}/analyses/participant"
    asked = client.post(order, json=whole["options"], headers=manager)
    assert asked.status_code == 202
    mine = {x: v for x, v in whole["options"].items() if x != "participant"}
    path = f"{OWN_PLANS}/{own.own_plans}/analyses/participant"
    assert client.post(path, json=mine, headers=planner).status_code in {200, 202}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_a_planner_ordered_is_its_own_and_its_managers(
    client: TestClient, own: Belongings, keys_of_roles: Mapping[Role, str]
) -> None:
    """No analyst, officer or auditor finds it among the jobs."""
    for role in set(Role) - {Role.PARTICIPANT_PLANNER}:
        headers = bearer(keys_of_roles[role])
        is_seen = role in {Role.ADMINISTRATOR, Role.MANAGER}
        jobs = {x["id"] for x in listed(client, "/v1/jobs", headers)}
        assert (own.own_jobs in jobs) is is_seen
        assert own.jobs in jobs
        answer = client.get(f"/v1/jobs/{own.own_jobs}", headers=headers)
        assert answer.status_code == (200 if is_seen else 404)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_planner_counts_its_own_jobs(
    client: TestClient, own: Belongings, planner: Headers
) -> None:
    """The health of the service tells not how much others do."""
    assert own.jobs
    counted = client.get("/health", headers=planner).json()["number_of_jobs"]
    assert sum(counted.values()) == 1
