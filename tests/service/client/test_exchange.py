"""Requests are sent again where that can help and orders nothing twice."""

import datetime as dt
from collections.abc import Sequence
from email.utils import format_datetime

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom_client import (
    ProblemError,
    Retries,
    UnavailableError,
    UnexpectedAnswerError,
    UnreachableError,
)
from strongroom_client.call import Call, as_text
from strongroom_client.exchange import Attempt, Pause, exchange
from strongroom_client.retries import seconds_asked_for

ORDER = Call("POST", "/v1/jobs", as_text)
CANCEL = Call("POST", "/v1/jobs/x/cancel", as_text, is_repeatable=False)
LOST = UnreachableError("no answer", was_sent=True)
NOT_SENT = UnreachableError("no connection", was_sent=False)
RETRIES = Retries(most_attempts=3, first_pause_s=1, longest_pause_s=8)


def answer(status: int, **headers: str) -> httpx2.Response:
    """Return an answer with that status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = httpx2.Request("GET", "https://vault.example/v1/jobs")
    return httpx2.Response(status, headers=named, text="done", request=request)


def outcome(
    call: Call[str], came: Sequence[httpx2.Response | UnreachableError]
) -> tuple[str | Exception, list[float]]:
    """Return what becomes of a call, and the pauses on the way."""
    flow, coming, pauses = exchange(call, RETRIES), iter(came), list[float]()
    step = next(flow)
    try:
        while True:
            if isinstance(step, Pause):
                pauses.append(step.seconds)
                step = flow.send(None)
            else:
                assert isinstance(step, Attempt)
                step = flow.send(next(coming))
    except StopIteration as end:
        return str(end.value), pauses
    except Exception as error:
        return error, pauses


@pytest.mark.parametrize("first", [answer(429), answer(503), NOT_SENT])
@pytest.mark.parametrize("call", [ORDER, CANCEL])
def test_what_was_not_carried_out_is_sent_again(
    call: Call[str], first: httpx2.Response | UnreachableError
) -> None:
    """Whatever it is."""
    assert outcome(call, [first, answer(200)])[0] == "done"


@pytest.mark.parametrize("first", [answer(502), answer(504), LOST])
def test_what_may_have_been_carried_out_is_sent_again_if_it_is_the_same_then(
    first: httpx2.Response | UnreachableError,
) -> None:
    """An order has its key; cancelling twice has another answer than once."""
    assert outcome(ORDER, [first, answer(200)])[0] == "done"
    assert isinstance(outcome(CANCEL, [first])[0], (UnavailableError, UnreachableError))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500, 507])
def test_a_refusal_is_final(status: int) -> None:
    """The same request would be refused again."""
    error, pauses = outcome(ORDER, [answer(status)])
    assert isinstance(error, ProblemError)
    assert (error.status, pauses) == (status, [])


def test_an_answer_that_leads_elsewhere_is_none() -> None:
    """No redirect is followed: the key is for this server."""
    error, _ = outcome(ORDER, [answer(307, location="https://other.example")])
    assert isinstance(error, UnexpectedAnswerError)


def test_attempts_come_to_an_end() -> None:
    """Pauses double, each shortened by up to a half; the last answer is raised."""
    error, pauses = outcome(ORDER, [answer(503)] * 3)
    assert isinstance(error, UnavailableError)
    assert len(pauses) == 2
    assert 0.5 <= pauses[0] <= 1 <= pauses[1] <= 2


def test_the_server_may_ask_for_a_longer_pause() -> None:
    """Retry-After counts if it is longer, unless it is longer than the longest."""
    assert outcome(ORDER, [answer(503, retry_after="7"), answer(200)]) == ("done", [7])
    error, pauses = outcome(ORDER, [answer(503, retry_after="9")])
    assert (isinstance(error, UnavailableError), pauses) == (True, [])


def test_a_pause_may_be_a_date() -> None:
    """It is then the time until that moment, and never negative."""
    now = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
    in_a_minute = format_datetime(now + dt.timedelta(minutes=1), usegmt=True)
    assert seconds_asked_for(in_a_minute, now) == 60
    assert seconds_asked_for(in_a_minute, now + dt.timedelta(hours=1)) == 0


@settings(max_examples=30)
@given(st.text(max_size=20))
def test_any_header_is_read(header: str) -> None:
    """What is no pause is none."""
    seconds = seconds_asked_for(header, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("attempts", "first_s", "longest_s"), [(0, 1, 2), (1, 3, 2), (1, -1, 2)]
)
def test_impossible_retries_are_refused(
    attempts: int, first_s: float, longest_s: float
) -> None:
    """At construction."""
    with pytest.raises(ValueError, match="expected"):
        Retries(attempts, first_s, longest_s)
