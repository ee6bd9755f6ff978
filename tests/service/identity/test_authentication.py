"""Keys open the service while they live; each answer of refusal is the same."""

import datetime as dt
import logging
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from models.tables import ApiKey, Role
from service.api.context import Context
from service.api.job_watch import JobWatch
from service.clock import Clock
from service.errors import StoreUnavailableError
from service.identity.keys import NewKey
from service.identity.openid.provider import ProviderKeys
from service.identity.openid.tokens import Tokens
from service.settings import Settings
from service.store.accounts import AccountRepository
from tests.cases import Case
from tests.service.identity.conftest import Accounts, bearer

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

ISSUER = "https://login.example"


def status(client: TestClient, key: NewKey | str) -> int:
    """Return the status of a list of jobs with that key."""
    return client.get("/v1/jobs", headers=bearer(key)).status_code


def stored(context: Context, prefix: str) -> ApiKey:
    """Return a key as stored."""
    with context.database.reading() as session:
        found = AccountRepository(session).by_prefix(prefix)
    assert found is not None
    return found[0]


def test_a_store_without_accounts_has_one_user(client: TestClient) -> None:
    """On the loopback address no login is needed."""
    assert client.get("/v1/jobs").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((x, 200) for x in ("localhost:8000", "LOCALHOST", "127.0.0.1", "[::1]:8000")),
        *((x, 421) for x in ("rebound.example:8000", "192.0.2.1", "localhost.example")),
        ("[::1", 421),
    ],
)
@on_sqlite
def test_without_accounts_only_names_of_this_machine_are_answered(
    client: TestClient, accounts: Accounts, host: str, status: int
) -> None:
    """With one, a key is needed by any name, and no other site has it."""
    answer = client.get("/v1/jobs", headers={"Host": host})
    assert answer.status_code == status
    health = client.get("/health", headers={"Host": host}).json()
    assert (health["number_of_jobs"] is None) is (status != 200)
    accounts.add("vault")
    headers = bearer(accounts.key("vault")) | {"Host": host}
    assert client.get("/v1/jobs", headers=headers).status_code == 200


def test_the_first_account_ends_the_single_user_mode(
    client: TestClient, accounts: Accounts
) -> None:
    """Of a server that runs, too."""
    accounts.add("vault manager")
    assert client.get("/v1/jobs").status_code == 401
    assert status(client, accounts.key("vault manager")) == 200


@on_sqlite
def test_pages_need_no_key(client: TestClient, accounts: Accounts) -> None:
    """They show nothing of the store, nor any other file of the server."""
    accounts.add("vault")
    paths = ("/", "/docs", "/docs/problems", "/docs/assets/swagger-ui-bundle.js")
    assert {client.get(path).status_code for path in paths} == {200}
    for name in ("nothing.js", "%2e%2e/routes.py", "..%2froutes.py"):
        assert client.get(f"/docs/assets/{name}").status_code == 404


@on_sqlite
def test_without_accounts_nobody_else_is_let_in(
    context: Context, client: TestClient
) -> None:
    """A store that lost its accounts is closed where other machines reach it."""
    exposed = context.settings.model_copy(update={"host": "192.0.2.1"})
    assert isinstance(client.app, FastAPI)
    client.app.state.context = replace(context, settings=exposed)
    assert client.get("/v1/jobs").status_code == 401
    assert client.get("/alive").status_code == 204


def test_a_revoked_key_is_refused_at_once(
    client: TestClient, accounts: Accounts
) -> None:
    """Other keys of the account go on."""
    accounts.add("vault")
    stolen, other = accounts.key("vault"), accounts.key("vault")
    assert status(client, stolen) == 200
    accounts.revoke(stolen)
    assert (status(client, stolen), status(client, other)) == (401, 200)


