"""A batch that a server solves: submitted, followed and read over HTTP."""

import base64
import http.client
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import SplitResult, unquote, urlsplit

from models.batch import Axis, VariantRow
from models.content import canonical_json
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.files.text import fault
from service.variants.overlay import Overlay

TIMEOUT_S = 300  # the server reads ten thousand variants before it answers
OPTION = "--server"
KEY_VARIABLE = "STRONGROOM_API_KEY"


class ServerClient:
    """Sends requests to a server; raises InvalidCaseError if one fails.

    User and password in the URL are sent as basic authentication and never printed;
    without them a key in the environment is sent.
    """

    def __init__(self, url: str) -> None:
        if not _is_server_url(url):
            raise fault(OPTION, _without_login(url), "a URL as http://HOST:PORT")
        self._parts = urlsplit(url)
        self._prefix = self._parts.path.rstrip("/")
        self.url = self.url_of("")

    def url_of(self, path: str) -> str:
        """Return the URL of a path, without user and password."""
        host = self._parts.netloc.rpartition("@")[2]
        return f"{self._parts.scheme}://{host}{self._target(path)}"

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return the document at a path."""
        return self._ask("GET", path, None, {})

    def post(
        self,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        """Post a document and return the answer."""
        return self._ask("POST", path, body, headers or {})

    def _ask(
        self, method: str, path: str, body: object, headers: Mapping[str, str]
    ) -> Any:  # noqa: ANN401 - JSON
        connection = self._connection()
        text = None if body is None else json.dumps(body).encode()
        all_headers = {
            "Content-Type": "application/json",
            **_authorization(self._parts),
            **headers,
        }
        try:
            connection.request(method, self._target(path), text, all_headers)
            answer = connection.getresponse()
            content, status = answer.read(), answer.status
        except (OSError, http.client.HTTPException) as error:
            reason = str(error) or type(error).__name__
            expected = f"a server of Strongroom that answers ({reason})"
            raise fault(OPTION, self.url, expected) from None
        finally:
            connection.close()
        return _read(content, status, self.url)

    def _target(self, path: str) -> str:
        """Return the path on the host; a path out of an answer may be whole already."""
        is_whole = bool(self._prefix) and path.startswith(f"{self._prefix}/")
        return path if is_whole else f"{self._prefix}{path}"

    def _connection(self) -> http.client.HTTPConnection:
        is_secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
        host = self._parts.hostname or ""
        return kind(host, self._parts.port, timeout=TIMEOUT_S)


def _authorization(parts: SplitResult) -> Mapping[str, str]:
    if parts.username is None and parts.password is None:
        key = os.environ.get(KEY_VARIABLE)
        return {"Authorization": f"Bearer {key}"} if key else {}
    login = ":".join(unquote(part or "") for part in (parts.username, parts.password))
    return {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}


def _without_login(url: str) -> str:
    """Return a text that is no URL without what may be a password in it."""
    login, at, host = url.rpartition("@")
    schemes = ("http://", "https://")
    scheme = next((it for it in schemes if login.lower().startswith(it)), "")
    return f"{scheme}***@{host}" if at else url


def _is_server_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and parts.hostname is not None
    return is_web and url.isascii() and url.isprintable() and " " not in url


def _read(content: bytes, status: int, url: str) -> Any:  # noqa: ANN401 - JSON
    try:
        document = json.loads(content)
    except ValueError:
        expected = f"a server of Strongroom (it answers {status}, and not in JSON)"
        raise fault(OPTION, url, expected) from None
    if status < http.client.BAD_REQUEST:
        return document
    problem = cast("Mapping[str, Any]", document)
    if listed := problem.get("mistakes"):
        raise InvalidCaseError(
            [Mistake(x["path"], x["value"], x["expected"]) for x in listed]
        )
    reason = " ".join(str(problem.get(key, "")) for key in ("title", "detail"))
    raise fault(OPTION, url, f"it to do what was asked ({status}: {reason})")


INTERVAL_S = 2.0
PAGE = 200


def submit(
    server: ServerClient,
    base: Instance,
    overlays: Sequence[tuple[str, Overlay]],
    axes: Sequence[Axis],
    *,
    is_fresh: bool,
) -> Any:  # noqa: ANN401 - JSON
    """Submit a case and its variants; return the server's document of the batch.

    Raises InvalidCaseError with the mistakes that the server found.
    """
    case = server.post("/v1/cases", json.loads(canonical_json(base)))["hash"]
    order = {
        "case": case,
        "name": base.id,
        "variants": [
            {**overlay.model_dump(mode="json", by_alias=True), "name": name}
            for name, overlay in overlays
        ],
        "grid": [axis.model_dump(mode="json") for axis in axes],
    }
    headers = {"Cache-Control": "no-cache"} if is_fresh else {}
    return server.post("/v1/batches", order, headers)


def follow(
    server: ServerClient,
    href: str,
    log: Callable[[str], None],
    is_interrupted: Callable[[], bool],
) -> None:
    """Log the number of variants by state when it changes, until all have ended."""
    before = ""
    pause = threading.Event()
    while True:
        batch = server.get(f"{href}?limit=1")
        numbers = batch["number_by_state"]
        now = ", ".join(f"{n} {state}" for state, n in numbers.items() if n)
        if now != before:
            log(now)
            before = now
        if batch["is_finished"] or is_interrupted():
            return
        pause.wait(INTERVAL_S)


def rows(server: ServerClient, variants_href: str) -> tuple[VariantRow, ...]:
    """Return the rows of all variants in their present state."""
    found: list[VariantRow] = []
    path: str | None = f"{variants_href}?limit={PAGE}"
    while path:
        page = server.get(path)
        for item in page["items"]:
            known = {key: item[key] for key in VariantRow.model_fields}
            found.append(VariantRow.model_validate(known))
        path = page["next"]
    return tuple(found)
