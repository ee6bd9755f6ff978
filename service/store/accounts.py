"""Organisations, their accounts, and the keys and identities of these in the store."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.tables import (
    DEFAULT_ORGANISATION,
    Account,
    ApiKey,
    LinkedIdentity,
    Organisation,
)
from service.store.concurrency import lock


@dataclass(frozen=True, slots=True)
class AccountRepository:
    """Queries on who may use the store, within the transaction of `session`."""

    session: Session

    def has_any(self) -> bool:
        """Whether the store has an account, disabled or not."""
        return self.session.exec(select(Account.id).limit(1)).first() is not None

    def holds_any(self) -> bool:
        """Return the same; no other transaction adds an account before this one ends.

        Of two that add one to an empty store, the second then sees the first.
        """
        lock(self.session.connection(), "accounts")
        return self.has_any()

    def has_organisation(self, name: str) -> bool:
        """Whether there is an organisation of that name."""
        is_default = name == DEFAULT_ORGANISATION
        return is_default or self.session.get(Organisation, name) is not None

    def organisations(self) -> Sequence[Organisation]:
        """Return all organisations by name, without the default one."""
        query = select(Organisation).order_by(col(Organisation.name))
        return self.session.exec(query).all()

    def add(self, row: Organisation | Account | ApiKey | LinkedIdentity) -> None:
        """Store a new organisation, account, key or identity now."""
        self.session.add(row)
        self.session.flush()

    def by_name(self, name: str) -> Account | None:
        """Return the account of that name, locked, if there is one."""
        query = select(Account).where(Account.name == name).with_for_update()
        return self.session.exec(query).one_or_none()

    def by_prefix(self, prefix: str) -> tuple[ApiKey, Account] | None:
        """Return the key with that prefix, and its account, if there is one."""
        query = (
            select(ApiKey, Account)
            .join(Account, col(Account.id) == ApiKey.account_id)
            .where(ApiKey.prefix == prefix)
        )
        return self.session.exec(query).one_or_none()

    def by_identity(self, issuer: str, subject: str) -> Account | None:
        """Return the account that an identity is linked with, if there is one."""
        query = (
            select(Account)
            .join(LinkedIdentity, col(LinkedIdentity.account_id) == Account.id)
            .where(LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject)
        )
        return self.session.exec(query).one_or_none()

    def identity(self, issuer: str, subject: str) -> LinkedIdentity | None:
        """Return that identity if it is linked."""
        return self.session.get(LinkedIdentity, (issuer, subject))

    def remove(self, identity: LinkedIdentity) -> None:
        """Take an identity away now."""
        self.session.delete(identity)
        self.session.flush()

    def all_identities(self) -> Sequence[LinkedIdentity]:
        """Return all identities by issuer and subject."""
        query = select(LinkedIdentity).order_by(
            col(LinkedIdentity.issuer), col(LinkedIdentity.subject)
        )
        return self.session.exec(query).all()

    def held_key(self, prefix: str) -> ApiKey | None:
        """Return the key with that prefix, locked, if there is one."""
        query = select(ApiKey).where(ApiKey.prefix == prefix).with_for_update()
        return self.session.exec(query).one_or_none()

    def account_of(self, key: ApiKey) -> Account:
        """Return the account of a key."""
        return self.session.get_one(Account, key.account_id)

    def all(self) -> Sequence[Account]:
        """Return all accounts by name."""
        return self.session.exec(select(Account).order_by(col(Account.name))).all()

    def all_keys(self) -> Sequence[tuple[ApiKey, Account]]:
        """Return all keys with their accounts, by account and age."""
        query = (
            select(ApiKey, Account)
            .join(Account, col(Account.id) == ApiKey.account_id)
            .order_by(col(Account.name), col(ApiKey.created_at), col(ApiKey.prefix))
        )
        return self.session.exec(query).all()

    def note_use(self, prefix: str, at: dt.datetime) -> None:
        """Note that a key was used, if it is still there."""
        key = self.held_key(prefix)
        if key is not None:
            key.last_used_at = at
