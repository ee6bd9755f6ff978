"""Errors of pages: what the problem document says, in the reader's language."""

import json
from collections.abc import Mapping
from inspect import isawaitable
from typing import Any, cast
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from service.api.negotiation import is_preferred
from service.api.paths import requested
from service.api.problems import MEDIA_TYPE
from service.console.page import translatable
from service.console.registry import PAGES
from service.console.view import redirect, view_of

# What helps, by status.
ADVICE: Mapping[int, str] = {
    401: translatable("Sign in, then try again."),
    403: translatable(
        "Ask an administrator if your account should be able to do this."
    ),
    404: translatable("It was deleted, it is not there yet, or the address is wrong."),
    409: translatable("Somebody was faster. Go back, read it again, and decide anew."),
    412: translatable("Somebody was faster. Go back, read it again, and decide anew."),
    413: translatable("Send less, or ask the operator for a higher limit."),
    422: translatable("Go back and change what is listed here."),
    429: translatable("Wait a minute, then try again."),
    500: translatable("The fault is the server's. Report the number below."),
    503: translatable("Nothing was stored. Try again in a moment."),
    507: translatable("Nothing was stored. The operator must make room first."),
}
UNAUTHENTICATED = 401
HTML = "text/html"
# Of what is of the whole answer, not of its content.
_OF_THE_BODY = {"content-length", "content-type"}


def add_error_pages(app: FastAPI) -> None:
    """Answer errors of pages with pages, after problem documents were added."""
    for error, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(error, _as_page(handler))


def is_of_console(path: str) -> bool:
    """Whether a path is one of the console."""
    return path == "/" or f"{path}/".startswith("/console/")


def _as_page(handler: ExceptionHandler) -> ExceptionHandler:
    async def answer(request: Request, error: Exception) -> Response:
        made: Any = handler(cast("Any", request), error)
        response: Response = await made if isawaitable(made) else made
        if not is_of_console(requested(request.scope)):
            if "route" in request.scope:
                return response
            return _of_no_address(request, response)
        if response.status_code == UNAUTHENTICATED and request.method == "GET":
            return _way_to_sign_in(request)
        return _page(request, response)

    return cast("ExceptionHandler", answer)


def _of_no_address(request: Request, response: Response) -> Response:
    """Return a page to browsers: nothing is at the address, and they may be lost."""
    if is_preferred(request, HTML, to=MEDIA_TYPE):
        # A proxy passes on its path as people type it: without the slash.
        if request.scope["path"] == request.scope.get("root_path"):
            response = redirect("/")
        else:
            response = _page(request, response)
    response.headers.append("Vary", "Accept")
    return response


def _way_to_sign_in(request: Request) -> Response:
    """Lead to the form, unless it may be that the browser kept its cookie back.

    It does so where a link of another site was followed, in a message, say; it sends
    the cookie with what a page of this server asks for.
    """
    view = view_of(request)
    if request.headers.get("sec-fetch-site") == "cross-site":
        return view.answer("arriving.html", None, status=200)
    query = urlencode({"next": view.address})
    return redirect(f"{PAGES['show_sign_in'].path}?{query}")


def _page(request: Request, response: Response) -> Response:
    problem: dict[str, Any] = json.loads(bytes(response.body))
    status = response.status_code
    page = view_of(request).answer(
        "error.html", None, status=status, problem=problem, advice=ADVICE.get(status)
    )
    for name, value in response.headers.items():
        if name not in _OF_THE_BODY:
            page.headers[name] = value
    return page
