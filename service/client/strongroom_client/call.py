"""A request as plain data, and how its answer is read. Nothing here sends anything."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import TypeAdapter, ValidationError

from strongroom_client.errors import UnexpectedAnswerError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
QueryValue = str | int | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """A request.

    path: of the interface, or a link of an answer, which has the path of the server.
    is_repeatable: sending it twice does the same as once.
    statuses: those that are no error, beside 2xx.
    wait_s: how much longer than usual the answer may take, since it is asked to wait.
    """

    method: str
    path: str
    read: Callable[[httpx2.Response], T_co]
    query: Mapping[str, QueryValue] = field(default_factory=dict[str, QueryValue])
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_repeatable: bool = True
    is_link: bool = False
    statuses: frozenset[int] = frozenset()
    wait_s: float = 0


def path_of(template: str, *parts: str) -> str:
    """Return a path with its parts filled in, or raise ValueError."""
    if {"", ".", ".."} & set(parts):
        msg = f"{template} with {parts}: expected a hash, an id or a name"
        raise ValueError(msg)
    return template.format(*(quote(part, safe="") for part in parts))


def order_headers(
    idempotency_key: str | None = None, *, is_fresh: bool = False
) -> dict[str, str]:
    """Return the headers of an order, which may be sent again under the same key."""
    headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex}
    return headers | ({"Cache-Control": "no-cache"} if is_fresh else {})


def given(**fields: object) -> dict[str, object]:
    """Return the fields that are not None: the server has the defaults."""
    return {name: value for name, value in fields.items() if value is not None}


def as_answer(kind: type[T]) -> Callable[[httpx2.Response], T]:
    """Return what reads an answer as that type, or raises UnexpectedAnswerError."""
    adapter = TypeAdapter(kind)

    def read(response: httpx2.Response) -> T:
        try:
            return adapter.validate_json(response.content)
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, x['loc']))}: {x['msg']}"
                for x in error.errors(include_input=False)[:3]
            )
            msg = f"The answer of {response.url.path} is not what it should be: {wrong}"
            raise UnexpectedAnswerError(msg) from None

    return read


def as_bytes(response: httpx2.Response) -> bytes:
    """Return the content of an answer as it is."""
    return response.content


def as_text(response: httpx2.Response) -> str:
    """Return an answer as text."""
    return response.text


def as_nothing(response: httpx2.Response) -> None:
    """Return nothing: the status is the answer."""
    del response
