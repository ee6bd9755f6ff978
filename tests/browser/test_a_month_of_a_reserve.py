"""A manager keeps a reserve for a period: plan, facts, orders, and planning again."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from service.casefiles import load
from tests.browser.chromium import visit
from tests.journeys.server import running_server
from tests.service.waiting import CEILING_S

CEILING_MS = CEILING_S * 1000


def press(page: Page, name: str) -> None:
    """Press a button as soon as it is there."""
    page.get_by_role("button", name=name).first.click(timeout=CEILING_MS)


def test_a_reserve_goes_from_a_plan_through_a_period_to_the_next_plan(
    browser: Browser, tmp_path: Path
) -> None:
    """Each page says what is next, and leads there; the ledger has all of it."""
    case = load("two_materials")
    with running_server(tmp_path / "data") as server:
        stored = server.post("/v1/cases", case)["hash"]
        with visit(browser, server.address) as visited:
            page = visited.page
            page.goto(f"/console/cases/{stored}")
            press(page, "Solve")
            page.get_by_role("link", name="To the plan").click(timeout=CEILING_MS)
            page.get_by_role("link", name="Put it in force").click()
            page.get_by_label("Name of the reserve").fill("National stockpile")
            press(page, "Open the reserve")
            page.get_by_role("link", name="Enter what was observed").click()
            observe(page)
            press(page, "Enter the orders, and move on")
            expect(page.locator("#next")).to_have_text("Next: enter what was observed")
            plan_again(page)
            (reserve,) = server.get("/v1/reserves")["items"]
        entries = server.get(f"{reserve['entries_href']}?sort=oldest")["items"]
    kinds = ["position", "plan", "observation", "orders", "position", "plan"]
    assert [x["kind"] for x in entries] == kinds


def observe(page: Page) -> None:
    """Enter a price that is refused beside its field, and then one that is none."""
    price = page.get_by_label("Mean price of Alpha")
    price.fill("much")
    press(page, "Enter it, and work out the orders")
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(price).to_have_value("much")
    price.fill("1100")
    press(page, "Enter it, and work out the orders")
    expect(page.get_by_role("heading", name="Orders from")).to_be_visible(
        timeout=CEILING_MS
    )


def plan_again(page: Page) -> None:
    """Solve the new position, compare with the plan in force, and adopt the plan."""
    press(page, "Plan again from this position")
    press(page, "Compare plan")
    expect(page.get_by_text("All of the comparison")).to_be_visible(timeout=CEILING_MS)
    page.get_by_role("button", name="Put plan").click()
    expect(page.locator("#plans ~ .card").first).to_contain_text("in force")
