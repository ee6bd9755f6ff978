"""The progress of a job as server-sent events, resumed where a client left."""

import asyncio
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.outcome import Outcome
from service.api.context import Context
from service.api.events import MEDIA_TYPE, events_of
from tests.service.api.conftest import End, Report

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

Events = list[tuple[str, str, Any]]


@pytest.fixture
def ended_job(report: Report, end_job: End, infeasible: Outcome) -> str:
    """Return the path of a job that reported three stages and ended."""
    report("begin", "cuts", "done")
    return f"/v1/jobs/{end_job(infeasible)}/events"


def events_in(text: str) -> Events:
    """Return name, id and content of each event of a stream."""
    found: Events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line)
        if "event" in fields:
            content = json.loads(fields["data"])
            found.append((fields["event"], fields["id"], content))
    return found


def test_a_stream_has_all_lines_and_ends_with_the_job(
    client: TestClient, ended_job: str
) -> None:
    """The last event is the job as it ended."""
    answer = client.get(ended_job)
    assert answer.headers["content-type"].startswith(MEDIA_TYPE)
    assert answer.headers["cache-control"] == "no-store"
    *lines, (name, number, job) = events_in(answer.text)
    stages = [("progress", "1", "begin"), ("progress", "2", "cuts")]
    stages.append(("progress", "3", "done"))
    assert [(x, y, z["stage"]) for x, y, z in lines] == stages
    assert (name, number, job["state"]) == ("job", "3", "SUCCEEDED")


def test_a_client_goes_on_where_it_was(client: TestClient, ended_job: str) -> None:
    """With nothing left, it is told not to come again."""
    some = client.get(ended_job, headers={"Last-Event-ID": "2"})
    assert [number for _, number, _ in events_in(some.text)] == ["3", "3"]
    none = client.get(ended_job, headers={"Last-Event-ID": "3"})
    assert (none.status_code, none.content) == (204, b"")
    wrong = client.get(ended_job, headers={"Last-Event-ID": "many"})
    assert wrong.status_code == 422


def test_a_listener_that_leaves_is_forgotten(
    context: Context, running_job: str, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then it has each line as it comes, and a comment if none does."""
    monkeypatch.setattr("service.api.events.HEARTBEAT_S", 0.01)
    report("begin")

    async def listen() -> str:
        stream = events_of(context, running_job, 0, lambda: None)
        parts = [await anext(stream) for _ in range(4)]
        report("cuts")
        while "cuts" not in parts[-1]:
            parts.append(await anext(stream))
        await stream.aclose()
        assert context.watch.number_of_listeners == 0
        return "".join(parts)

    text = asyncio.run(listen())
    assert ": nothing new\n\n" in text
    found = [(name, x.get("stage", x.get("state"))) for name, _, x in events_in(text)]
    assert found == [("progress", "begin"), ("job", "RUNNING"), ("progress", "cuts")]
