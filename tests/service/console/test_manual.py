"""Pages of the documentation are read in the console."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from service.console.manual import HelpPage, written


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
