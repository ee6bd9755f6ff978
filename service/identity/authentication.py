"""From what a request came with to its account."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.tables import Account, ApiKey, Role, Scope
from service.clock import Clock
from service.errors import StoreUnavailableError, UnauthenticatedError
from service.identity.account_secret import account_secret
from service.identity.exposure import is_loopback
from service.identity.keys import is_key_of, prefix_of
from service.identity.reader import SINGLE_USER, Reader
from service.settings import Settings
from service.store.accounts import AccountRepository
from service.store.database import Database

if TYPE_CHECKING:
    from service.identity.openid.tokens import Tokens

# Of the note when a key was last used.
USE_IS_NOTED_EVERY = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Authentication:
    """Finds the account of a request. tokens: None if no provider is set."""

    settings: Settings
    database: Database
    clock: Clock
    tokens: "Tokens | None" = None

    def reader_of(self, authorization: str | None) -> Reader:
        """Return who makes a request with that header.

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
            if kind.lower() != "bearer":
                raise UnauthenticatedError(is_given=bool(authorization))
            found = None if prefix is None else accounts.by_prefix(prefix)
        if prefix is None and self.tokens is not None:
            return self._reader_of_token(text, self.tokens)
        return self._reader_of_key(text, found)

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


def _is_alive(key: ApiKey, account: Account, now: dt.datetime) -> bool:
    is_ended = key.revoked_at is not None or account.disabled_at is not None
    return not is_ended and now < key.expires_at
