"""Each request is authenticated and its operation permitted, before all else."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from models.tables.audit_log import MAXIMUM_ADDRESS_CHARACTERS
from service.api.context import Context, StoreContext
from service.api.rate_limits import STATE, check_quotas
from service.errors import (
    MisdirectedRequestError,
    ProviderUnavailableError,
    StoreUnavailableError,
    UnauthenticatedError,
)
from service.identity.authentication import Authentication
from service.identity.exposure import is_loopback
from service.identity.permissions import (
    answers_without_store,
    check_permission,
    is_open,
)
from service.identity.reader import SINGLE_USER, Reader
from service.store.audit_log import Author

# Not `session`: other programs of the host may set that.
SESSION_COOKIE = "strongroom_session"


def authorise(request: Request, context: StoreContext) -> None:
    """Note who makes the request; raise if that account may not make it.

    Raises UnauthenticatedError, ProviderUnavailableError, MisdirectedRequestError,
    QuotaExceededError or ForbiddenError.
    """
    operation = request.scope["route"].name
    if is_open(operation):
        return
    try:
        reader = admit_reader(request, context, token=_token_to_read(request))
    except StoreUnavailableError:
        if answers_without_store(operation):
            return
        raise
    check_permission(reader, operation)


def admit_reader(request: Request, context: Context, *, token: str | None) -> Reader:
    """Note who makes the request and count it; return its account.

    token: that of a session, if one may make the request. Raises as `authorise` does.
    """
    request.state.reader = None
    request.state.reader = reader = _reader(request, context, token)
    left = context.rate_limits.count(reader)
    setattr(request.state, STATE, left)
    check_quotas(left)
    return reader


def session_token(request: Request) -> str | None:
    """Return the token of the session of a browser, if the request came with one."""
    return request.cookies.get(SESSION_COOKIE)


def authentication(context: Context) -> Authentication:
    """Return what finds the account of a request. context: that of the whole store."""
    return Authentication(
        context.settings, context.database, context.clock, context.tokens
    )


def _token_to_read(request: Request) -> str | None:
    """Return the token of a session for what only reads.

    Pages of other sites can make a browser send the cookie with what changes something.
    """
    return session_token(request) if request.method == "GET" else None


def reader_if_any(request: Request, context: Context) -> Reader | None:
    """Return the account that a request to an open operation comes from after all."""
    try:
        return _reader(request, context, _token_to_read(request))
    except (
        MisdirectedRequestError,
        ProviderUnavailableError,
        UnauthenticatedError,
    ):
        return None


def check_access_still(request: Request, context: Context) -> None:
    """Raise unless a request that is being answered comes from the same account still.

    Its key may have ended since, or the account be disabled: UnauthenticatedError, or
    another error of `authorise`. context: that of the whole store.
    """
    reader = _reader(request, context, _token_to_read(request))
    if reader != requesting_reader(request):
        raise UnauthenticatedError(is_given=True)


def requesting_reader(request: Request) -> Reader:
    """Return who makes the request."""
    reader = request.state.reader
    assert isinstance(reader, Reader)  # noqa: S101 - `authorise` sets it
    return reader


async def own_participant(request: Request) -> str:
    """Return the participant whose planner makes the request."""
    participant = requesting_reader(request).participant
    assert participant is not None  # noqa: S101 - the rules of own operations
    return participant


def requesting_author(request: Request) -> Author:
    """Return the author of what the request changes."""
    reader = requesting_reader(request)
    address = None if request.client is None else request.client.host
    return Author(
        reader.name,
        request.state.request_id,
        reader.key,
        address and address[:MAXIMUM_ADDRESS_CHARACTERS],
    )


async def _author(request: Request) -> Author:
    return requesting_author(request)


def _reader(request: Request, context: Context, token: str | None) -> Reader:
    header = request.headers.get("authorization")
    reader = authentication(context).reader_of(header, token)
    if reader is SINGLE_USER:
        _check_name(request.headers.get("host", ""))
    return reader


def _check_name(host: str) -> None:
    """Raise MisdirectedRequestError for a name that another site may have made.

    A page of that site would be of the same origin as this server (DNS rebinding).
    """
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        name = host
    if name and not is_loopback(name):
        raise MisdirectedRequestError(name)


RequestingAuthor = Annotated[Author, Depends(_author)]
OwnParticipant = Annotated[str, Depends(own_participant)]
