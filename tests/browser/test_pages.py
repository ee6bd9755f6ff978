"""Pages can be used by everybody, ask no other host and break no policy."""

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import LOOKS, visit
from tests.journeys.server import Server


@pytest.mark.parametrize("path", ["/", "/docs/problems"])
def test_pages_can_be_used_by_everybody(
    browser: Browser, empty_server: Server, path: str
) -> None:
    """Axe finds nothing against WCAG 2.2 AA, at both widths, light and dark."""
    with visit(browser, empty_server.address) as visited:
        visited.page.goto(path)
        found: list[str] = []
        for look in LOOKS:
            visited.look(look)
            found += [f"{look.name}: {x}" for x in visited.violations()]
        assert found == []
