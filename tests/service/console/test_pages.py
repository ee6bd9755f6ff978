"""Every page keeps to this server, and tells errors in the language of its reader."""

import re

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from service.app import create_app
from service.settings import Settings

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_a_page_runs_and_loads_nothing_but_files_of_this_server(
    browser: TestClient,
) -> None:
    """No style, no script and no handler stands in it."""
    answer = browser.get("/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "unsafe" not in policy
    assert (
        re.findall(r"<script(?![^>]* src=)|<style| style=|\son\w+=", answer.text) == []
    )
    for address in re.findall(r'(?:href|src)="([^"#]+)"', answer.text):
        assert address.startswith("/")
        assert browser.get(address).status_code in {200, 503}


def test_what_pages_load_is_kept_until_it_changes(browser: TestClient) -> None:
    """Its address has the version."""
    (sheet,) = re.findall(
        r'"(/console/assets/console.css\?[^"]+)"', browser.get("/").text
    )
    assert "immutable" in browser.get(sheet).headers["cache-control"]
    old = browser.get("/console/assets/console.css?v=old")
    assert old.headers["cache-control"] == "no-cache"
    assert browser.get("/console/assets/none.css").status_code == 404


def test_pages_are_found_behind_a_proxy(settings: Settings) -> None:
    """All that they lead to is below its path."""
    app = create_app(settings.model_copy(update={"root_path": "/vault"}))
    with TestClient(app, "http://localhost") as client:
        text = client.get("/vault/").text
        found = re.findall(r'(?:href|src|action)="([^"#]+)"', text)
        assert [x for x in found if not x.startswith("/vault/")] == []


def test_an_error_is_a_page(browser: TestClient) -> None:
    """It says what the problem document would."""
    wrong = {
        "/console": 404,
        "/console/nowhere": 404,
        "/console/jobs/none": 404,
        "/console/jobs?a=1": 422,
    }
    for path, status in wrong.items():
        answer = browser.get(path, headers={"X-Request-ID": "a-request"})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "a-request" in answer.text
        assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_an_address_that_is_none_is_a_page_for_browsers(browser: TestClient) -> None:
    """Programs get the problem document; so do browsers from the interface."""
    page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept in (page, "text/html"):
        answer = browser.get("/nowhere", headers={"Accept": accept})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "Accept" in answer.headers["vary"]
    programs = ("*/*", "application/json", "text/html;q=0.5, */*", "image/png")
    answers = [browser.get("/nowhere", headers={"Accept": x}) for x in programs]
    answers.append(browser.get("/v1/jobs/none", headers={"Accept": page}))
    for answer in answers:
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_path_of_a_proxy_leads_to_the_start_page(settings: Settings) -> None:
    """Also as people type it, without a slash, if the proxy passes it on."""
    app = create_app(settings.model_copy(update={"root_path": "/vault"}))
    with TestClient(app, "http://localhost", follow_redirects=False) as client:
        answer = client.get("/vault", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/vault/")
        assert client.get("/vault", headers={"Accept": "*/*"}).status_code == 404


def test_no_name_turns_the_text_around_it(
    browser: TestClient, instance: Instance
) -> None:
    """What hides in it is seen, also within a sentence of the page."""
    case = instance.model_copy(update={"name": "N\u202ename\x9b"})
    browser.post("/v1/cases", json=case.model_dump(mode="json"))
    (path,) = re.findall(
        r'"(/console/cases/\w{64})"', browser.get("/console/cases").text
    )
    job = browser.post(path).headers["location"]
    for shown in (path, job):
        page = browser.get(shown).text
        assert r"N\u202ename\x9b" in page
        assert "\u202e" not in page


def test_a_reader_chooses_the_language(browser: TestClient) -> None:
    """Else the browser prefers one."""
    japanese = {"Accept-Language": "ja-JP,ja;q=0.9,en;q=0.8"}
    assert '<html lang="en">' in browser.get("/").text
    assert '<html lang="ja">' in browser.get("/", headers=japanese).text
    chosen = {"language": "en", "next": "/console/jobs"}
    answer = browser.post("/console/language", data=chosen)
    assert answer.headers["location"] == "/console/jobs"
    assert '<html lang="en">' in browser.get("/", headers=japanese).text
