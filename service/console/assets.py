"""The style sheet and the script of the console."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.api.paths import served

PATH = "/console/assets"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# The address has the version of the content.
LASTING = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """A file that pages load."""

    content: bytes
    media_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """Return the files by name."""
    found: dict[str, Asset] = {}
    for file in files("service.console").joinpath("static").iterdir():
        content = file.read_bytes()
        suffix = file.name[file.name.rindex(".") :]
        version = hashlib.sha256(content).hexdigest()[:12]
        found[file.name] = Asset(content, MEDIA_TYPES[suffix], version)
    return found


def asset_path(name: str) -> str:
    """Return where a browser finds a file; another content is elsewhere."""
    return served(f"{PATH}/{name}?v={assets()[name].version}")


async def send_asset(request: Request) -> Response:
    """Return a file; raise HTTPException for 404."""
    found = assets().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    is_it = request.query_params.get("v") == found.version
    caching = LASTING if is_it else "no-cache"
    headers = {"Cache-Control": caching}
    return Response(found.content, headers=headers, media_type=found.media_type)


ROUTE = Route(f"{PATH}/{{name}}", send_asset)
