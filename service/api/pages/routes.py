"""The pages, which work without any other host and without a key.

Swagger UI comes out of a package. Nothing in a page is run but files of this server.
"""

from collections.abc import Sequence
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from service.api.paths import served
from service.api.problem_types import PAGE, known_types

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Of the packages that have assets: their folders. The first that has a name gives it.
FOLDERS: Sequence[str | tuple[str, str]] = (
    ("service.api.pages", "static"),
    ("fastapi_offline", "static"),
)
# What helps, by status.
ADVICE = {
    400: "The request cannot be read. The same request will not succeed.",
    401: "Send a valid key or token: Authorization: Bearer ...",
    403: "The role of the account, or the scope of the key, does not permit this.",
    404: "It never was here, it was deleted, or it is not there yet.",
    406: "Ask with Accept for one of the types that the detail names, or send none.",
    409: "The state has changed. Read it again before the next try.",
    412: "It has changed since that ETag was read. Read it again before the next try.",
    413: "Send less, or ask the operator for a higher limit.",
    415: "Send Content-Type: application/json.",
    421: "Use http://localhost or http://127.0.0.1 with the port of the server.",
    422: "The member `mistakes` has each place, what is there and what was expected.",
    429: "Wait as many seconds as Retry-After says. RateLimit tells what is left.",
    500: "The fault is the server's. Report the `request_id` to the operator.",
    503: "Nothing was stored. Try again after the seconds of Retry-After.",
    507: "Nothing was stored. The operator must make room first.",
}

_templates = Environment(
    loader=PackageLoader("service.api.pages", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


_assets = StaticFiles(packages=list(FOLDERS))


async def show_reference(_: Request) -> HTMLResponse:
    """Return the reference of the interface, made in the browser from OpenAPI."""
    return _page("reference.html")


async def show_problem_types(_: Request) -> HTMLResponse:
    """Return the types of problems, to which the `type` of each problem leads."""
    groups = groupby(known_types().values(), key=lambda x: x.status)
    by_status = [(status, ADVICE[status], list(x)) for status, x in groups]
    return _page("problems.html", by_status=by_status)


async def send_asset(request: Request) -> Response:
    """Return a style sheet, a script or a picture; raise HTTPException for 404."""
    # Not mounted: behind a proxy that removes its path, a mount does not find itself.
    return await _assets.get_response(request.path_params["name"], request.scope)


def _page(template: str, **content: object) -> HTMLResponse:
    text = _templates.get_template(template).render(root=served(""), **content)
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    return HTMLResponse(text, headers=headers)


ROUTES: Sequence[Route] = (
    Route("/docs", show_reference),
    Route(PAGE, show_problem_types),
    Route("/docs/assets/{name}", send_asset),
)
