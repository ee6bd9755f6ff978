"""What an operator does with accounts and keys; the audit log has each change."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from models.tables import (
    DEFAULT_ORGANISATION,
    Account,
    ApiKey,
    LinkedIdentity,
    Organisation,
    Role,
    Scope,
)
from models.units import Identifier
from service.errors import AccountUnusableError
from service.identity.keys import NewKey, digest_of, new_key
from service.store.accounts import AccountRepository
from service.store.audit_log import AuditTrail, Author

ORGANISATION, ACCOUNT, KEY = "organisation", "account", "key"
PARTICIPANT = "participant"
IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Administration:
    """Changes of accounts at one moment, within the transaction of `session`."""

    session: Session
    author: Author
    at: dt.datetime

    def add_organisation(self, name: str) -> None:
        """Store a new organisation; raise AccountUnusableError if its name is taken."""
        accounts = AccountRepository(self.session)
        if accounts.has_organisation(name):
            raise _unusable(ORGANISATION, name, "a name that is not taken")
        accounts.add(Organisation(name=name, created_at=self.at))
        self._log("add", ORGANISATION, name, DEFAULT_ORGANISATION)

    def add_account(
        self,
        name: str,
        role: Role,
        organisation: str = DEFAULT_ORGANISATION,
        participant: str | None = None,
    ) -> Account:
        """Store a new account; raise AccountUnusableError if its name is taken.

        The same if there is no such organisation, or if a planner of a participant has
        none, or another role has one.
        """
        _check_participant(role, participant)
        accounts = AccountRepository(self.session)
        accounts.holds_any()
        if accounts.by_name(name) is not None:
            raise _unusable(ACCOUNT, name, "a name that is not taken")
        if not accounts.has_organisation(organisation):
            raise _unusable(ORGANISATION, organisation, "the name of an organisation")
        account = Account(
            id=str(uuid.uuid4()),
            organisation=organisation,
            name=name,
            role=role,
            participant=participant,
            created_at=self.at,
        )
        accounts.add(account)
        self._log("add", ACCOUNT, name, organisation)
        return account

    def disable_account(self, name: str) -> None:
        """End all keys of an account at once."""
        account = self._account(name)
        if account.disabled_at is None:
            account.disabled_at = self.at
            self._log("disable", ACCOUNT, name, account.organisation)

    def add_key(
        self,
        account_name: str,
        secret: bytes,
        lifetime: dt.timedelta,
        scopes: Sequence[Scope],
    ) -> NewKey:
        """Store a new key of an account; return it, for the only time."""
        account = self._account(account_name)
        return self._add_key(account, secret, self.at + lifetime, scopes)

    def rotate_key(
        self, prefix: str, secret: bytes, overlap: dt.timedelta
    ) -> tuple[NewKey, dt.datetime]:
        """Store a key that takes the place of another; return it.

        The new one lasts as long from now as the old one did from its beginning. Return
        also when the old one ends: after the overlap, or sooner if it ends anyway.
        """
        old, account = self._key(prefix)
        if old.revoked_at is not None or old.expires_at <= self.at:
            raise _unusable(KEY, prefix, "a key that is valid")
        lifetime = old.expires_at - old.created_at
        scopes = [Scope(x) for x in old.scopes]
        key = self._add_key(account, secret, self.at + lifetime, scopes)
        old.expires_at = min(old.expires_at, self.at + overlap)
        self._log("rotate", KEY, prefix, account.organisation)
        return key, old.expires_at

    def revoke_key(self, prefix: str) -> None:
        """End a key at once."""
        key, account = self._key(prefix)
        if key.revoked_at is None:
            key.revoked_at = self.at
            self._log("revoke", KEY, prefix, account.organisation)

    def link(self, account_name: str, issuer: str, subject: str) -> None:
        """Let tokens that an issuer gives a subject be those of an account.

        Raises AccountUnusableError if they are those of an account already.
        """
        account = self._account(account_name)
        accounts = AccountRepository(self.session)
        if accounts.identity(issuer, subject) is not None:
            raise _unusable(IDENTITY, subject, "one that is linked with no account")
        accounts.add(
            LinkedIdentity(
                issuer=issuer,
                subject=subject,
                account_id=account.id,
                created_at=self.at,
            )
        )
        self._log("link", ACCOUNT, account_name, account.organisation)
        self._log("link", IDENTITY, subject, account.organisation)

    def unlink(self, account_name: str, issuer: str, subject: str) -> None:
        """End all tokens of a subject at once."""
        account = self._account(account_name)
        accounts = AccountRepository(self.session)
        identity = accounts.identity(issuer, subject)
        if identity is None or identity.account_id != account.id:
            raise _unusable(
                IDENTITY, subject, f"one that is linked with {account.name}"
            )
        accounts.remove(identity)
        self._log("unlink", ACCOUNT, account_name, account.organisation)
        self._log("unlink", IDENTITY, subject, account.organisation)

    def _add_key(
        self,
        account: Account,
        secret: bytes,
        expires_at: dt.datetime,
        scopes: Sequence[Scope],
    ) -> NewKey:
        key = new_key()
        row = ApiKey(
            prefix=key.prefix,
            account_id=account.id,
            digest=digest_of(key.text, secret),
            scopes=sorted(set(scopes)),
            created_at=self.at,
            expires_at=expires_at,
        )
        AccountRepository(self.session).add(row)
        self._log("add", KEY, key.prefix, account.organisation)
        return key

    def _account(self, name: str) -> Account:
        account = AccountRepository(self.session).by_name(name)
        if account is None:
            raise _unusable(ACCOUNT, name, "the name of an account")
        return account

    def _key(self, prefix: str) -> tuple[ApiKey, Account]:
        accounts = AccountRepository(self.session)
        key = accounts.held_key(prefix)
        if key is None:
            raise _unusable(KEY, prefix, "the prefix of a key")
        return key, accounts.account_of(key)

    def _log(self, verb: str, noun: str, name: str, organisation: str) -> None:
        trail = AuditTrail(self.session, self.author, self.at, organisation)
        trail.add(verb, noun, name)


def _check_participant(role: Role, participant: str | None) -> None:
    """Raise AccountUnusableError unless the role and the participant go together."""
    if role is not Role.PARTICIPANT_PLANNER:
        if participant is not None:
            expected = f"none for the role {role}, only for {Role.PARTICIPANT_PLANNER}"
            raise _unusable(PARTICIPANT, participant, expected)
        return
    try:
        TypeAdapter(Identifier).validate_python(participant)
    except ValidationError:
        expected = "the identifier that the participant of the planner has in cases"
        raise _unusable(PARTICIPANT, participant or "", expected) from None


def _unusable(where: str, found: str, expected: str) -> AccountUnusableError:
    return AccountUnusableError(where, found, expected)
