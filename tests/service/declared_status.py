"""Middleware of tests: an operation answers only what its description says."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class DeclaredStatus:
    """Notes each answer with a status that the description lacks in `undeclared`."""

    def __init__(
        self, app: ASGIApp, description: dict[str, Any], undeclared: set[str]
    ) -> None:
        self._app = app
        self._paths = description["paths"]
        self._undeclared = undeclared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", None)
                operation = self._paths.get(route, {}).get(scope["method"].lower())
                status = str(message["status"])
                if operation is not None and status not in operation["responses"]:
                    self._undeclared.add(f"{operation['operationId']}: {status}")
            await send(message)

        await self._app(scope, receive, watched)