@on_sqlite
def test_a_stream_ends_with_its_key(
    client: TestClient,
    accounts: Accounts,
    tiny_case: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not with its job, which nobody runs."""
    accounts.add("manager")
    key = accounts.key("manager")
    case = client.post("/v1/cases", json=tiny_case, headers=bearer(key)).json()
    order = {"case": case["hash"]}
    job = client.post("/v1/jobs", json=order, headers=bearer(key)).json()
    number_of_looks = 0

    async def revoke(watch: JobWatch, _job_id: str, seen: object, _s: float) -> object:
        nonlocal number_of_looks
        number_of_looks += 1
        accounts.revoke(key)
        watch.is_closing = number_of_looks > 1
        return seen

    monkeypatch.setattr(JobWatch, "changed", revoke)
    text = client.get(f"{job['href']}/events", headers=bearer(key)).text
    assert text.count("event: job") == number_of_looks == 1


@on_sqlite
def test_a_key_ends(client: TestClient, accounts: Accounts) -> None:
    """The clock of the tests is a second later each time it is read."""
    accounts.add("vault")
    key = accounts.key("vault", lifetime=dt.timedelta(seconds=5))
    found = [status(client, key) for _ in range(8)]
    assert (found[0], found[-1]) == (200, 401)


@on_sqlite
def test_a_disabled_account_has_no_valid_key(
    client: TestClient, accounts: Accounts
) -> None:
    """All its keys are refused at once."""
    accounts.add("vault")
    accounts.add("other")
    keys = [accounts.key("vault"), accounts.key("vault"), accounts.key("other")]
    accounts.disable("vault")
    assert [status(client, key) for key in keys] == [401, 401, 200]


def test_a_key_is_rotated_with_an_overlap(
    client: TestClient, accounts: Accounts
) -> None:
    """Both keys work for a while; then the new one does."""
    accounts.add("vault")
    old = accounts.key("vault")
    new = accounts.rotate(old, dt.timedelta(seconds=6))
    assert (status(client, old), status(client, new)) == (200, 200)
    for _ in range(6):
        status(client, new)
    assert (status(client, old), status(client, new)) == (401, 200)


def test_a_rotated_key_does_not_live_longer_than_it_would(
    client: TestClient, accounts: Accounts
) -> None:
    """The overlap shortens its life and never lengthens it."""
    accounts.add("vault")
    old = accounts.key("vault", lifetime=dt.timedelta(seconds=4))
    accounts.rotate(old, dt.timedelta(days=1))
    for _ in range(5):
        status(client, old)
    assert status(client, old) == 401


def test_nothing_in_the_store_makes_a_key(
    context: Context, client: TestClient, accounts: Accounts
) -> None:
    """A key of a row that somebody else wrote has another digest."""
    accounts.add("vault")
    key = accounts.key("vault")
    row = stored(context, key.prefix)
    assert key.text not in row.model_dump_json()
    assert row.digest not in key.text
    forged = f"strongroom_{key.prefix}_{'A' * 43}"
    assert status(client, forged) == 401


@on_sqlite
def test_a_key_needs_the_secret_of_its_store(
    context: Context, client: TestClient, accounts: Accounts
) -> None:
    """Who restores a backup elsewhere has no key that works."""
    accounts.add("vault")
    key = accounts.key("vault")
    (context.settings.data_directory / "account-secret").unlink()
    assert status(client, key) == 401


@on_sqlite
def test_a_token_opens_the_account_that_it_is_linked_with(
    store_context: Context, client: TestClient, accounts: Accounts, clock: Clock
) -> None:
    """In either database; the tokens of a provider are tested beside this."""
    key = ECKey.generate_key("P-256", {"kid": "one"})
    claims = {"iss": ISSUER, "aud": "strongroom", "sub": "an employee"}
    now = int(clock().timestamp())
    claims |= {"iat": now, "exp": now + 600}
    token = jwt.encode({"alg": "ES256", "kid": "one"}, claims, key)
    documents = {"issuer": ISSUER, "jwks_uri": ISSUER, **KeySet([key]).as_dict()}
    settings = store_context.settings.model_copy(update={"openid_issuer": ISSUER})
    tokens = Tokens(settings, ISSUER, ProviderKeys(ISSUER, lambda _: documents))
    assert isinstance(client.app, FastAPI)
    client.app.state.context = replace(store_context, tokens=tokens)
    accounts.add("vault")
    assert status(client, token) == 401
    accounts.link("vault", ISSUER, "an employee")
    assert status(client, token) == 200
    accounts.unlink("vault", ISSUER, "an employee")
    assert status(client, token) == 401


def test_the_last_use_is_noted_to_the_hour(
    context: Context, client: TestClient, accounts: Accounts
) -> None:
    """So that reading is no write each time."""
    accounts.add("vault")
    key = accounts.key("vault")
    assert stored(context, key.prefix).last_used_at is None
    status(client, key)
    noted = stored(context, key.prefix).last_used_at
    assert noted is not None
    status(client, key)
    assert stored(context, key.prefix).last_used_at == noted


@on_sqlite
def test_the_audit_log_names_the_account(
    client: TestClient, accounts: Accounts, tiny_case: Case
) -> None:
    """Of changes over HTTP, and of changes of accounts themselves."""
    accounts.add("vault")
    headers = bearer(accounts.key("vault"))
    client.post("/v1/cases", json=tiny_case, headers=headers)
    accounts.add("auditor", Role.AUDITOR)
    headers = bearer(accounts.key("auditor"))
    logged = client.get("/v1/audit", headers=headers).json()["items"]
    done = [(x["actor"], x["verb"], x["noun"]) for x in logged]
    assert ("vault", "put", "case") in done
    assert ("operator", "add", "account") in done
    assert ("operator", "add", "key") in done


@on_sqlite
def test_no_key_is_logged(
    client: TestClient, accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a valid one nor one that is refused."""
    accounts.add("vault")
    keys = [accounts.key("vault"), accounts.key("vault")]
    accounts.revoke(keys[1])
    with caplog.at_level(logging.DEBUG):
        for key in keys:
            status(client, key)
    secrets = [key.text.split("_", 2)[2] for key in keys]
    text = caplog.text + "".join(str(x.__dict__) for x in caplog.records)
    assert not [secret for secret in secrets if secret in text]


@on_sqlite
def test_the_secret_is_for_its_owner_alone(
    settings: Settings, accounts: Accounts
) -> None:
    """The file has mode 0600; made once, it stays."""
    assert accounts.secret
    path = settings.data_directory / "account-secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [x.name for x in path.parent.glob("account-secret*")] == ["account-secret"]


def test_metrics_of_jobs_need_a_key_even_as_the_database_comes_back(
    client: TestClient, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a database nobody is told apart: that it is down is all that is told."""
    accounts.add("vault")

    def fails(_: AccountRepository) -> bool:
        raise StoreUnavailableError

    monkeypatch.setattr(AccountRepository, "has_any", fails)
    text = client.get("/metrics").text
    assert "strongroom_database_up 0.0" in text
    assert "strongroom_jobs" not in text
    assert client.get("/v1/jobs").status_code == 503


def test_an_idempotency_key_is_that_of_its_account(
    client: TestClient, accounts: Accounts, tiny_case: Case
) -> None:
    """Who guesses the key of another account gets a job of its own."""
    headers: list[dict[str, str]] = []
    for name in ("vault", "other"):
        accounts.add(name)
        headers.append(bearer(accounts.key(name)) | {"Idempotency-Key": "first-try"})
    case = client.post("/v1/cases", json=tiny_case, headers=headers[0]).json()["hash"]
    order = {"case": case}
    mine, again, others = (
        client.post("/v1/jobs", json=order, headers=headers[i]).json()["id"]
        for i in (0, 0, 1)
    )
    assert mine == again != others
    changed = {"case": case, "options": {"seed": 9}}
    answers = [client.post("/v1/jobs", json=changed, headers=x) for x in headers]
    assert [answer.status_code for answer in answers] == [422, 422]


@on_sqlite
def test_a_cursor_is_that_of_its_account(
    client: TestClient, accounts: Accounts
) -> None:
    """Another account cannot go on with it."""
    for name in ("auditor", "other"):
        accounts.add(name, Role.AUDITOR)
    own, others = (bearer(accounts.key(x)) for x in ("auditor", "other"))
    link = client.get("/v1/audit?limit=1", headers=own).json()["next"]
    assert client.get(link, headers=own).status_code == 200
    assert client.get(link, headers=others).status_code == 422
