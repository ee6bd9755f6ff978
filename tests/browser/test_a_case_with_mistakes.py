"""An analyst uploads a case with mistakes, mends it, and edits it in forms."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from models.roles import Role
from tests.browser.office import Office, follow, press, two_materials


def test_a_case_is_mended_stored_edited_and_compared(
    office: Office, tmp_path: Path
) -> None:
    """All mistakes are told at once, nothing typed is lost, and versions differ."""
    page = office.page_of(Role.ANALYST)
    page.goto("/console/cases")
    case = two_materials()
    case["participants"][0]["working_buffer_days"] = -1
    case["materials"][1]["price_usd_per_tonne"] = -1
    upload(page, tmp_path / "case.json", json.dumps(case))
    mistakes = page.get_by_role("table", name="2 mistakes in the case")
    expect(mistakes).to_contain_text("materials[beta].price_usd_per_tonne")
    assert office.get("/v1/cases")["items"] == []
    upload(page, tmp_path / "mended.json", json.dumps(two_materials()))
    follow(page, "Edit as a new case")
    limit = page.get_by_role("textbox", name="Free loan Limit")
    limit.fill("much")
    press(page, "Store as a new case")
    expect(limit).to_have_attribute("aria-invalid", "true")
    expect(limit).to_have_value("much")
    limit.fill("2e6")
    page.get_by_label("Name", exact=True).fill("A larger loan")
    press(page, "Store as a new case")
    follow(page, "from the one before")
    row = page.get_by_role("row").filter(has_text="financing.facilities")
    expect(row.locator("td")).to_have_text(
        ["1,500,000", "2,000,000", "financing.facilities[loan].limit_usd"]
    )
    follow(page, "A larger loan")
    press(page, "Solve")
    follow(page, "To the plan")
    expect(page.locator("dl.figures").first).to_contain_text("of $2.00 m")


def upload(page: Page, file: Path, text: str) -> None:
    """Upload a file with that text."""
    file.write_text(text)
    page.get_by_label("File").set_input_files(file)
    press(page, "Store the case")
