"""Tokens of a provider open the service while they hold; all else is a wrong key."""

import base64
import hashlib
import hmac
import json
import logging
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from models.tables import Role
from strongroom_client import Client, UnauthenticatedError
from tests.service.identity.conftest import bearer
from tests.service.identity.openid.conftest import ACCOUNT, SUBJECT, Server
from tests.service.identity.openid.provider_process import Provider


def part(content: object) -> str:
    """Return a part of a token."""
    text = json.dumps(content).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def read(text: str) -> dict[str, Any]:
    """Return what a part of a token says."""
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(f"{text}==="))
    return found


def signed_with_secret(header: object, claims: str, secret: bytes) -> str:
    """Return a token with HMAC-SHA-256; libraries refuse to take a public key so."""
    text = f"{part(header)}.{claims}"
    digest = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def test_a_program_logs_in_with_its_token(server: Server, provider: Provider) -> None:
    """It is the account that its subject is linked with, without any key."""
    answer = server.answer_to(provider.token())
    assert answer.status_code == 200
    assert answer.json() == {
        "name": ACCOUNT,
        "organisation": "default",
        "role": "manager",
        "participant": None,
        "scopes": ["read", "write"],
        "key": None,
    }


def test_a_planner_is_bound_to_its_participant(
    server: Server, provider: Provider
) -> None:
    """With a token as with a key."""
    server.accounts.add("planner", Role.PARTICIPANT_PLANNER, participant="gm")
    server.accounts.link("planner", provider.issuer, "an employee")
    answer = server.answer_to(provider.signed(sub="an employee")).json()
    assert (answer["role"], answer["participant"]) == ("participant_planner", "gm")


def test_keys_go_on_beside_tokens(server: Server) -> None:
    """A provider that is down does not touch them."""
    assert server.answer_to(server.accounts.key(ACCOUNT).text).status_code == 200
    assert server.answer_to("strongroom_nothing").status_code == 401


@pytest.mark.parametrize(
    ("scope", "read", "write"),
    [
        ("openid profile", 200, 422),
        ("strongroom:read strongroom:write", 200, 422),
        ("openid strongroom:read", 200, 403),
        ("strongroom:monitor", 403, 403),
        ("strongroom:nothing", 403, 403),
    ],
)
def test_scopes_of_a_token_narrow_what_it_may_do(
    server: Server, provider: Provider, scope: str, read: int, write: int
) -> None:
    """Those that are of this service; 422 is for the order, which is empty."""
    token = provider.token(scope=scope)
    assert server.answer_to(token).status_code == read
    order = server.client.post("/v1/jobs", json={}, headers=bearer(token))
    assert order.status_code == write


@pytest.mark.parametrize("scopes", [["strongroom:read"], [1], {}, 7])
def test_scopes_may_be_a_list(
    server: Server, provider: Provider, scopes: object
) -> None:
    """As some providers write them; what is no list of names permits nothing."""
    answer = server.answer_to(provider.signed(scope=None, scp=scopes))
    assert answer.status_code == (200 if scopes in (["strongroom:read"], [1]) else 403)


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://other.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-service"},
    "no audience": {"aud": None},
    "an audience that is no name": {"aud": [1, "strongroom"]},
    "audiences of nobody": {"aud": ["strongroom", "other"], "azp": None},
    "expired": {"exp": -31},
    "no end": {"exp": None},
    "an end that is no number": {"exp": "tomorrow"},
    "not yet": {"nbf": 60},
    "of the future": {"iat": 60},
    "no beginning": {"iat": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that no text can hold": {"sub": "service-erp\0"},
    "an unlinked subject": {"sub": "service-stranger"},
    "a subject in other letters": {"sub": "SERVICE-ERP"},
    "an ID token": {"nonce": "n"},
    "an ID token by its hash": {"at_hash": "h"},
    "an ID token of Keycloak": {"typ": "ID"},
    "a kind that is no name": {"typ": ["Bearer"]},
    "bound to a key": {"cnf": {"jkt": "thumbprint"}},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_with_a_wrong_claim_is_refused(
    server: Server, provider: Provider, claims: dict[str, Any]
) -> None:
    """Although the provider signed it; the answer does not say why."""
    answer = server.answer_to(provider.signed(**claims))
    unknown = server.answer_to(f"strongroom_{'0' * 12}_{'A' * 43}")
    assert answer.status_code == unknown.status_code == 401
    different = {"request_id"}
    assert {k: v for k, v in answer.json().items() if k not in different} == {
        k: v for k, v in unknown.json().items() if k not in different
    }
    challenge = 'Bearer realm="strongroom", error="invalid_token"'
    assert answer.headers["www-authenticate"] == challenge


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": -20, "iat": 20},
        {"aud": ["strongroom", "account"]},
        {"azp": None, "client_id": "erp"},
        {"typ": "Bearer", "sub": SUBJECT},
    ],
)
def test_what_providers_differ_in_is_accepted(
    server: Server, provider: Provider, claims: dict[str, Any]
) -> None:
    """Clocks, lists of audiences, names of claims."""
    assert server.answer_to(provider.signed(**claims)).status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"typ": "JWT"}, 200),
        ({"typ": None}, 200),
        ({"kid": None}, 200),
        ({"x5t": "thumbprint"}, 200),
        ({"typ": "logout+jwt"}, 401),
        ({"typ": "dpop+jwt"}, 401),
        ({"kid": "of nobody"}, 401),
    ],
)
def test_the_header_says_what_a_token_is(
    server: Server, provider: Provider, header: dict[str, Any], status: int
) -> None:
    """A token may leave the id of the key out while the provider has one key."""
    assert server.answer_to(provider.signed(header)).status_code == status


