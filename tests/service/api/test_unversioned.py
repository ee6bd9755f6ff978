"""Paths without a version answer as before, and name their successors."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.api.paths import VERSION
from service.api.unversioned import NOUNS
from tests.cases import Case

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

DEPRECATION = ("deprecation", "sunset", "link")


def successor(answer: Response) -> str:
    """Return the path that an answer names instead of its own."""
    found = re.fullmatch(r'<(.*)>; rel="successor-version"', answer.headers["link"])
    assert found is not None
    return found[1]


def test_an_old_path_answers_and_names_the_new_one(
    client: TestClient, tiny_case: Case
) -> None:
    """What was stored by an old path is at the new one; only the headers differ."""
    old = client.post("/cases", json=tiny_case)
    assert old.status_code == 201
    assert successor(old) == "/v1/cases"
    assert old.headers["location"].startswith("/v1/cases/")
    path = old.headers["location"].removeprefix("/v1")
    assert client.get(path).content == client.get(successor(client.get(path))).content
    assert "deprecation" not in client.get(f"/v1{path}").headers


def test_deprecation_comes_before_the_sunset(client: TestClient) -> None:
    """RFC 9745: a date as a structured field; RFC 8594: an HTTP date, no earlier."""
    headers = client.get("/jobs?limit=1").headers
    since = dt.datetime.fromtimestamp(int(headers["deprecation"][1:]), dt.UTC)
    assert headers["deprecation"].startswith("@")
    assert since < parsedate_to_datetime(headers["sunset"])


@pytest.mark.parametrize("path", ["/jobs/none", "/jobs?x=2", "/batches/%0d%0aX: y"])
def test_errors_of_old_paths_have_the_headers_too(
    client: TestClient, path: str
) -> None:
    """A client that asks wrongly learns of the new path as well."""
    answer = client.get(path)
    assert answer.status_code in {404, 422}
    assert successor(answer).startswith("/v1/")
    assert "x" not in answer.headers


@pytest.mark.parametrize("path", ["/alive", "/health", "/metrics", "/openapi.json"])
def test_paths_for_monitoring_have_no_version(client: TestClient, path: str) -> None:
    """They are not deprecated, and not served under a version."""
    answer = client.get(path)
    assert answer.status_code in {200, 204, 503}
    assert not [name for name in DEPRECATION if name in answer.headers]
    assert client.get(f"/v1{path}").status_code == 404


def test_each_old_path_has_a_successor_and_is_not_described(client: TestClient) -> None:
    """The document lists each route once; what had no version before has a noun."""
    paths = client.get("/openapi.json").json()["paths"]
    nouns = {path.split("/")[2] for path in paths if path.startswith(f"{VERSION}/")}
    assert nouns >= NOUNS
    assert not [path for path in paths if path.split("/")[1] in NOUNS]
