"""Middleware around each request: its id, its log line, and its count."""

import logging
import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.paths import requested
from service.api.traffic import Traffic
from service.telemetry.request_ids import HEADER, begin_request, usable_id

# The status of a request whose client disconnected before the answer began.
# It is that of nginx.
CLIENT_WENT = 499
FAILED = 500
# Monitoring requests these every few seconds.
WATCHED = frozenset({"/alive", "/health", "/metrics"})

logger = logging.getLogger(__name__)


class RequestLogging:
    """Gives each request an id, logs its answer, and counts it."""

    def __init__(
        self,
        app: ASGIApp,
        traffic: Traffic,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._traffic = traffic
        self._timer = timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass on everything else."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = usable_id(Headers(scope=scope).get(HEADER))
        scope.setdefault("state", {})["request_id"] = request_id
        begin_request(request_id)
        status = CLIENT_WENT

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        began_s = self._timer()
        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            # An outer layer answers it, and the web server logs the traceback.
            status = FAILED
            raise
        finally:
            self._log(scope, status, self._timer() - began_s)

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        method, path = scope["method"], requested(scope)
        route = getattr(scope.get("route"), "path", None)
        self._traffic.count(method, route, status, seconds)
        level = logging.DEBUG if path in WATCHED else logging.INFO
        fields = {
            "method": method,
            "path": path,
            "status": status,
            "seconds": round(seconds, 4),
        }
        logger.log(level, "request", extra=fields)