def test_signatures_of_others_are_refused(server: Server, provider: Provider) -> None:
    """Without one, with the public key as a secret, and with keys it brings along."""
    good = provider.token()
    assert server.answer_to(good).status_code == 200
    header, claims, signature = good.split(".")
    kid, alg = read(header)["kid"], read(header)["alg"]
    (public,) = provider.public_keys()["keys"]
    pem = (RSAKey if public["kty"] == "RSA" else ECKey).import_key(public).as_pem()
    forger = RSAKey.generate_key(2048)
    brought = {"jwk": forger.as_dict(private=False), "jku": "http://127.0.0.1:1/keys"}
    extended = {"alg": alg, "kid": kid, "crit": ["b64"], "b64": False}
    other = part({**read(claims), "sub": "service-stranger"})
    secret = {"alg": "HS256", "kid": kid}
    forged = [
        f"{part({'alg': 'none', 'kid': kid})}.{claims}.",
        f"{part({'alg': 'None'})}.{claims}.{signature}",
        f"{header}.{claims}.",
        f"{header}.{other}.{signature}",
        f"{header}.{claims}.{signature[:-8]}AAAAAAAA",
        f"{part(extended)}.{claims}.{signature}",
        signed_with_secret(secret, claims, pem),
        signed_with_secret(secret, claims, b""),
        jwt.encode({"alg": "RS256", "kid": kid}, read(claims), forger),
        jwt.encode({"alg": "RS256", "kid": kid, **brought}, read(claims), forger),
        jwt.encode({"alg": "PS256", "kid": kid}, read(claims), forger, ["PS256"]),
    ]
    assert {server.answer_to(token).status_code for token in forged} == {401}


def test_only_programs_that_are_named_are_let_in(
    server: Server, provider: Provider
) -> None:
    """If the operator names any."""
    server.settle(openid_clients="planner erp")
    assert server.answer_to(provider.token()).status_code == 200
    for program in ("other", None, ["erp"]):
        token = provider.signed(azp=program)
        assert server.answer_to(token).status_code == 401


def test_only_algorithms_that_are_named_are_accepted(
    server: Server, provider: Provider
) -> None:
    """The provider signs with RS256 or ES256."""
    token = provider.token()
    server.settle(openid_algorithms="PS256 Ed25519")
    assert server.answer_to(token).status_code == 401


def test_an_account_that_is_disabled_or_unlinked_is_refused_at_once(
    server: Server, provider: Provider
) -> None:
    """Its token holds for the provider still."""
    for name in ("first", "second"):
        server.accounts.add(name)
        server.accounts.link(name, provider.issuer, name)
    tokens = [provider.signed(sub=name) for name in ("first", "second")]
    assert {server.answer_to(token).status_code for token in tokens} == {200}
    server.accounts.disable("first")
    server.accounts.unlink("second", provider.issuer, "second")
    assert {server.answer_to(token).status_code for token in tokens} == {401}


