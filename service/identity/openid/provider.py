"""The public keys of the provider: fetched, kept for a while, and fetched anew.

They are fetched when a token needs them. The provider may change its keys at any time:
a key that is not known yet is looked for, but at most six times a minute, whatever ids
the tokens of strangers name.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from service.errors import ProviderUnavailableError
from service.identity.openid.fetching import (
    FetchingError,
    fetch,
    is_safe_from_others,
)

DISCOVERY = "/.well-known/openid-configuration"
# After that they are fetched anew, so that a key that was taken back ends here, too.
FRESH_S = 600.0
# As long they are used if the provider does not answer.
USABLE_S = 3600.0
PAUSE_S = 10.0
# For a request that needs the keys while another one fetches them.
PATIENCE_S = 1.0
# 2048 bits in base64; joserfc would only warn of fewer.
LEAST_RSA_CHARACTERS = 342

logger = logging.getLogger(__name__)
Fetch = Callable[[str], Mapping[str, Any]]
PublicKeys = Mapping[str | None, Sequence[Key]]


class ProviderKeys:
    """The keys of a provider by id, shared by the requests of a server."""

    def __init__(
        self,
        issuer: str,
        fetch_document: Fetch = fetch,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._fetch = fetch_document
        self._timer = timer
        self._keys: PublicKeys = {}
        self._fetched_at_s = self._tried_at_s = -math.inf
        self._fetching = threading.Lock()

    def of_id(self, key_id: str | None) -> Sequence[Key]:
        """Return the keys of an id, none if the provider has none.

        A token need not name the id if the provider has one key. Raises
        ProviderUnavailableError if the provider cannot be asked for a key.
        """
        found = self._known(key_id)
        if found and self._age_s() < FRESH_S:
            return found
        # One request at a time asks the provider, however many come.
        is_answered = self._refresh(0 if found else PATIENCE_S)
        found = self._known(key_id)
        if not (found or is_answered):
            raise ProviderUnavailableError
        return found

    def _known(self, key_id: str | None) -> Sequence[Key]:
        if self._age_s() >= USABLE_S:
            return ()
        if key_id is not None:
            return self._keys.get(key_id, ())
        every = [key for of_one in self._keys.values() for key in of_one]
        return every if len(every) == 1 else ()

    def _age_s(self) -> float:
        return self._timer() - self._fetched_at_s

    def _refresh(self, patience_s: float) -> bool:
        """Fetch the keys unless it was just tried; say whether the provider answered.

        patience_s: for another request that is about it.
        """
        if not self._fetching.acquire(timeout=patience_s):
            return False
        try:
            if self._timer() - self._tried_at_s >= PAUSE_S:
                self._tried_at_s = self._timer()
                self._keys = self._fetched()
                self._fetched_at_s = self._timer()
        except FetchingError as error:
            logger.warning("no keys of the OpenID provider: %s", error)
        finally:
            self._fetching.release()
        return self._fetched_at_s >= self._tried_at_s

    def _fetched(self) -> PublicKeys:
        described = self._fetch(f"{self._issuer.rstrip('/')}{DISCOVERY}")
        if described.get("issuer") != self._issuer:
            msg = f"the provider at {self._issuer} says that it is another one"
            raise FetchingError(msg)
        url = described.get("jwks_uri")
        if not isinstance(url, str) or not is_safe_from_others(url, self._issuer):
            msg = f"the provider at {self._issuer} has no safe address of its keys"
            raise FetchingError(msg)
        return _read(self._fetch(url).get("keys"))


def _read(listed: object) -> PublicKeys:
    """Return the keys that can verify signatures; others are of no use here."""
    if not isinstance(listed, list):
        msg = "the provider lists no keys"
        raise FetchingError(msg)
    found: dict[str | None, list[Key]] = {}
    for each in cast("list[object]", listed):
        key = _key(cast("dict[str, Any]", each)) if isinstance(each, dict) else None
        if key is not None:
            found.setdefault(key.kid, []).append(key)
    return found


def _key(described: dict[str, Any]) -> Key | None:
    if described.get("use", "sig") != "sig":
        return None
    modulus = described.get("n")
    is_short = isinstance(modulus, str) and len(modulus) < LEAST_RSA_CHARACTERS
    try:
        key = None if is_short else JWKRegistry.import_key(described)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, RSAKey | ECKey | OKPKey) else None
