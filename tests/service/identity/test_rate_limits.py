"""Keys and organisations send so many requests a minute; each answer says what is left.

Time stands still, until a test puts it forward.
"""

import re
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.tables import Role
from service.api import rate_limits
from service.api.context import Context
from service.api.rate_limits import RateLimits
from strongroom_client import Client, Retries, UnavailableError
from tests.service.identity.conftest import OTHERS, Accounts, bearer

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


class Time:
    """Stands in for the module, as the library of limits reads it."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def time(self) -> float:
        """Return its time."""
        return self.now_s


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Return the time by which requests are counted."""
    passing = Time()
    monkeypatch.setattr("limits.storage.memory.time", passing)
    monkeypatch.setattr(rate_limits, "time", passing)
    return passing


def limit(client: TestClient, context: Context, key: int, organisation: int) -> None:
    """Set the limits of a running server."""
    settings = context.settings.model_copy(
        update={
            "requests_per_minute_of_key": key,
            "requests_per_minute_of_organisation": organisation,
        }
    )
    assert isinstance(client.app, FastAPI)
    limited = replace(context, rate_limits=RateLimits(settings))
    client.app.state.context = limited


def test_a_key_is_refused_for_the_rest_of_a_minute(
    client: TestClient, store_context: Context, accounts: Accounts, passing: Time
) -> None:
    """The answer says when to come back; another key goes on."""
    limit(client, store_context, 2, 100)
    accounts.add("vault")
    first, second = bearer(accounts.key("vault")), bearer(accounts.key("vault"))
    answer = client.get("/v1/jobs", headers=first)
    assert answer.headers["ratelimit-policy"] == (
        '"key";q=2;w=60, "organisation";q=100;w=60'
    )
    assert answer.headers["ratelimit"] == '"key";r=1;t=60, "organisation";r=99;t=60'
    passing.now_s += 20
    answer = client.get("/v1/jobs/none", headers=first)
    assert answer.status_code == 404
    assert answer.headers["ratelimit"] == '"key";r=0;t=40, "organisation";r=98;t=40'
    refused = client.get("/v1/jobs", headers=first)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "40")
    assert refused.headers["ratelimit"].startswith('"key";r=0;t=40, ')
    problem = refused.json()
    assert problem["type"] == "/docs/problems#quota-exceeded"
    assert problem["violated-policies"] == ["key"]
    assert problem["detail"] == "Allowed in a minute: 2 for its key."
    assert client.get("/v1/jobs", headers=second).status_code == 200
    passing.now_s += 40
    assert client.get("/v1/jobs", headers=first).status_code == 200


def test_an_organisation_is_limited_whatever_its_keys(
    client: TestClient, store_context: Context, accounts: Accounts, passing: Time
) -> None:
    """Another organisation does not notice."""
    limit(client, store_context, 0, 3)
    accounts.add_organisation(OTHERS)
    accounts.add("vault")
    accounts.add("other", organisation=OTHERS)
    keys = [bearer(accounts.key("vault")) for _ in range(4)]
    answers = [client.get("/v1/jobs", headers=key) for key in keys]
    assert [x.status_code for x in answers] == [200, 200, 200, 429]
    assert answers[3].json()["violated-policies"] == ["organisation"]
    other = client.get("/v1/jobs", headers=bearer(accounts.key("other")))
    assert other.headers["ratelimit"] == '"organisation";r=2;t=60'
    passing.now_s += 60
    assert client.get("/v1/jobs", headers=keys[0]).status_code == 200


def test_a_planner_does_not_see_how_much_others_do(
    client: TestClient, store_context: Context, accounts: Accounts, passing: Time
) -> None:
    """Planners share a quota with those of their participant alone."""
    limit(client, store_context, 9, 3)
    accounts.add("vault")
    for name, participant in (("one", "gm"), ("two", "gm"), ("rival", "ford")):
        accounts.add(name, Role.PARTICIPANT_PLANNER, participant=participant)
    keys = {x: bearer(accounts.key(x)) for x in ("vault", "one", "two", "rival")}
    for name, remaining in (("one", 2), ("vault", 2), ("rival", 2), ("two", 1)):
        answer = client.get("/v1/whoami", headers=keys[name])
        shared = "organisation" if name == "vault" else "participant"
        assert answer.headers["ratelimit"].endswith(f'"{shared}";r={remaining};t=60')
    for _ in range(3):
        client.get("/v1/whoami", headers=keys["vault"])
    assert client.get("/v1/whoami", headers=keys["vault"]).status_code == 429
    assert client.get("/v1/whoami", headers=keys["one"]).status_code == 200
    assert passing.now_s


def test_who_is_not_known_is_not_counted(
    client: TestClient, store_context: Context, accounts: Accounts
) -> None:
    """Neither the only user of a machine, nor wrong keys, nor open operations."""
    limit(client, store_context, 1, 1)
    for _ in range(3):
        answer = client.get("/v1/jobs")
        assert (answer.status_code, "ratelimit" in answer.headers) == (200, False)
    accounts.add("vault")
    for path, status in (("/v1/jobs", 401), ("/alive", 204)):
        for _ in range(3):
            answer = client.get(path, headers=bearer(f"strongroom_{'0' * 56}"))
            assert (answer.status_code, "ratelimit" in answer.headers) == (
                status,
                False,
            )
    assert client.get("/v1/jobs", headers=bearer(accounts.key("vault"))).is_success


def test_the_client_waits_as_long_as_it_is_asked_to(
    client: TestClient,
    store_context: Context,
    accounts: Accounts,
    passing: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its pause is that of Retry-After, and the request is sent again then."""
    limit(client, store_context, 1, 9)
    accounts.add("vault")
    pauses = list[float]()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        passing.now_s += seconds

    def passed_on(request: httpx2.Request) -> httpx2.Response:
        answer = client.get(request.url.path, headers=request.headers)
        return httpx2.Response(
            answer.status_code, headers=answer.headers, content=answer.content
        )

    monkeypatch.setattr("strongroom_client.transports.time.sleep", sleep)
    transport = httpx2.MockTransport(passed_on)
    key = accounts.key("vault").text
    with Client("http://localhost", key, transport=transport) as api:
        assert [api.get_whoami().name for _ in range(2)] == ["vault"] * 2
    assert pauses == [60]
    once = Retries(most_attempts=1)
    with (
        Client("http://localhost", key, transport=transport, retries=once) as api,
        pytest.raises(UnavailableError, match=re.escape("429")),
    ):
        api.get_whoami()
