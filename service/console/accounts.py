"""Accounts, organisations, keys and identities, for administrators of the store.

A new key is in the answer to the form that makes it, and nowhere else: that page is not
kept by browsers, has no address, and nothing logs it.
"""

import datetime as dt
from collections.abc import Mapping

from sqlmodel import Session
from starlette.responses import Response

from models.roles import (
    DEFAULT_ORGANISATION,
    MAXIMUM_ACCOUNT_CHARACTERS,
    MAXIMUM_ISSUER_CHARACTERS,
    MAXIMUM_ORGANISATION_CHARACTERS,
    MAXIMUM_SUBJECT_CHARACTERS,
    Role,
)
from service.api.context import Context, StoreContext
from service.api.identity import RequestingAuthor
from service.console.account_page import (
    USUAL_DAYS,
    USUAL_SCOPES,
    RefusedForm,
    account_path,
    accounts_page,
    scopes_in,
)
from service.console.forms import Fields, number_in
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import AccountUnusableError, UnauthenticatedError
from service.identity.account_secret import made_account_secret
from service.identity.administration import ACCOUNT, KEY, ORGANISATION, Administration
from service.identity.keys import NewKey
from service.identity.reader import SINGLE_USER
from service.store.accounts import AccountRepository
from service.store.audit_log import Author

LONGEST_DAYS = 3650
LONGEST_OVERLAP_HOURS = 24 * 30
ISSUER, SUBJECT, ROLE = "issuer", "subject", "role"

router = page_router()


@router.get(PAGES["show_accounts"].path)
def show_accounts(view: OpenView, store: StoreContext, account: str = "") -> Response:
    """Return who may use the store; of an account that is named, also its keys."""
    return accounts_page(view, store, account)


