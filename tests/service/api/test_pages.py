"""Pages for people: they ask no other host, and run nothing but files of the server."""

import re

import pytest
from fastapi.testclient import TestClient

from service.api.problem_types import known_types
from service.app import create_app
from service.settings import Settings

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
PATHS = ("/docs", "/docs/problems")


def addresses(text: str) -> list[str]:
    """Return what a page links to and loads."""
    return re.findall(r'(?:href|src)="([^"]+)"', text)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_needs_only_this_server(client: TestClient, path: str) -> None:
    """All that it links to and loads is there; nothing is run that stands in it."""
    answer = client.get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert (
        re.findall(r"<script(?![^>]* src=)|<style|style=|\son\w+=", answer.text) == []
    )
    found = addresses(answer.text)
    assert all(address.startswith("/") for address in found)
    assert {client.get(x).status_code for x in found} <= {200, 503}


def test_the_type_of_a_problem_leads_to_its_description(client: TestClient) -> None:
    """Each type has its anchor, once."""
    page, _, anchor = client.get("/v1/jobs/none").json()["type"].partition("#")
    anchors = re.findall(r'id="([^"]+)"', client.get(page).text)
    assert anchor in anchors
    assert sorted(anchors) == sorted(known_types())


@pytest.mark.parametrize("is_removed", [True, False])
def test_pages_are_found_behind_a_proxy(settings: Settings, is_removed: bool) -> None:  # noqa: FBT001
    """Whether it passes its own part of the path on or not."""
    app = create_app(settings.model_copy(update={"root_path": "/vault"}))
    with TestClient(app, "http://localhost") as client:
        for address in addresses(client.get("/docs").text):
            sent = address.removeprefix("/vault") if is_removed else address
            assert address.startswith("/vault/")
            assert client.get(sent).status_code == 200


def test_assets_are_asked_for_once(client: TestClient) -> None:
    """Then the browser has them, until they change."""
    first = client.get("/docs/assets/pages.css")
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/docs/assets/pages.css", headers=known).status_code == 304
