"""Tokens of the provider, verified: JSON Web Tokens that it signed for this service.

All that a token claims is checked before its signature, so that the provider is asked
for its keys only for what may be a valid token. What is wrong with a token is told to
nobody.
"""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from models.tables import Scope
from service.errors import UnauthenticatedError
from service.identity.openid.provider import ProviderKeys
from service.settings import Settings

MAXIMUM_CHARACTERS = 16_000
# RFC 9068 has the first; most providers write the second or none.
ACCESS_TOKENS = frozenset({"at+jwt", "application/at+jwt", "jwt", ""})
# What only ID tokens have: they are for the program that somebody logged in to.
OF_ID_TOKENS = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})
# A bearer cannot prove the key that such a token is bound to.
BOUND = "cnf"
SCOPE_PREFIX = "strongroom:"
USUAL_SCOPES = frozenset({Scope.READ, Scope.WRITE})


class TokenHolder(NamedTuple):
    """Whom a token is of, and what it may be used for."""

    issuer: str
    subject: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Verifies tokens of the provider that the settings name."""

    settings: Settings
    issuer: str
    keys: ProviderKeys

    def holder_of(self, text: str, now: dt.datetime) -> TokenHolder:
        """Return what a token says.

        Raises UnauthenticatedError, or ProviderUnavailableError if it cannot be
        verified at the moment.
        """
        header, claims = _parts(text)
        self._check_header(header)
        self._check_claims(claims, now)
        self._check_signature(text, header)
        return TokenHolder(claims["iss"], claims["sub"], _scopes(claims))

    def _check_header(self, header: Mapping[str, Any]) -> None:
        kind = header.get("typ", "")
        is_usable = (
            header.get("alg") in self.settings.openid_algorithms.split()
            and isinstance(kind, str)
            and kind.lower() in ACCESS_TOKENS
            # No extension is understood here.
            and "crit" not in header
            and isinstance(header.get("kid", ""), str)
        )
        if not is_usable:
            raise UnauthenticatedError(is_given=True)

    def _check_claims(self, claims: dict[str, Any], now: dt.datetime) -> None:
        rules = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=self.settings.openid_leeway_s,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.settings.openid_audience},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            rules.validate(claims)
        except JoseError:
            raise UnauthenticatedError(is_given=True) from None
        is_usable = (
            not (OF_ID_TOKENS | {BOUND}) & set(claims)
            # Keycloak names the kind in a claim.
            and claims.get("typ", "Bearer") == "Bearer"
            # What the database has no place for is the subject of no account.
            and claims["sub"].isprintable()
            and self._is_for_program(claims)
        )
        if not is_usable:
            raise UnauthenticatedError(is_given=True)

    def _is_for_program(self, claims: Mapping[str, Any]) -> bool:
        """Whether the program that got the token may use this service."""
        program = claims.get("azp", claims.get("client_id"))
        if self.settings.openid_clients is not None:
            return program in self.settings.openid_clients.split()
        # A token for several services must say who it was given to.
        is_for_one = isinstance(claims["aud"], str) or len(claims["aud"]) == 1
        return is_for_one or isinstance(program, str)

    def _check_signature(self, text: str, header: Mapping[str, Any]) -> None:
        registry = jws.JWSRegistry(
            algorithms=[header["alg"]], strict_check_header=False
        )
        for key in self.keys.of_id(header.get("kid")):
            try:
                jws.deserialize_compact(text, key, registry=registry)
            except (JoseError, ValueError):
                continue
            return
        raise UnauthenticatedError(is_given=True)


def _parts(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token, not verified yet."""
    parts = text.split(".")
    if len(parts) != len(("header", "claims", "signature")):
        raise UnauthenticatedError(is_given=True)
    if len(text) > MAXIMUM_CHARACTERS:
        raise UnauthenticatedError(is_given=True)
    return _object(parts[0]), _object(parts[1])


def _object(part: str) -> dict[str, Any]:
    try:
        padding = "=" * (-len(part) % 4)
        found = json.loads(base64.b64decode(part + padding, b"-_", validate=True))
    except (ValueError, RecursionError):
        raise UnauthenticatedError(is_given=True) from None
    if not isinstance(found, dict):
        raise UnauthenticatedError(is_given=True)
    return cast("dict[str, Any]", found)


def _scopes(claims: Mapping[str, Any]) -> frozenset[Scope]:
    """Return what a token may be used for.

    Names of scopes that begin with `strongroom:` say it. Without any, it is what keys
    are for, unless theirs say otherwise.
    """
    given = claims.get("scope", claims.get("scp", ""))
    names = given.split() if isinstance(given, str) else given
    if not isinstance(names, list):
        return frozenset()
    own = {
        name.removeprefix(SCOPE_PREFIX)
        for name in cast("list[object]", names)
        if isinstance(name, str) and name.startswith(SCOPE_PREFIX)
    }
    return frozenset(x for x in Scope if x in own) if own else USUAL_SCOPES
