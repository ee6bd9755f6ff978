"""An administrator adds an account, and makes and revokes a key of it."""

from playwright.sync_api import expect

from tests.browser.office import Office, follow, press
from tests.browser.signing_in import sign_in


def test_a_key_is_shown_once_used_and_revoked(office: Office) -> None:
    """Its owner works with it until then, and is refused afterwards."""
    page = office.page_of_operator()
    page.goto("/console/accounts")
    page.get_by_label("Name", exact=True).first.fill(f"analyst of {office.name}")
    page.get_by_label("Role").select_option("analyst")
    page.get_by_label("Organisation").select_option(office.name)
    press(page, "Add the account")
    press(page, "Make a key")
    key = page.locator("#key").inner_text()
    follow(page, "I have copied it")
    expect(page.locator("body")).not_to_contain_text(key)
    owner = office.page()
    sign_in(owner, key)
    press(owner, "Solve Two materials")
    follow(owner, "To the plan")
    plan = owner.url
    press(page, "Revoke the key")
    expect(page.get_by_role("table", name="Keys")).to_contain_text("revoked")
    owner.goto(plan)
    expect(owner.get_by_role("heading", level=1)).to_have_text("Sign in")
    owner.get_by_label("Key").fill(key)
    press(owner, "Sign in")
    expect(owner.get_by_text("This key is not valid, or no longer.")).to_be_visible()
