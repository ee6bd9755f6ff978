"""Pages of the documentation are read in the console."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from service.console.documentation import QUESTIONS, HelpPage, written
from service.console.documentation_search import found
from tests.house.conftest import ROOT


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_every_page_of_help_is_led_to(browser: TestClient) -> None:
    """And nothing else: a page that does not exist is a mistake of the address."""
    found = re.findall(
        r'/console/help\?page=([\w-]+)"', browser.get("/console/help").text
    )
    assert found == list(HelpPage)
    assert browser.get("/console/help?page=none").status_code == 422
    page = browser.get("/console/help?page=commands")
    assert page.status_code == 200
    assert "<h2 id=" in page.text


def test_links_of_help_lead_to_headings_and_pages_that_are_there() -> None:
    """Those to files that are not installed lead nowhere."""
    names = {x: set(re.findall(r'<h\d id="([^"]+)"', written(x))) for x in HelpPage}
    wrong: list[str] = []
    for page in HelpPage:
        for link in re.findall(r'href="([^"]*)"', written(page)):
            target = unescape(link)
            if target.startswith(("http:", "https:")):
                continue
            address, _, heading = target.partition("#")
            other = HelpPage(address.rpartition("=")[2]) if address else page
            if heading and heading not in names[other]:
                wrong.append(f"{page}: {target}")
    assert wrong == []


def test_every_page_of_the_map_is_a_page_of_help() -> None:
    """README names what to read next."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = readme.partition("## What to read next")
    named = set(re.findall(r"\]\(([^)]+\.md)\)", rest.partition("## ")[0]))
    assert named <= {file for _, file in QUESTIONS.values()}


def test_a_search_finds_sections_with_all_words() -> None:
    """Those whose heading has a word come first; nothing of a query is markup."""
    best = found("dry-run  BATCH")[0]
    assert "<mark>" in best.excerpt
    for place in found("alert LEVEL"):
        text = f"{place.section.heading} {place.section.text}".casefold()
        assert ("alert" in text, "level" in text) == (True, True)
    assert found("   ") == found("no-such-word-anywhere") == []
    assert [x for x in found("<script> <") if "<script" in x.excerpt] == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_what_is_found_leads_to_its_heading(browser: TestClient) -> None:
    """The page says that its text is English, also to Japanese readers."""
    japanese = {"Accept-Language": "ja"}
    answer = browser.get("/console/help?q=back+up", headers=japanese)
    link = re.findall(r'href="(/console/help\?page=[\w-]+#[^"]+)"', answer.text)[0]
    page, _, anchor = unescape(link).partition("#")
    shown = browser.get(page, headers=japanese).text
    assert f'id="{anchor}"' in shown
    assert "英語" in shown
    nothing = browser.get("/console/help?q=%3Cb%3E%22", headers=japanese)
    assert (nothing.status_code, "<b>" in nothing.text) == (200, False)
