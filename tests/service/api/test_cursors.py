"""Pages of lists: nothing is missed or seen twice, and cursors tell nothing."""

import re
from base64 import urlsafe_b64decode

import pytest
from fastapi.testclient import TestClient

from tests.service.api.conftest import Order

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
def test_a_cursor_is_of_one_list_with_its_filters(client: TestClient) -> None:
    """Elsewhere it is a mistake, and so is one that was changed."""
    cursor = cursor_of(client.get("/v1/jobs?limit=2").json()["next"])
    assert client.get("/v1/jobs", params={"cursor": cursor}).status_code == 200
    others = [f"{path}?cursor={cursor}" for path in LISTS if path != "/v1/jobs"]
    others.append(f"/v1/jobs?state=QUEUED&cursor={cursor}")
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    others += [f"/v1/jobs?cursor={x}" for x in (changed, cursor[:-4], "x", "%00", "")]
    for path in others:
        answer = client.get(path)
        assert answer.status_code == 422, path
        assert answer.json()["mistakes"][0]["path"] == "query.cursor"


@pytest.mark.usefixtures("seeds")
def test_a_cursor_does_not_tell_a_position(client: TestClient) -> None:
    """It would count what everybody ordered."""
    cursors = [
        urlsafe_b64decode(cursor_of(client.get(f"/v1/jobs?limit={i}").json()["next"]))
        for i in (1, 2, 3)
    ]
    masked = [int.from_bytes(x[12:]) for x in cursors]
    assert all(number > 2**40 for number in masked)
    assert len({x[:12] for x in cursors}) == 3
