"""Keys of a provider are fetched when they are needed, and only from safe places."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, RSAKey

from service.errors import ProviderUnavailableError, UnauthenticatedError
from service.identity.openid.fetching import FetchingError, is_safe_from_others
from service.identity.openid.provider import DISCOVERY, FRESH_S, ProviderKeys
from service.identity.openid.tokens import Tokens
from service.settings import Settings
from tests.service.identity.openid.conftest import Watch

ISSUER = "https://login.example/realms/vault"
JWKS = "https://keys.example/keys"
EC = ECKey.generate_key("P-256", {"kid": "ec"}).as_dict(private=False)
RSA = RSAKey.generate_key(2048, {"kid": "rsa"}).as_dict(private=False)


class Documents:
    """A provider whose documents a test changes. It counts how often it is asked."""

    def __init__(self, *keys: object) -> None:
        self.described: dict[str, Any] = {"issuer": ISSUER, "jwks_uri": JWKS}
        self.keys: object = list(keys)
        self.number_of_times = 0

    def __call__(self, url: str) -> Mapping[str, Any]:
        """Return the document at a URL."""
        if url == f"{ISSUER}{DISCOVERY}":
            self.number_of_times += 1
            return self.described
        assert url == self.described["jwks_uri"]
        return {"keys": self.keys}


@pytest.mark.parametrize(
    ("url", "issuer", "is_safe"),
    [
        ("https://keys.example/keys?p=policy", ISSUER, True),
        ("http://keys.example/keys", ISSUER, False),
        # Of this machine: only if the issuer is, too.
        ("http://127.0.0.1:9/keys", ISSUER, False),
        ("http://127.0.0.1:9/keys", "http://localhost:9", True),
        ("http://[::1]:9/keys", "http://[::1]:9", True),
        ("http://192.0.2.1/keys", "http://localhost:9", False),
        ("https://user@keys.example/keys", ISSUER, False),
        ("file:///etc/passwd", ISSUER, False),
        ("https://[", ISSUER, False),
        ("https:", ISSUER, False),
    ],
)
def test_keys_are_fetched_where_nobody_on_the_way_changes_them(
    url: str, issuer: str, *, is_safe: bool
) -> None:
    """Over TLS, or on this machine."""
    assert is_safe_from_others(url, issuer) is is_safe


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example", "jwks_uri": JWKS},
        {"issuer": f"{ISSUER}/", "jwks_uri": JWKS},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks_uri": ["x"]},
        {"issuer": ISSUER, "jwks_uri": "http://keys.example/keys"},
    ],
)
def test_a_description_that_is_not_its_own_is_of_no_use(
    described: dict[str, Any],
) -> None:
    """Each says something that it must not."""
    documents = Documents(EC)
    documents.described = described
    with pytest.raises(ProviderUnavailableError):
        ProviderKeys(ISSUER, documents).of_id("ec")


def test_keys_that_cannot_verify_are_left_out() -> None:
    """Secrets, short keys, keys to encrypt with, kinds of the future, and nonsense."""
    documents = Documents(
        RSA,
        OctKey.generate_key(256, {"kid": "secret"}).as_dict(private=True),
        {**RSA, "kid": "short", "n": str(RSA["n"])[:300]},
        {**RSA, "kid": "enc", "use": "enc"},
        {**EC, "kid": "broken", "x": "AA"},
        {"kty": "AKP", "kid": "future"},
        {"kid": "nothing"},
        "text",
    )
    keys = ProviderKeys(ISSUER, documents)
    assert len(keys.of_id("rsa")) == 1
    for name in ("secret", "short", "enc", "broken", "future", "nothing"):
        assert not keys.of_id(name)
    assert keys.of_id(None) == keys.of_id("rsa")
    documents.keys = {"kid": "no list"}
    with pytest.raises(ProviderUnavailableError):
        ProviderKeys(ISSUER, documents).of_id("rsa")


def test_a_token_without_key_id_needs_a_provider_with_one_key() -> None:
    """Otherwise any of them might be meant."""
    assert not ProviderKeys(ISSUER, Documents(EC, RSA)).of_id(None)


def test_known_keys_are_fetched_anew_after_a_while() -> None:
    """So a key that the provider took back ends here, too."""
    documents, watch = Documents(EC, RSA), Watch()
    keys = ProviderKeys(ISSUER, documents, watch)
    for _ in range(3):
        assert keys.of_id("ec")
    assert documents.number_of_times == 1
    documents.keys = [RSA]
    watch.now_s += FRESH_S
    assert not keys.of_id("ec")
    assert keys.of_id("rsa")
    assert documents.number_of_times == 2


def test_one_request_at_a_time_waits_for_the_provider() -> None:
    """The others are answered: with keys that are known, or to come back."""
    watch, is_asked, may_answer = Watch(), threading.Event(), threading.Event()
    documents = Documents(EC)

    def slow(url: str) -> Mapping[str, Any]:
        if watch.now_s:
            is_asked.set()
            may_answer.wait()
        return documents(url)

    keys = ProviderKeys(ISSUER, slow, watch)
    assert keys.of_id("ec")
    watch.now_s += FRESH_S
    waiting = threading.Thread(target=keys.of_id, args=("ec",))
    waiting.start()
    is_asked.wait()
    assert keys.of_id("ec")
    with pytest.raises(ProviderUnavailableError):
        keys.of_id("new")
    may_answer.set()
    waiting.join()
    assert keys.of_id("ec")


def test_a_provider_that_fails_is_left_alone_for_a_while() -> None:
    """However many tokens come."""
    watch, tries = Watch(), list[str]()

    def fails(url: str) -> Mapping[str, Any]:
        tries.append(url)
        raise FetchingError

    keys = ProviderKeys(ISSUER, fails, watch)
    for _ in range(5):
        with pytest.raises(ProviderUnavailableError):
            keys.of_id("ec")
    assert len(tries) == 1


PARTS = st.one_of(
    st.text(max_size=30),
    st.binary(max_size=30).map(lambda x: x.hex()),
    st.sampled_from(["WyJhbGciXQ", "W1tb" * 3000, "e30", "eyJhbGciOlsxXX0", "bnVsbA"]),
)


@settings(max_examples=50)
@given(st.lists(PARTS, max_size=6).map(".".join))
def test_any_text_is_no_token(text: str) -> None:
    """It is refused, and the provider hears nothing of it."""
    documents = Documents(EC)
    tokens = Tokens(
        Settings(openid_issuer=ISSUER), ISSUER, ProviderKeys(ISSUER, documents)
    )
    with pytest.raises(UnauthenticatedError):
        tokens.holder_of(text, datetime(2026, 1, 1, tzinfo=UTC))
    assert not documents.number_of_times