@router.post(FORMS["add_account"].path)
def add_account(
    view: OpenView, store: StoreContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Add an account. The first one gets a key at once: it is needed from then on."""
    name, role = fields.get("name", ""), fields.get("role", "")
    wrong = _wrong_name("name", name, MAXIMUM_ACCOUNT_CHARACTERS)
    if role not in set(Role):
        wrong[ROLE] = f"one of {', '.join(Role)}"
    key = None
    if not wrong:
        try:
            with store.database.transaction() as session:
                key = _added(session, view, store, author, fields)
        except AccountUnusableError as error:
            path = "name" if error.mistake.path == ACCOUNT else error.mistake.path
            wrong[path] = error.mistake.expected
    if wrong:
        return accounts_page(view, store, "", RefusedForm("add_account", fields, wrong))
    return redirect(account_path(name)) if key is None else _shown_once(view, key, name)


@router.post(FORMS["disable_account"].path)
def disable_account(
    view: OpenView, store: StoreContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """End all keys of an account, and lead back to it."""
    name = fields.get(ACCOUNT, "")
    if view.reader is not None and name == view.reader.name:
        raise AccountUnusableError(ACCOUNT, name, "another one than your own")
    with store.database.transaction() as session:
        Administration(session, author, store.clock()).disable_account(name)
    return redirect(account_path(name))


@router.post(FORMS["add_key"].path)
def add_key(
    view: OpenView, store: StoreContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Make a key of an account, and show it for the only time."""
    name = fields.get(ACCOUNT, "")
    wrong: dict[str, str] = {}
    scopes = scopes_in(fields)
    if not scopes:
        wrong["scopes"] = "at least one"
    days = number_in(fields.get("days", ""))
    is_lifetime = isinstance(days, int) and 1 <= days <= LONGEST_DAYS
    if not is_lifetime:
        wrong["days"] = f"a whole number from 1 to {LONGEST_DAYS}"
    if wrong or not isinstance(days, int):
        return accounts_page(view, store, name, RefusedForm("add_key", fields, wrong))
    with store.database.transaction() as session:
        key = Administration(session, author, store.clock()).add_key(
            name,
            made_account_secret(store.settings),
            dt.timedelta(days=days),
            scopes,
        )
    return _shown_once(view, key, name)


@router.post(FORMS["rotate_key"].path)
def rotate_key(
    view: OpenView, store: StoreContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Make a key in place of another one, which goes on for some hours; show it."""
    name = fields.get(ACCOUNT, "")
    hours = number_in(fields.get("overlap_hours", ""))
    if isinstance(hours, str) or not 0 <= hours <= LONGEST_OVERLAP_HOURS:
        wrong = {"overlap_hours": f"a number from 0 to {LONGEST_OVERLAP_HOURS}"}
        return accounts_page(
            view, store, name, RefusedForm("rotate_key", fields, wrong)
        )
    with store.database.transaction() as session:
        key, end = Administration(session, author, store.clock()).rotate_key(
            fields.get("prefix", ""),
            made_account_secret(store.settings),
            dt.timedelta(hours=hours),
        )
    return _shown_once(view, key, name, end)


@router.post(FORMS["revoke_key"].path)
def revoke_key(
    view: OpenView, store: StoreContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """End a key at once, and lead back to its account."""
    prefix = fields.get("prefix", "")
    if view.reader is not None and prefix == view.reader.key:
        raise AccountUnusableError(KEY, prefix, "another one than you signed in with")
    with store.database.transaction() as session:
        Administration(session, author, store.clock()).revoke_key(prefix)
    return redirect(account_path(fields.get(ACCOUNT, "")))


@router.post(FORMS["link"].path)
def link(
    view: OpenView, store: StoreContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Accept tokens of an OpenID provider as those of an account; lead back to it."""
    name, issuer = fields.get(ACCOUNT, ""), fields.get(ISSUER, "")
    subject = fields.get(SUBJECT, "")
    wrong = _wrong_name(ISSUER, issuer, MAXIMUM_ISSUER_CHARACTERS)
    wrong |= _wrong_name(SUBJECT, subject, MAXIMUM_SUBJECT_CHARACTERS)
    if not wrong:
        try:
            with store.database.transaction() as session:
                Administration(session, author, store.clock()).link(
                    name, issuer, subject
                )
        except AccountUnusableError as error:
            wrong[SUBJECT] = error.mistake.expected
    if wrong:
        return accounts_page(view, store, name, RefusedForm("link", fields, wrong))
    return redirect(account_path(name))


@router.post(FORMS["unlink"].path)
def unlink(store: StoreContext, author: RequestingAuthor, fields: Fields) -> Response:
    """End the tokens of a subject, and lead back to the account."""
    name = fields.get(ACCOUNT, "")
    with store.database.transaction() as session:
        Administration(session, author, store.clock()).unlink(
            name, fields.get(ISSUER, ""), fields.get(SUBJECT, "")
        )
    return redirect(account_path(name))


@router.post(FORMS["add_organisation"].path)
def add_organisation(
    view: OpenView, store: StoreContext, author: RequestingAuthor, fields: Fields
) -> Response:
    """Add an organisation, whose cases and plans no other one sees; lead back."""
    name = fields.get(ORGANISATION, "")
    wrong = _wrong_name(ORGANISATION, name, MAXIMUM_ORGANISATION_CHARACTERS)
    if not wrong:
        try:
            with store.database.transaction() as session:
                Administration(session, author, store.clock()).add_organisation(name)
        except AccountUnusableError as error:
            wrong[ORGANISATION] = error.mistake.expected
    if wrong:
        return accounts_page(
            view, store, "", RefusedForm("add_organisation", fields, wrong)
        )
    return redirect(PAGES["show_accounts"].path)


def _added(
    session: Session,
    view: View,
    store: Context,
    author: Author,
    fields: Mapping[str, str],
) -> NewKey | None:
    """Add an account; return a key of it if it is the first one, otherwise None.

    Raises UnauthenticatedError if somebody else has made the first one meanwhile.
    """
    is_first = not AccountRepository(session).holds_any()
    if not is_first and view.reader is SINGLE_USER:
        raise UnauthenticatedError(is_given=False)
    name, role = fields["name"], Role(fields["role"])
    organisation = fields.get(ORGANISATION) or DEFAULT_ORGANISATION
    if is_first and (role, organisation) != (Role.ADMINISTRATOR, DEFAULT_ORGANISATION):
        expected = f"{Role.ADMINISTRATOR} of {DEFAULT_ORGANISATION}: it is the first"
        raise AccountUnusableError(ROLE, role, expected)
    administration = Administration(session, author, store.clock())
    administration.add_account(
        name, role, organisation, fields.get("participant") or None
    )
    if not is_first:
        return None
    secret = made_account_secret(store.settings)
    lifetime = dt.timedelta(days=USUAL_DAYS)
    return administration.add_key(name, secret, lifetime, USUAL_SCOPES)


def _shown_once(
    view: View, key: NewKey, account: str, old_key_ends: dt.datetime | None = None
) -> Response:
    """Return the page with a new key. Nothing keeps it."""
    answer = view.answer(
        "new_key.html",
        PAGES["show_accounts"],
        status=200,
        key=key,
        account=account,
        old_key_ends=old_key_ends,
    )
    answer.headers["Cache-Control"] = "no-store"
    del answer.headers["ETag"]
    return answer


def _wrong_name(field: str, name: str, most: int) -> dict[str, str]:
    is_name = 1 <= len(name) <= most and name.isprintable()
    return {} if is_name else {field: f"1 to {most} visible characters"}
