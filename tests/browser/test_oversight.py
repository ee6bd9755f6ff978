"""A financing officer and an auditor look into a plan that others made."""

from playwright.sync_api import expect

from models.roles import Role
from tests.browser.office import Office, follow, is_refused, press, two_materials


def test_an_officer_and_an_auditor_see_what_is_theirs(office: Office) -> None:
    """Each gets the own answer and file; what is not theirs is refused."""
    plan = f"/console/plans/{office.plan(two_materials())}"
    officer = office.page_of(Role.FINANCING_OFFICER)
    officer.goto(plan)
    press(officer, "What a lender asks")
    follow(officer, "To the answer")
    expect(officer.locator("main")).to_contain_text("Covenants")
    expect(officer.get_by_role("link", name="Audit log")).to_have_count(0)
    is_refused(officer, "/console/audit")
    auditor = office.page_of(Role.AUDITOR)
    auditor.goto(plan)
    expect(auditor.get_by_role("button", name="What a lender asks")).to_have_count(0)
    press(auditor, "The file for an auditor")
    follow(auditor, "To the answer")
    expect(auditor.get_by_text("Every check passed")).to_be_visible()
    with auditor.expect_download() as download:
        follow(auditor, "dossier")
    assert download.value.path().stat().st_size > 0
    follow(auditor, "Audit log")
    press(auditor, "Check the whole chain now")
    expect(auditor.get_by_text("The chain is whole")).to_be_visible()
    is_refused(auditor, "/console/accounts")
