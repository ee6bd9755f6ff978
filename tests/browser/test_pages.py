"""Pages can be used by everybody, ask no other host and break no policy."""

import pytest
from playwright.sync_api import Browser, expect

from models.roles import Role
from tests.browser.chromium import COLOUR_RULES, LOOKS, RULES, Visit, visit
from tests.browser.conftest import Sample
from tests.browser.shown_pages import DIFFERENT, addresses, reader_of
from tests.browser.signing_in import sign_in_unseen
from tests.journeys.server import Server


@pytest.mark.parametrize("name", DIFFERENT)
def test_pages_can_be_used_by_everybody(
    visited: Visit, sample: Sample, name: str
) -> None:
    """Axe finds nothing against WCAG 2.2 AA, at both widths, light and dark."""
    key = sample.store.keys[reader_of(name)]
    sign_in_unseen(visited.page.context, key)
    answer = visited.page.goto(addresses(sample.store)[name])
    assert answer is not None
    assert answer.status == 200  # else it would be the page of an error
    found: list[str] = []
    for look in LOOKS:
        visited.look(look)
        rules = RULES if look.scheme == "light" else COLOUR_RULES
        found += [f"{look.name}: {x}" for x in visited.violations(rules)]
    assert found == []


def test_a_new_key_can_be_copied_by_everybody(visited: Visit, sample: Sample) -> None:
    """The page that shows it is the answer to a form, and has no address."""
    page = visited.page
    key = sample.store.keys[Role.ADMINISTRATOR]
    sign_in_unseen(page.context, key)
    page.goto(f"/console/accounts?account={Role.AUDITOR}")
    assert visited.violations() == []
    page.get_by_role("button", name="Make a key", exact=True).click()
    expect(page.locator("#key")).to_be_visible()
    assert visited.violations() == []


@pytest.mark.parametrize("path", ["/", "/docs/problems"])
def test_pages_without_anything_to_show_can_be_used_by_everybody(
    browser: Browser, empty_server: Server, path: str
) -> None:
    """The start page of an empty store, and pages beside the console."""
    with visit(browser, empty_server.address) as visited:
        visited.page.goto(path)
        assert visited.violations() == []
