"""Receivers of events are made, given another secret and forgotten on pages."""

import re

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
PAGE = "/console/webhooks"
GIVEN = {
    "url": "https://hooks.example.com/",
    "name": "Dashboard",
    "event-job.failed": "job.failed",
}


def secret_in(page: str) -> str:
    """Return the secret that a page shows."""
    return re.findall(r'<code id="secret">(whsec_[^<]+)</code>', page)[0]


def test_a_receiver_is_made_tried_and_forgotten(browser: TestClient) -> None:
    """Its secret is shown once, and another one beside it for the hours given."""
    made = browser.post(PAGE, data=GIVEN)
    assert made.headers["cache-control"] == "no-store"
    secret = secret_in(made.text)
    (webhook,) = browser.get("/v1/webhooks").json()["items"]
    assert webhook["events"] == ["job.failed"]
    own = f"{PAGE}/{webhook['id']}"
    assert own in browser.get(PAGE).text
    assert browser.post(f"{own}/ping").headers["location"] == own
    page = browser.get(own).text
    assert "webhook.ping" in page  # of what was sent
    assert secret not in page
    rotated = browser.post(f"{own}/rotate", data={"overlap_hours": "2"})
    assert secret_in(rotated.text) != secret
    assert "Requests are signed with the secret before" in browser.get(own).text
    browser.post(f"{own}/switch", data={"is_enabled": "false"})
    assert not browser.get(f"/v1/webhooks/{webhook['id']}").json()["is_enabled"]
    assert browser.post(f"{own}/deletion").headers["location"] == PAGE
    assert browser.get(own).status_code == 404


def test_what_is_wrong_is_told_beside_what_was_typed(browser: TestClient) -> None:
    """All at once; nothing is made."""
    refused = browser.post(PAGE, data=GIVEN | {"url": "http://10.0.0.1/"})
    assert refused.status_code == 422
    assert 'value="http://10.0.0.1/"' in refused.text
    assert 'id="url-error"' in refused.text
    assert browser.get("/v1/webhooks").json()["items"] == []
