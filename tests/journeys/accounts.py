"""Accounts of a store, made beside its server as an operator makes them."""

import datetime as dt
from collections.abc import Sequence

from models.tables import Role, Scope
from service.clock import system_clock
from service.identity.account_secret import made_account_secret
from service.identity.administration import Administration
from service.settings import Settings
from service.store.audit_log import Author
from service.store.opening import opened_store

AUTHOR = Author("operator", "a test")
LIFETIME = dt.timedelta(days=1)


def new_keys(settings: Settings, role: Role, names: Sequence[str]) -> list[str]:
    """Return a key with all scopes for each new account of a role."""
    secret = made_account_secret(settings)
    with opened_store(settings) as store, store.database.transaction() as session:
        administration = Administration(session, AUTHOR, system_clock())
        for name in names:
            administration.add_account(name, role)
        return [
            administration.add_key(name, secret, LIFETIME, list(Scope)).text
            for name in names
        ]
