"""What a waiting client asks for, without a server."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import pytest

from strongroom_client import JobEndedError
from strongroom_client.call import Call
from strongroom_client.exchange import Attempt, Flow, Item, Pause, Step
from strongroom_client.waiting import SHORT_S, WAIT_S, follow_job, wait_for_job

JOB: dict[str, Any] = {
    "id": "a",
    "kind": "solve",
    "case": "c",
    "solved_case": "s",
    "options": {},
    "priority": 0,
    "memory_limit_bytes": None,
    "number_of_threads": None,
    "attempt": 1,
    "worker": None,
    "created_at": "2026-01-01T12:00:00Z",
    "started_at": None,
    "finished_at": None,
    "warnings": [],
    "progress": None,
    "incumbent": None,
    "result": None,
    "evaluated_plan": None,
    "evaluation": None,
    "evaluation_href": None,
    "analysis": None,
    "analysis_document": None,
    "analysis_href": None,
    "portion_of": None,
    "parts": None,
    "failure": None,
    "reused_from": None,
    "href": "/v1/a",
    "progress_href": "/v1/a/progress",
}
LINE: dict[str, Any] = {
    "seconds": 1.0,
    "stage": "cuts",
    "lower_bound_usd": None,
    "gap": None,
    "upper_bound_usd": None,
    "cuts": None,
    "message": "",
    "attempt": 1,
    "recorded_at": "2026-01-01T12:00:00Z",
}


def job(state: str, **headers: str) -> httpx2.Response:
    """Return an answer with the job in that state."""
    return answer({**JOB, "state": state}, **headers)


def log(*numbers: int) -> httpx2.Response:
    """Return an answer with lines of the log."""
    return answer({"items": [{**LINE, "number": x} for x in numbers], "next": None})


def answer(body: object, **headers: str) -> httpx2.Response:
    """Return an answer with that body; `status` is one of the headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    status = int(named.pop("status", "200"))
    return httpx2.Response(status, json=body, headers=named)


class Course:
    """What a flow asks for, and what comes of it."""

    def __init__(self, flow: Flow[Any], answers: Sequence[httpx2.Response]) -> None:
        self.calls: list[Call[Any]] = []
        self.pauses: list[float] = []
        self.items: list[Any] = []
        self.result = self._carry_out(flow, iter(answers))

    @property
    def looks(self) -> list[Call[Any]]:
        """The calls for the job itself."""
        return [call for call in self.calls if call.path == "/v1/jobs/a"]

    def _carry_out(self, flow: Flow[Any], coming: Iterator[httpx2.Response]) -> Any:  # noqa: ANN401
        came: object = None
        try:
            while True:
                came = self._come_of(flow.send(came), coming)
        except StopIteration as end:
            return end.value

    def _come_of(self, step: Step, coming: Iterator[httpx2.Response]) -> object:
        match step:
            case Call():
                self.calls.append(step)
                return step.read(next(coming))
            case Pause():
                self.pauses.append(step.seconds)
            case Item():
                self.items.append(step.value)
            case Attempt():
                raise AssertionError
        return None


def test_a_server_that_can_is_asked_to_wait_for_the_end() -> None:
    """There is hardly a pause then; the first look is at once."""
    answers = [job("RUNNING", etag='"1"'), job("RUNNING", preference_applied="wait")]
    course = Course(wait_for_job("a"), [*answers, job("SUCCEEDED")])
    waiting = {"Prefer": f"wait={WAIT_S}"}
    assert course.result.state == "SUCCEEDED"
    assert [look.headers for look in course.looks] == [{}, waiting, waiting]
    assert [look.wait_s for look in course.looks] == [0, WAIT_S, WAIT_S]
    assert course.pauses[1:] == [SHORT_S]


def test_one_that_cannot_says_when_to_ask_again() -> None:
    """Or it is asked once a second."""
    answers = [job("QUEUED", retry_after="3"), job("RUNNING"), job("SUCCEEDED")]
    assert Course(wait_for_job("a"), answers).pauses == [3, 1]


def test_lines_are_reported_when_there_is_something_new() -> None:
    """The server is told what is known; each line is asked for once."""
    numbers: list[int] = []
    answers = [
        *(job("RUNNING", etag='"1"'), log(1)),
        answer(None, status="304", etag='"1"', preference_applied="wait"),
        *(job("SUCCEEDED", etag='"2"'), log(2, 3)),
    ]
    flow = wait_for_job("a", report=lambda line: numbers.append(line.number))
    course = Course(flow, answers)
    known = [look.headers.get("If-None-Match") for look in course.looks]
    assert (numbers, known) == ([1, 2, 3], [None, '"1"', '"1"'])
    after = [call.query["after"] for call in course.calls if call.query]
    assert after == [0, 1]


def test_a_log_is_followed_until_the_end() -> None:
    """However the job ends."""
    answers = [job("RUNNING", etag='"1"'), log(1), job("FAILED"), log(2)]
    course = Course(follow_job("a"), answers)
    assert [line.number for line in course.items] == [1, 2]


def test_a_job_that_ended_otherwise_is_an_error() -> None:
    """It has the job."""
    with pytest.raises(JobEndedError, match="CANCELLED") as raised:
        Course(wait_for_job("a"), [job("CANCELLED")])
    assert raised.value.job.state == "CANCELLED"
