"""Pages of lists: nothing is missed or seen twice, and cursors tell nothing."""

import re
from base64 import urlsafe_b64decode

import pytest
from fastapi.testclient import TestClient

from tests.service.api.conftest import Order

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

LISTS = ("/v1/cases", "/v1/jobs", "/v1/batches", "/v1/audit")


@pytest.fixture
def seeds(order: Order) -> list[int]:
    """Return the seeds of jobs that wait, latest first."""
    seeds = [1, 2, 3, 4, 5]
    for seed in seeds:
        assert order(options={"seed": seed}).status_code == 202
    return seeds[::-1]


def cursor_of(link: str) -> str:
    """Return the cursor in a link."""
    found = re.search(r"cursor=([^&]+)", link)
    assert found is not None
    return found[1].replace("%3D", "=")


def test_pages_are_stable_while_jobs_are_ordered(
    client: TestClient, order: Order, seeds: list[int]
) -> None:
    """Each is linked from the one before, with its filters, in body and header."""
    found: list[int] = []
    link: str | None = "/v1/jobs?state=QUEUED&limit=2"
    while link is not None:
        answer = client.get(link)
        found += [job["options"]["seed"] for job in answer.json()["items"]]
        link = answer.json()["next"]
        header = answer.headers.get("link")
        assert header == (link and f'<{link}>; rel="next"')
        assert link is None or "state=QUEUED" in link
        order(options={"seed": 100 + len(found)})
    assert found == seeds


@pytest.mark.usefixtures("seeds")
@on_sqlite
def test_a_cursor_is_of_one_list_with_its_filters(client: TestClient) -> None:
    """Elsewhere it is a mistake, and so is one that was changed."""
    cursor = cursor_of(client.get("/v1/jobs?limit=2").json()["next"])
    assert client.get("/v1/jobs", params={"cursor": cursor}).status_code == 200
    others = [f"{path}?cursor={cursor}" for path in LISTS if path != "/v1/jobs"]
    others += [f"/v1/jobs?{x}&cursor={cursor}" for x in ("state=QUEUED", "sort=oldest")]
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    others += [f"/v1/jobs?cursor={x}" for x in (changed, cursor[:-4], "x", "%00", "")]
    for path in others:
        answer = client.get(path)
        assert answer.status_code == 422, path
        assert answer.json()["mistakes"][0]["path"] == "query.cursor"


@pytest.mark.usefixtures("seeds")
@on_sqlite
def test_a_cursor_does_not_tell_a_position(client: TestClient) -> None:
    """It would count what everybody ordered."""
    cursors = [
        urlsafe_b64decode(cursor_of(client.get(f"/v1/jobs?limit={i}").json()["next"]))
        for i in (1, 2, 3)
    ]
    masked = [int.from_bytes(x[12:]) for x in cursors]
    assert all(number > 2**40 for number in masked)
    assert len({x[:12] for x in cursors}) == 3


def test_a_list_may_begin_with_the_oldest(
    client: TestClient, order: Order, seeds: list[int]
) -> None:
    """What is ordered meanwhile comes at the end."""
    found: list[int] = []
    link: str | None = "/v1/jobs?sort=oldest&limit=2"
    while link is not None:
        answer = client.get(link).json()
        found += [job["options"]["seed"] for job in answer["items"]]
        link = answer["next"]
        if len(found) == 2:
            order(options={"seed": 6})
    assert found == [*seeds[::-1], 6]
    for path in LISTS:
        both = [client.get(f"{path}?sort={x}").json() for x in ("latest", "oldest")]
        assert both[0]["items"] == both[1]["items"][::-1], path


@pytest.mark.usefixtures("seeds")
def test_lists_are_filtered(
    client: TestClient, case_hash: str, tiny_case: dict[str, object]
) -> None:
    """By the case as it was ordered, and as it was solved; by name; by who did what."""
    other = client.post("/v1/cases", json={**tiny_case, "id": "other"}).json()
    last = client.get("/v1/jobs?limit=1").json()["items"][0]
    numbers = {
        f"/v1/jobs?case={case_hash}": 5,
        f"/v1/jobs?case={last['solved_case']}": 1,
        f"/v1/jobs?case={other['hash']}": 0,
        f"/v1/batches?case={case_hash}": 0,
        "/v1/cases?case_id=other": 1,
        "/v1/cases?case_id=%00": 0,
        "/v1/audit?noun=job": 5,
        "/v1/audit?noun=case&verb=put": 2,
        f"/v1/audit?name={other['hash']}": 1,
        "/v1/audit?actor=nobody": 0,
    }
    found = {path: len(client.get(path).json()["items"]) for path in numbers}
    assert found == numbers


@pytest.mark.usefixtures("seeds")
def test_a_list_is_sent_again_only_when_it_has_changed(
    client: TestClient, order: Order
) -> None:
    """Each list has a tag, made of what the client may read."""
    for path in (*LISTS, "/v1/whoami", "/v1/analyses", "/v1/cases/shipped"):
        first = client.get(path)
        known = {"If-None-Match": first.headers["etag"]}
        again = client.get(path, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert first.headers["cache-control"] == "private, no-cache"
    known = {"If-None-Match": client.get("/v1/jobs").headers["etag"]}
    order(options={"seed": 7})
    assert client.get("/v1/jobs", headers=known).status_code == 200
