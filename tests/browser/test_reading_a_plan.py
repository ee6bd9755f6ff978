"""A manager reads a plan."""

from playwright.sync_api import expect

from models.roles import Role
from service.printing.quantities import money
from tests.browser.office import Office, follow, two_materials
from tests.browser.signing_in import sign_in


def test_a_manager_comes_from_the_start_page_to_the_rules_of_a_plan(
    office: Office,
) -> None:
    """The page has the promise of the document, and sorts what is held."""
    plan = office.get(f"/v1/plans/{office.plan(two_materials())}")
    page = office.page()
    sign_in(page, office.key(Role.MANAGER))
    follow(page, "Two materials")
    follow(page, "To the plan")
    promised = money(plan["promise"]["expected_shortage_cost_usd"])
    expect(page.locator("dl.figures").first).to_contain_text(promised)
    held = page.get_by_role("table", name="What is held of each material")
    first = held.locator("tbody th").first
    expect(first).to_have_text("Alpha")
    held.get_by_role("button", name="Cost").click()
    expect(first).to_have_text("Beta")
    follow(page, "Alpha")
    expect(page.locator("#rule-alpha")).to_be_in_viewport()
    page.get_by_text("Rules in words").click()
    (sentence,) = [x["text"] for x in plan["levels"][0]["tranches"]]
    expect(page.get_by_text(sentence)).to_be_visible()
