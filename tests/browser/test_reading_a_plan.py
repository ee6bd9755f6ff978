"""A manager reads a plan."""

from playwright.sync_api import Browser, expect

from models.roles import Role
from service.printing.quantities import money
from tests.browser.chromium import visit
from tests.browser.conftest import Sample
from tests.browser.signing_in import sign_in


def test_a_manager_comes_from_the_start_page_to_the_rules_of_a_plan(
    browser: Browser, sample: Sample
) -> None:
    """The page has the promise of the document, and sorts what is held."""
    plan = sample.server.get(f"/v1/plans/{sample.store.plan}")
    with visit(browser, sample.server.address) as visited:
        page = visited.page
        sign_in(page, sample.store.keys[Role.MANAGER])
        page.goto(f"/console/jobs/{sample.store.job}")
        page.get_by_role("link", name="To the plan").click()
        promised = money(plan["promise"]["expected_shortage_cost_usd"])
        expect(page.locator("dl.figures").first).to_contain_text(promised)
        held = page.get_by_role("table", name="What is held of each material")
        first = held.locator("tbody th").first
        expect(first).to_have_text("Alpha")
        held.get_by_role("button", name="Cost").click()
        expect(first).to_have_text("Beta")
        page.get_by_role("link", name="Alpha").click()
        expect(page.locator("#rule-alpha")).to_be_in_viewport()
        page.get_by_text("Rules in words").click()
        (sentence,) = [x["text"] for x in plan["levels"][0]["tranches"]]
        expect(page.get_by_text(sentence)).to_be_visible()
