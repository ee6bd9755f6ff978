"""A JSON document of the provider, fetched within limits of time and size."""

import json
import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2

from service.identity.exposure import is_loopback

TIMEOUT_S = 5.0
MAXIMUM_BYTES = 500_000
OK = 200


class FetchingError(Exception):
    """The document could not be fetched."""


def fetch(url: str) -> Mapping[str, Any]:
    """Return the JSON object at a URL; raise FetchingError.

    No redirect is followed: what the provider names is where it is.
    """
    deadline_s = time.monotonic() + TIMEOUT_S
    content = bytearray()
    try:
        with (
            # A proxy of the environment must not see what stays on this machine.
            httpx2.Client(timeout=TIMEOUT_S, trust_env=_is_https(url)) as client,
            client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as it,
        ):
            if it.status_code != OK or "content-encoding" in it.headers:
                msg = f"{url} answers {it.status_code}"
                raise FetchingError(msg)
            for part in it.iter_raw():
                content += part
                if len(content) > MAXIMUM_BYTES or time.monotonic() > deadline_s:
                    msg = f"{url} sends too much, or too slowly"
                    raise FetchingError(msg)
        found = json.loads(content)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        msg = f"{url}: {type(error).__name__}"
        raise FetchingError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"{url} sends no JSON"
        raise FetchingError(msg) from error
    if not isinstance(found, dict):
        msg = f"{url} sends no JSON object"
        raise FetchingError(msg)
    return cast("Mapping[str, Any]", found)


def is_safe_from_others(url: str, issuer: str) -> bool:
    """Whether nobody on the way can change what is fetched from a URL.

    It has TLS, or is on this machine, as the issuer then is, too.
    """
    try:
        parts = urlsplit(url)
        is_complete = parts.hostname is not None and parts.username is None
    except ValueError:
        return False
    if not is_complete:
        return False
    is_of_machine = parts.scheme == "http" and is_loopback(parts.hostname or "")
    return parts.scheme == "https" or (is_of_machine and not _is_https(issuer))


def _is_https(url: str) -> bool:
    return url.startswith("https://")
