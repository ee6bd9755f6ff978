"""A manager keeps a reserve for a period: plan, facts, orders, and planning again."""

from playwright.sync_api import Page, expect

from models.roles import Role
from tests.browser.office import Office, follow, press, two_materials


def test_a_reserve_goes_from_a_plan_through_a_period_to_the_next_plan(
    office: Office,
) -> None:
    """Each page says what is next, and leads there; the ledger has all of it."""
    plan = office.plan(two_materials())
    page = office.page_of(Role.MANAGER)
    page.goto(f"/console/plans/{plan}")
    follow(page, "Put it in force")
    page.get_by_label("Name of the reserve").fill("National stockpile")
    press(page, "Open the reserve")
    follow(page, "Enter what was observed")
    observe(page)
    press(page, "Enter the orders, and move on")
    expect(page.locator("#next")).to_have_text("Next: enter what was observed")
    plan_again(page)
    (reserve,) = office.get("/v1/reserves")["items"]
    entries = office.get(f"{reserve['entries_href']}?sort=oldest")["items"]
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
    expect(page.get_by_role("heading", name="Orders from")).to_be_visible()


def plan_again(page: Page) -> None:
    """Solve the new position, compare with the plan in force, and adopt the plan."""
    press(page, "Plan again from this position")
    press(page, "Compare plan")
    expect(page.get_by_text("All of the comparison")).to_be_visible()
    press(page, "Put plan")
    expect(page.locator("#plans ~ .card").first).to_contain_text("in force")
