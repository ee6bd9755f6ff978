"""A call and its answer, with repetitions. Written without I/O: a transport drives it.

A flow is a generator. It yields steps, is sent what came of each, and returns its
result. The blocking and the asynchronous transport take the same flows.
"""

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import httpx2

from strongroom_client.call import Call
from strongroom_client.errors import (
    ProblemError,
    StrongroomError,
    UnexpectedAnswerError,
    UnreachableError,
)
from strongroom_client.problems import is_problem, problem_of
from strongroom_client.retries import Retries, seconds_asked_for

T = TypeVar("T")

# Nothing of such a request was carried out.
REFUSED_FOR_NOW = frozenset({429, 503})
# A proxy does not know whether it was.
UNCERTAIN = frozenset({502, 504})


@dataclass(frozen=True, slots=True)
class Pause:
    """A step: wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """A step: send a request once. What comes of it is a response or an error."""

    call: Call[Any]


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """A step: give a value to whoever iterates."""

    value: T


Step = Call[Any] | Attempt | Pause | Item[Any]
Flow = Generator[Step, Any, T]


def answer_to(call: Call[T]) -> Flow[T]:
    """Return the answer to a call, which the client may send several times."""
    return cast("T", (yield call))


def exchange(call: Call[T], retries: Retries) -> Flow[T]:
    """Return the answer to a call, or raise StrongroomError after the last attempt."""
    for pause_s in (*retries.pauses(), None):
        came = cast("httpx2.Response | UnreachableError", (yield Attempt(call)))
        if isinstance(came, httpx2.Response):
            if came.is_success or _is_answer(call, came):
                return call.read(came)
            error, pause = _refusal(came), asked_s(came)
        else:
            error, pause = came, None
        if pause_s is None or not _may_repeat(call, error):
            raise error
        if (pause or 0) > retries.longest_pause_s:
            raise error
        yield Pause(max(pause_s, pause or 0))
    msg = "unreachable: the last attempt returns or raises"
    raise AssertionError(msg)


def _is_answer(call: Call[Any], response: httpx2.Response) -> bool:
    """Say whether an answer with a status like that of errors is none."""
    return response.status_code in call.statuses and not is_problem(response)


def _refusal(response: httpx2.Response) -> StrongroomError:
    if response.is_error:
        return problem_of(response)
    msg = f"{response.url.path} is answered with {response.status_code}."
    return UnexpectedAnswerError(msg)


def asked_s(response: httpx2.Response) -> float | None:
    """Return the seconds that an answer asks to wait; None if it does not."""
    header = response.headers.get("retry-after")
    return seconds_asked_for(header, dt.datetime.now(dt.UTC))


def _may_repeat(call: Call[Any], error: StrongroomError) -> bool:
    """Say whether another attempt can help and cannot order anything twice."""
    if isinstance(error, UnreachableError):
        return call.is_repeatable or not error.was_sent
    if not isinstance(error, ProblemError):
        return False
    if error.status in REFUSED_FOR_NOW:
        return True
    return error.status in UNCERTAIN and call.is_repeatable
