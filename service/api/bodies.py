"""Read a JSON body: limited in size, and strict where the standard library is not."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request

from service.api.context import ServiceContext
from service.errors import (
    BodyTooLargeError,
    MalformedJsonError,
    UnsupportedMediaTypeError,
)


@dataclass(frozen=True, slots=True)
class ReadBody:
    """The value of a body, which may be null."""

    value: object


async def body_bytes(request: Request, context: ServiceContext) -> bytes:
    """Return the body; raise if it is too large or has another media type."""
    # This also keeps out pages of other sites: a browser asks before it sends JSON.
    media_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if media_type.lower() != "application/json":
        detail = f"It came as {media_type or 'nothing'}."
        raise UnsupportedMediaTypeError(detail)
    limit = context.settings.maximum_body_bytes
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        _refuse(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            _refuse(limit)
    return bytes(body)


def json_body(
    request: Request, content: Annotated[bytes, Depends(body_bytes)]
) -> object:
    """Return the value of the body, or raise MalformedJsonError."""
    value = read_json(content)
    request.state.body = ReadBody(value)
    return value


def body_of(request: Request) -> ReadBody | None:
    """Return what was read of the body of a request; None if nothing was."""
    return getattr(request.state, "body", None)


JsonBody = Annotated[object, Depends(json_body)]


def read_json(content: bytes) -> object:
    """Return the value: no NaN or Infinity, no key twice, no endless nesting."""
    try:
        return json.loads(
            content, parse_constant=_constant, object_pairs_hook=_distinct
        )
    except json.JSONDecodeError as error:
        detail = f"Line {error.lineno}, column {error.colno}: {error.msg}."
        raise MalformedJsonError(detail) from None
    except UnicodeDecodeError:
        detail = "It is not encoded in UTF-8."
        raise MalformedJsonError(detail) from None
    except RecursionError:
        detail = "It is nested too deeply."
        raise MalformedJsonError(detail) from None
    except ValueError:
        detail = "It has a number with too many digits."
        raise MalformedJsonError(detail) from None


def _constant(name: str) -> NoReturn:
    detail = f"{name} is not a number in JSON."
    raise MalformedJsonError(detail)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        detail = f"The key {twice!r} stands twice in the same object."
        raise MalformedJsonError(detail)
    return read


def _refuse(limit: int) -> NoReturn:
    detail = f"The limit is {limit} bytes (setting STRONGROOM_MAXIMUM_BODY_BYTES)."
    raise BodyTooLargeError(detail)
