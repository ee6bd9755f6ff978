"""From what a request came with to its account."""

import datetime as dt
import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlmodel import Session

from models.tables import Account, ApiKey, BrowserSession, Role, Scope
from service.clock import Clock
from service.errors import StoreUnavailableError, UnauthenticatedError
from service.identity.account_secret import account_secret
from service.identity.exposure import is_loopback
from service.identity.keys import is_key_of, prefix_of
from service.identity.reader import SINGLE_USER, Reader
from service.settings import Settings
from service.store.accounts import AccountRepository
from service.store.browser_sessions import BrowserSessionRepository
from service.store.database import Database

if TYPE_CHECKING:
    from service.identity.openid.tokens import Tokens

# Of the note when a key was last used.
USE_IS_NOTED_EVERY = dt.timedelta(hours=1)
# Of a browser: a working day.
SESSION_LASTS = dt.timedelta(hours=12)
NUMBER_OF_TOKEN_BYTES = 32


class NewSession(NamedTuple):
    """The token that only the browser has, and when it ends."""

    token: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Authentication:
    """Finds the account of a request. tokens: None if no provider is set."""

    settings: Settings
    database: Database
    clock: Clock
    tokens: "Tokens | None" = None

    def reader_of(
        self, authorization: str | None, session_token: str | None = None
    ) -> Reader:
        """Return who makes a request with that header, or the token of a session.

        A store without accounts has one user, who needs no login on this machine.
        Raises UnauthenticatedError, or ProviderUnavailableError.
        """
        kind, _, given = (authorization or "").partition(" ")
        text = given.strip()
        prefix = prefix_of(text)
        with self.database.reading() as session:
            accounts = AccountRepository(session)
            # An empty store may be restored while a server runs that others reach.
            if is_loopback(self.settings.host) and not accounts.has_any():
                return SINGLE_USER
            if not authorization and session_token:
                return self._reader_of_session(session, session_token)
            if kind.lower() != "bearer":
                raise UnauthenticatedError(is_given=bool(authorization))
            found = None if prefix is None else accounts.by_prefix(prefix)
        if prefix is None and self.tokens is not None:
            return self._reader_of_token(text, self.tokens)
        return self._reader_of_key(text, found)

    def signed_in(self, key: str) -> NewSession:
        """Store a session for a browser that gave a key; return it.

        It ends after SESSION_LASTS, or with its key. Sessions that have ended are
        deleted. Raises UnauthenticatedError.
        """
        with self.database.reading() as session:
            found = AccountRepository(session).by_prefix(prefix_of(key) or "")
        reader = self._reader_of_key(key, found)
        token, now = secrets.token_urlsafe(NUMBER_OF_TOKEN_BYTES), self.clock()
        with self.database.transaction() as session:
            sessions = BrowserSessionRepository(session)
            sessions.remove_expired(now)
            row = BrowserSession(
                organisation=reader.organisation,
                token_digest=_digest(token),
                key_prefix=reader.key or "",
                created_at=now,
                expires_at=now + SESSION_LASTS,
            )
            sessions.add(row)
            return NewSession(token, row.expires_at)

    def sign_out(self, token: str) -> None:
        """End the session of a browser, if there is one."""
        with self.database.transaction() as session:
            BrowserSessionRepository(session).remove(_digest(token))

    def _reader_of_session(self, session: Session, token: str) -> Reader:
        found = BrowserSessionRepository(session).by_digest(_digest(token))
        if found is None:
            raise UnauthenticatedError(is_given=True)
        row, key, account = found
        now = self.clock()
        if now >= row.expires_at or not _is_alive(key, account, now):
            raise UnauthenticatedError(is_given=True)
        return _reader(account, frozenset(Scope(x) for x in key.scopes), key.prefix)

    def _reader_of_key(self, text: str, found: tuple[ApiKey, Account] | None) -> Reader:
        secret, now = account_secret(self.settings), self.clock()
        if found is None or secret is None:
            raise UnauthenticatedError(is_given=True)
        key, account = found
        is_valid = is_key_of(text, key.digest, secret) and _is_alive(key, account, now)
        if not is_valid:
            raise UnauthenticatedError(is_given=True)
        self._note_use(key, now)
        return _reader(account, frozenset(Scope(x) for x in key.scopes), key.prefix)

    def _reader_of_token(self, text: str, tokens: "Tokens") -> Reader:
        # Before the database is asked: the provider may have to be waited for.
        holder = tokens.holder_of(text, self.clock())
        with self.database.reading() as session:
            accounts = AccountRepository(session)
            account = accounts.by_identity(holder.issuer, holder.subject)
        if account is None or account.disabled_at is not None:
            raise UnauthenticatedError(is_given=True)
        return _reader(account, holder.scopes)

    def _note_use(self, key: ApiKey, now: dt.datetime) -> None:
        last = key.last_used_at
        if last is not None and now - last < USE_IS_NOTED_EVERY:
            return
        # A full disk must not lock everybody out.
        with suppress(StoreUnavailableError), self.database.transaction() as session:
            AccountRepository(session).note_use(key.prefix, now)


def _reader(
    account: Account, scopes: frozenset[Scope], key: str | None = None
) -> Reader:
    return Reader(
        account.name,
        account.organisation,
        Role(account.role),
        scopes,
        key,
        account.participant,
    )


def _digest(token: str) -> str:
    # 256 random bits: nobody can try them, so a slow hash would add nothing.
    return hashlib.sha256(token.encode()).hexdigest()


def _is_alive(key: ApiKey, account: Account, now: dt.datetime) -> bool:
    is_ended = key.revoked_at is not None or account.disabled_at is not None
    return not is_ended and now < key.expires_at
