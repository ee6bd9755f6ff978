"""Accounts of every role with a key each, in the store of a server."""

import datetime as dt
from collections.abc import Mapping

import pytest
from sqlmodel import Session

from models.tables import DEFAULT_ORGANISATION, Role, Scope
from service.api.context import Context
from service.identity.account_secret import made_account_secret
from service.identity.administration import Administration
from service.identity.keys import NewKey
from service.store.audit_log import Author
from tests.service.identity.belongings import PARTICIPANT

OTHERS = "others"
AUTHOR = Author("operator", "a request")
YEAR = dt.timedelta(days=365)
USUAL = (Scope.READ, Scope.WRITE)


class Accounts:
    """Adds accounts and keys to the store of a server."""

    def __init__(self, context: Context) -> None:
        # That of the whole store.
        self._context = context
        self.secret = made_account_secret(context.settings)

    def add(
        self,
        name: str,
        role: Role = Role.MANAGER,
        organisation: str = DEFAULT_ORGANISATION,
        participant: str | None = None,
    ) -> None:
        """Add an account; that of a planner is of PARTICIPANT unless told otherwise."""
        if role is Role.PARTICIPANT_PLANNER:
            participant = participant or PARTICIPANT
        with self._context.database.transaction() as session:
            self._on(session).add_account(name, role, organisation, participant)

    def add_organisation(self, name: str) -> None:
        """Add an organisation."""
        with self._context.database.transaction() as session:
            self._on(session).add_organisation(name)

    def key(
        self,
        name: str,
        *scopes: Scope,
        lifetime: dt.timedelta = YEAR,
    ) -> NewKey:
        """Return a new key of an account."""
        with self._context.database.transaction() as session:
            administration = self._on(session)
            return administration.add_key(name, self.secret, lifetime, scopes or USUAL)

    def disable(self, name: str) -> None:
        """Disable an account."""
        with self._context.database.transaction() as session:
            self._on(session).disable_account(name)

    def link(self, name: str, issuer: str, subject: str) -> None:
        """Link an account with a subject of an OpenID provider."""
        with self._context.database.transaction() as session:
            self._on(session).link(name, issuer, subject)

    def unlink(self, name: str, issuer: str, subject: str) -> None:
        """End a link."""
        with self._context.database.transaction() as session:
            self._on(session).unlink(name, issuer, subject)

    def revoke(self, key: NewKey) -> None:
        """Revoke a key."""
        with self._context.database.transaction() as session:
            self._on(session).revoke_key(key.prefix)

    def rotate(self, key: NewKey, overlap: dt.timedelta) -> NewKey:
        """Return the key that takes the place of another."""
        with self._context.database.transaction() as session:
            return self._on(session).rotate_key(key.prefix, self.secret, overlap)[0]

    def _on(self, session: Session) -> Administration:
        return Administration(session, AUTHOR, self._context.clock())


@pytest.fixture
def accounts(store_context: Context) -> Accounts:
    """Return what adds accounts to the store of the client's server."""
    return Accounts(store_context)


@pytest.fixture
def others(accounts: Accounts, store_context: Context) -> Context:
    """Return the context of another organisation."""
    accounts.add_organisation(OTHERS)
    return store_context.within(OTHERS)


@pytest.fixture
def keys_of_roles(accounts: Accounts) -> Mapping[Role, str]:
    """Return a key with every scope of an account of each role."""
    for role in Role:
        accounts.add(f"the {role}", role)
    return {role: accounts.key(f"the {role}", *Scope).text for role in Role}


def bearer(key: NewKey | str) -> dict[str, str]:
    """Return the header of a request with a key."""
    text = key if isinstance(key, str) else key.text
    return {"Authorization": f"Bearer {text}"}
