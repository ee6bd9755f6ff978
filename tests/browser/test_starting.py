"""A new reader begins: solves a case that ships, reads, questions and changes it."""

from playwright.sync_api import expect

from models.roles import Role
from tests.browser.office import Office, follow, press
from tests.browser.signing_in import sign_in


def test_a_new_reader_is_led_through_four_steps(office: Office) -> None:
    """An empty store says what to do; each step is done where the tour says."""
    page = office.page()
    title = page.get_by_role("heading", level=1)
    sign_in(page, office.key(Role.ANALYST))
    steps = page.locator("ol.steps strong")
    expect(steps).to_have_text(["Solve", "Read", "Question", "Change"])
    press(page, "Solve Two materials")
    follow(page, "To the plan")
    expect(title).to_have_text("Plan for Two materials")
    press(page, "What the plan costs on 10,000 fresh scenarios")
    follow(page, "To the evaluation")
    expect(title).to_have_text("Evaluation on fresh scenarios")
    page.locator(".crumbs a").click()
    follow(page, "Two materials")
    follow(page, "Edit as a new case")
    page.get_by_role("textbox", name="Free loan Limit").fill("3,000,000")
    page.get_by_label("Name", exact=True).fill("Enough for both")
    press(page, "Store as a new case")
    press(page, "Solve")
    follow(page, "To the plan")
    expect(page.locator("dl.figures").first).to_contain_text("of $3.00 m")
    page.goto("/")
    expect(steps).to_have_count(0)
    solved = page.get_by_role("table", name="Solves that succeeded")
    expect(solved.locator("td a")).to_have_text(["Enough for both", "Two materials"])