def test_a_token_in_another_place_is_none(server: Server, provider: Provider) -> None:
    """Places that are logged, kept or sent along by browsers."""
    token, client = provider.token(), server.client
    wrong = [
        client.get(f"/v1/whoami?access_token={token}"),
        client.get("/v1/whoami", headers={"Authorization": f"Basic {token}"}),
        client.get("/v1/whoami", headers={"Authorization": token}),
        client.get("/v1/whoami", headers={"X-API-Key": token}),
        client.get("/v1/whoami", headers={"Cookie": f"access_token={token}"}),
        client.post("/v1/jobs", json={"access_token": token}),
        client.get("/v1/whoami", headers=bearer(f"{token} {token}")),
    ]
    assert {answer.status_code for answer in wrong} == {401}
    answer = client.get("/v1/whoami", headers={"Authorization": f"bearer  {token}"})
    assert answer.status_code == 200


def test_no_token_is_logged(
    server: Server, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a valid one nor one that is refused."""
    tokens = [provider.token(), provider.signed(aud="another")]
    with caplog.at_level(logging.DEBUG):
        for token in tokens:
            server.answer_to(token)
    text = caplog.text + "".join(str(x.__dict__) for x in caplog.records)
    assert not [x for x in tokens if x.split(".")[2] in text]


def test_new_keys_of_the_provider_are_found(server: Server, provider: Provider) -> None:
    """Without a restart, and with tokens of the old key until they are forgotten."""
    old = provider.token()
    assert server.answer_to(old).status_code == 200
    provider.rotate()
    new = provider.token()
    assert old.split(".")[0] != new.split(".")[0]
    # The provider was asked just before, so a new key is not looked for yet.
    assert server.answer_to(new).status_code == 401
    server.watch.now_s += 10
    assert server.answer_to(new).status_code == 200
    assert server.answer_to(old).status_code == 401


def test_a_client_renews_its_token(server: Server, provider: Provider) -> None:
    """It asks the provider when the server refuses the one that it has."""
    tokens = [provider.signed(exp=-60), provider.signed(exp=-60)]

    def passed_on(request: httpx2.Request) -> httpx2.Response:
        answer = server.client.get(request.url.path, headers=request.headers)
        return httpx2.Response(answer.status_code, content=answer.content)

    def give() -> str:
        return tokens.pop() if tokens else provider.token()

    transport = httpx2.MockTransport(passed_on)
    with Client("http://localhost", give, transport=transport) as api:
        with pytest.raises(UnauthenticatedError):
            api.get_whoami()
        assert api.get_whoami().name == ACCOUNT


def test_unknown_keys_do_not_make_the_server_ask_again_and_again(
    server: Server, provider: Provider
) -> None:
    """Once in ten seconds; and never for a token that would be refused anyway."""
    before = provider.times_asked()
    strangers = [provider.signed({"kid": f"of nobody {i}"}) for i in range(5)]
    refused = [provider.signed({"kid": "of nobody"}, aud="other"), "a.b.c", "x" * 99]
    for token in refused:
        assert server.answer_to(token).status_code == 401
    assert provider.times_asked() == before
    assert {server.answer_to(x).status_code for x in strangers} == {401}
    assert provider.times_asked() == before + 1
    server.watch.now_s += 10
    assert {server.answer_to(x).status_code for x in strangers} == {401}
    assert provider.times_asked() == before + 2


@pytest.mark.parametrize("how", ["down", "elsewhere", "impostor", "large"])
def test_a_token_waits_while_the_provider_has_no_keys(
    server: Server, provider: Provider, how: str
) -> None:
    """503 tells the client to come back; with known keys it need not."""
    token = provider.token()
    provider.behave(how)
    answer = server.answer_to(token)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert answer.json()["type"] == "/docs/problems#provider-unavailable"
    assert server.client.get("/health").status_code in {200, 503}
    provider.behave("usual")
    server.watch.now_s += 10
    assert server.answer_to(token).status_code == 200
    provider.behave(how)
    server.watch.now_s += 700
    assert server.answer_to(token).status_code == 200
    server.watch.now_s += 3600
    assert server.answer_to(token).status_code == 503
