"""An auditor reads who did what."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.store.database import Database

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def numbers(page: str) -> list[int]:
    """Return the numbers of the entries that a page shows."""
    return [int(x) for x in re.findall(r'<tr>\s*<td class="number".*?>(\d+)<', page)]


def test_the_log_is_shown_in_pages_by_actor_verb_and_noun(browser: TestClient) -> None:
    """Filters that are empty are none; what is named leads to its page."""
    job = browser.post("/console/cases", data={"case": "two_materials"})
    browser.post(job.headers["location"] + "/cancel")
    whole = browser.get("/console/audit").text
    assert f'href="{job.headers["location"]}"' in whole
    logged = browser.get("/v1/audit").json()["items"]
    assert numbers(whole) == [x["number"] for x in logged]
    cancelled = browser.get("/console/audit?actor=&verb=cancel&noun=job").text
    (number,) = [x["number"] for x in logged if x["verb"] == "cancel"]
    assert numbers(cancelled) == [number]
    first = browser.get("/console/audit?limit=1&actor=anonymous").text
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = browser.get(unescape(following)).text
    assert numbers(first) + numbers(second) == numbers(whole)[:2]
    assert "No entry is like that." in browser.get("/console/audit?noun=plan").text


def test_the_chain_is_checked_when_asked(
    browser: TestClient, database: Database
) -> None:
    """A whole chain shows its last hash; an entry that was changed is named."""
    job = browser.post("/console/cases", data={"case": "two_materials"})
    browser.post(job.headers["location"] + "/cancel")
    latest = browser.get("/v1/audit").json()["items"][0]
    assert "The chain is whole" not in browser.get("/console/audit").text
    whole = browser.get("/console/audit?check=true").text
    assert "The chain is whole" in whole
    assert f"<code>{latest['chain_hash']}</code>" in whole
    assert f"Verified up to entry {latest['number']} at" in whole
    first = browser.get("/v1/audit?sort=oldest").json()["items"][0]
    noted = browser.get(f"/console/audit?noted=%20{first['chain_hash'].upper()}").text
    assert "still contains the hash that you noted, at entry 1." in noted
    lost = browser.get(f"/console/audit?check=true&noted={'f' * 64}").text
    assert "The hash that you noted is not in the chain" in lost
    typed = browser.get("/console/audit?check=true&noted=abc")
    assert typed.status_code == 422
    assert 'value="abc"' in typed.text
    with database.engine.begin() as connection:
        # What protects entries from all but whoever has the file.
        connection.execute(text("DROP TRIGGER auditentry_UPDATE"))
        connection.execute(
            text("UPDATE auditentry SET actor = 'nobody' WHERE number = :number"),
            {"number": latest["number"]},
        )
    broken = browser.get("/console/audit?check=true").text
    assert "The chain is broken" in broken
    assert f"Entry {latest['number']} is not as it was entered" in broken
