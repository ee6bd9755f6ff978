"""Signing in with a key and out again, and the choice of a language."""

from fastapi import Request
from starlette.responses import Response

from service.api.context import StoreContext
from service.api.identity import SESSION_COOKIE, authentication, session_token
from service.api.paths import served
from service.console.forms import Fields
from service.console.languages import COOKIE, Language
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, own_path, page_router, redirect
from service.errors import UnauthenticatedError
from service.identity.authentication import SESSION_LASTS
from service.identity.reader import SINGLE_USER

LANGUAGE_LASTS_S = 365 * 24 * 3600

router = page_router()


@router.get(PAGES["show_sign_in"].path)
def show_sign_in(view: OpenView, next: str = "/") -> Response:  # noqa: A002 - of the address
    """Return the page that asks for a key; nothing to do where none is needed."""
    if view.reader is SINGLE_USER:
        return redirect("/")
    return view.page(following=own_path(next), is_refused=False)


@router.post(FORMS["sign_in"].path)
def sign_in(
    request: Request, view: OpenView, context: StoreContext, fields: Fields
) -> Response:
    """Sign a browser in, and lead it to where it was going."""
    address = "" if request.client is None else request.client.host
    following = own_path(fields.get("next", "/"))
    context.rate_limits.check_sign_in(address)
    try:
        session = authentication(context).signed_in(fields.get("key", ""))
    except UnauthenticatedError:
        context.rate_limits.count_wrong_key(address)
        page = PAGES["show_sign_in"]
        return view.answer(
            page.template, page, status=401, following=following, is_refused=True
        )
    earlier = session_token(request)
    if earlier is not None:
        authentication(context).sign_out(earlier)
    answer = redirect(following)
    answer.set_cookie(
        SESSION_COOKIE,
        session.token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path=served("") or "/",
        secure=_is_secure(request),
        httponly=True,
        samesite="strict",
    )
    return answer


@router.post(FORMS["sign_out"].path)
def sign_out(request: Request, context: StoreContext) -> Response:
    """End the session of a browser."""
    token = session_token(request)
    if token is not None:
        authentication(context).sign_out(token)
    answer = redirect(PAGES["show_sign_in"].path)
    answer.delete_cookie(SESSION_COOKIE, path=served("") or "/")
    # Where the connection is secure, so that nobody goes back to what was shown.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@router.post(FORMS["choose_language"].path)
def choose_language(request: Request, fields: Fields) -> Response:
    """Keep the language that was chosen, and lead back."""
    answer = redirect(own_path(fields.get("next", "/")))
    if fields.get("language") in set(Language):
        answer.set_cookie(
            COOKIE,
            fields["language"],
            max_age=LANGUAGE_LASTS_S,
            path=served("") or "/",
            secure=_is_secure(request),
            httponly=True,
            samesite="lax",
        )
    return answer


def _is_secure(request: Request) -> bool:
    """Whether the browser is connected by https, to this server or to its proxy."""
    origin = request.headers.get("origin", "")
    return request.url.scheme == "https" or origin.startswith("https://")
