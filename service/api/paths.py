"""Paths of the interface, which a proxy may serve under a path of its own.

The proxy may pass the whole path on or remove its own part: requests of both kinds are
understood, and answers name whole paths.
"""

from contextvars import ContextVar

from starlette.types import ASGIApp, Receive, Scope, Send

# Stands before the path of each route but those for monitoring and descriptions.
VERSION = "/v1"

_root: ContextVar[str] = ContextVar("root path", default="")


class RootPath:
    """Middleware: paths in answers begin with a root path, or with the web server's."""

    def __init__(self, app: ASGIApp, root_path: str | None) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the root path of a request, for the routes and for `served`."""
        if scope["type"] == "http":
            if self._root_path is not None:
                scope["root_path"] = self._root_path
            _root.set(scope.get("root_path", "").rstrip("/"))
        await self._app(scope, receive, send)


def served(path: str) -> str:
    """Return the path by which a client reaches a path of the interface."""
    return f"{_root.get()}{path}"


def versioned(path: str) -> str:
    """Return the path by which a client reaches a route of the present version."""
    return served(f"{VERSION}{path}")


def requested(scope: Scope) -> str:
    """Return the path of a request within the interface."""
    path, root = scope["path"], scope.get("root_path", "").rstrip("/")
    return path.removeprefix(root) if path.startswith(f"{root}/") else path
