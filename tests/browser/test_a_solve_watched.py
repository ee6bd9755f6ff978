"""An analyst watches a solve, stops it when it is good enough, and cancels another."""

from playwright.sync_api import Page, expect

from models.roles import Role
from service.casefiles import load
from tests.browser.office import Office, follow, press


def test_a_solve_is_watched_and_stopped_and_another_one_cancelled(
    office: Office,
) -> None:
    """The page fills by itself; the best plan so far is kept, if there is one."""
    case = office.post("/v1/cases", load("magnets"))["hash"]
    page, other = office.page_of(Role.ANALYST), office.page_of(Role.ANALYST)
    for opened, seed in ((page, "1"), (other, "2")):
        opened.goto(f"/console/cases/{case}")
        order_long_solve(opened, seed)
    state = other.locator("#job .state").first
    expect(state).to_have_text("queued")
    press(other, "Cancel this job")
    expect(state).to_have_text("cancelled")
    expect(other.get_by_role("link", name="Best plan so far")).to_have_count(0)
    press(page, "Good enough, stop here")
    expect(page.locator("#job .state").first).to_have_text("cancelled")
    expect(page.locator("figure svg:visible")).to_have_count(1)
    follow(page, "Best plan so far")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan for Magnets")


def order_long_solve(page: Page, seed: str) -> None:
    """Order a solve that has a plan after seconds, and proves it after many more."""
    page.get_by_label("Number of scenarios").fill("12")
    page.get_by_label("Gap at which to stop").fill("0")
    page.get_by_label("Seed").fill(seed)
    press(page, "Solve")
