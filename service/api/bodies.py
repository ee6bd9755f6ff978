"""Read a JSON body: limited in size, and strict where the standard library is not.

The limit is of the body as it comes and, if it comes in a coding, of its content.
"""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

import zstandard
from fastapi import Depends, Request

from service.api.context import ServiceContext
from service.errors import (
    BodyTooLargeError,
    MalformedContentError,
    MalformedJsonError,
    UnknownContentCodingError,
    UnsupportedMediaTypeError,
)

# What a frame may ask a reader to keep of it in memory (RFC 9659).
LARGEST_ZSTD_WINDOW_BYTES = 2**23
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class ReadBody:
    """The value of a body, which may be null."""

    value: object


async def body_bytes(request: Request, context: ServiceContext) -> bytes:
    """Return the body; raise if it is too large or has another media type."""
    # This also keeps out pages of other sites: a browser asks before it sends JSON.
    if (found := media_type(request)) != JSON:
        detail = f"It came as {found or 'nothing'}."
        raise UnsupportedMediaTypeError(detail)
    return await limited_bytes(request, context)


def media_type(request: Request) -> str:
    """Return the media type of the body, without parameters; none if it has none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def limited_bytes(request: Request, context: ServiceContext) -> bytes:
    """Return the body as it comes; raise BodyTooLargeError."""
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
    request: Request,
    context: ServiceContext,
    sent: Annotated[bytes, Depends(body_bytes)],
) -> object:
    """Return the value of the body, or raise an error of its coding or of JSON."""
    value = read_json(uncoded(request, context, sent))
    request.state.body = ReadBody(value)
    return value


def uncoded(request: Request, context: ServiceContext, sent: bytes) -> bytes:
    """Return the content of a body, out of the coding that the request names."""
    coding = request.headers.get("content-encoding", "").strip().lower()
    return decoded(sent, coding, context.settings.maximum_body_bytes)


def decoded(content: bytes, coding: str, limit: int) -> bytes:
    """Return the content of a body that came in a coding.

    No more than the limit is ever unpacked. Raises UnknownContentCodingError,
    MalformedContentError or BodyTooLargeError.
    """
    if coding in {"", "identity"}:
        return content
    if coding not in _READERS:
        raise UnknownContentCodingError(coding, list(_READERS))
    try:
        with _READERS[coding](content) as reader:
            read = reader.read(limit + 1)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        detail = f"{coding}: {error}."
        raise MalformedContentError(detail) from None
    if len(read) > limit:
        _refuse(limit)
    return read


def _gzip(content: bytes) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=io.BytesIO(content))


def _zstd(content: bytes) -> zstandard.ZstdDecompressionReader:
    reader = zstandard.ZstdDecompressor(max_window_size=LARGEST_ZSTD_WINDOW_BYTES)
    return reader.stream_reader(content, read_across_frames=True)


_READERS: dict[
    str, Callable[[bytes], gzip.GzipFile | zstandard.ZstdDecompressionReader]
] = {
    "gzip": _gzip,
    "zstd": _zstd,
}


def body_of(request: Request) -> ReadBody | None:
    """Return what was read of the body of a request; None if nothing was."""
    return getattr(request.state, "body", None)


JsonBody = Annotated[object, Depends(json_body)]


def read_json(content: bytes) -> object:
    """Return the value: no NaN or Infinity, no key twice, no endless nesting."""
    try:
        # Of bytes the library would guess the encoding.
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_constant=_constant, object_pairs_hook=_distinct)
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
