"""The page of accounts: all of them, or one with its keys and identities."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from models.roles import DEFAULT_ORGANISATION, Role, Scope
from models.tables import Account, ApiKey
from service.api.context import Context
from service.console.registry import PAGES
from service.console.view import View
from service.errors import AccountNotFoundError
from service.identity.administration import ACCOUNT
from service.store.accounts import AccountRepository

USUAL_DAYS = 365
USUAL_SCOPES = (Scope.READ, Scope.WRITE)
SCOPE = "scope-"  # begins the names of boxes; the scope is the value


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form of the page that was refused: what was typed, and mistakes by field."""

    name: str
    typed: Mapping[str, str]
    mistakes: Mapping[str, str]


def accounts_page(
    view: View, store: Context, chosen: str, refused: RefusedForm | None = None
) -> Response:
    """Return the page; chosen: the name of an account, or nothing for all of them.

    Raises AccountNotFoundError.
    """
    with store.database.reading() as session:
        accounts = AccountRepository(session)
        found = accounts.all()
        account = next((x for x in found if x.name == chosen), None)
        if chosen and account is None:
            raise AccountNotFoundError(chosen)
        keys = accounts.all_keys()
        return view.answer(
            PAGES["show_accounts"].template,
            PAGES["show_accounts"],
            status=422 if refused else 200,
            accounts=found,
            organisations=[DEFAULT_ORGANISATION]
            + [x.name for x in accounts.organisations()],
            last_uses={x.name: _last_use(x, keys) for x in found},
            account=account,
            keys=[key for key, of in keys if of.name == chosen],
            identities=[
                x
                for x in accounts.all_identities()
                if account is not None and x.account_id == account.id
            ],
            now=store.clock(),
            roles=list(Role),
            scopes=list(Scope),
            usual_scopes=USUAL_SCOPES,
            usual_days=USUAL_DAYS,
            ticked=scopes_in(refused.typed) if refused else USUAL_SCOPES,
            refused=refused,
        )


def _last_use(
    account: Account, keys: Sequence[tuple[ApiKey, Account]]
) -> dt.datetime | None:
    used = [x.last_used_at for x, of in keys if of.id == account.id and x.last_used_at]
    return max(used, default=None)


def scopes_in(fields: Mapping[str, str]) -> Sequence[Scope]:
    """Return the scopes that are ticked in a form."""
    given = {x for name, x in fields.items() if name.startswith(SCOPE)}
    return [x for x in Scope if x in given]


def account_path(account: str) -> str:
    """Return where an account is shown."""
    return f"{PAGES['show_accounts'].path}?{urlencode({ACCOUNT: account})}"
