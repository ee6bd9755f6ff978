"""An analyst builds a grid of what-ifs, watches it fill, and compares two plans."""

from playwright.sync_api import expect

from models.roles import Role
from tests.browser.office import Office, follow, press, two_materials


def test_a_grid_is_built_watched_and_two_of_its_plans_compared(office: Office) -> None:
    """A path that is none is told beside its field; the page fills by itself."""
    case = office.post("/v1/cases", two_materials())["hash"]
    page = office.page_of(Role.ANALYST)
    page.goto(f"/console/cases/{case}")
    follow(page, "Ask what-if questions")
    path, values = page.get_by_label("Path in the case"), page.get_by_label("Values")
    path.first.fill("financing.loans.limit_usd")
    values.first.fill("1e6, 3e6")
    press(page, "Solve all of them")
    expect(path.first).to_have_attribute("aria-invalid", "true")
    expect(values.first).to_have_value("1e6, 3e6")
    path.first.fill("financing.loan.limit_usd")
    page.get_by_label("Name of the batch").fill("Loans")
    press(page, "Solve all of them")
    expect(page.get_by_role("heading", level=1)).to_have_text("Loans")
    expect(page.get_by_text("3 of 3 have ended")).to_be_visible()
    expect(page.get_by_text("in the Pareto set").first).to_be_visible()
    variants = page.get_by_role("table", name="Variants and their plans")
    expect(variants).to_contain_text("▲ better")
    expect(variants).to_contain_text("▼ worse")
    page.reload()
    page.get_by_label("From the plan of").select_option("1")
    page.get_by_label("To the plan of").select_option("2")
    press(page, "Compare these plans")
    follow(page, "To the answer")
    expect(page.locator("main")).to_contain_text("Beta")
