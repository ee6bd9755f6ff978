"""A manager conducts a round of rights, in which planners take part."""

from playwright.sync_api import Locator, Page, expect

from models.roles import Role
from tests.browser.office import Json, Office, follow, is_refused, press, two_materials

ROUND = "Rights of 2027"


def test_planners_offer_unseen_and_see_what_they_are_awarded(office: Office) -> None:
    """What one offers, changes or withdraws, no other sees, nor is awarded."""
    case = office.post("/v1/cases", two_makers())["hash"]
    manager = office.page_of(Role.MANAGER)
    manager.goto(f"/console/cases/{case}/round")
    open_round(manager)
    maker = office.page_of(Role.PARTICIPANT_PLANNER, "maker")
    rival = office.page_of(Role.PARTICIPANT_PLANNER, "rival")
    make_offers(maker, rival)
    manager.reload()
    expect(manager.get_by_role("table", name="Offers of all")).to_have_count(0)
    publish_awards(manager)
    maker.reload()
    awards = maker.get_by_role("table", name="What became of the own offers")
    expect(awards).to_contain_text("alpha-right")
    rival.reload()
    expect(rival.get_by_text("No own offer stood")).to_be_visible()
    expect(rival.locator("main")).not_to_contain_text("Maker")
    is_refused(rival, manager.url)


def two_makers() -> Json:
    """Return the case with a second maker, of the second good."""
    case = two_materials()
    rival = case["participants"][0] | {"id": "rival", "name": "Rival"}
    case["participants"].append(rival)
    case["products"][1]["participant"] = "rival"
    return case


def open_round(page: Page) -> None:
    """Open a round of two rights, at first without a name for one."""
    page.get_by_label("Name of the round").fill(ROUND)
    page.get_by_label("Offers are taken until").fill("2099-06-30T17:00")
    press(page, "Add a right")
    for number, material in enumerate(("alpha", "beta"), 1):
        right = page.get_by_role("group", name=f"Right {number}")
        right.get_by_label("Name").fill(f"{material}-right")
        right.get_by_label("Material").select_option(material)
        right.get_by_placeholder("1.03").fill("1.03")
        right.get_by_label("Upfront fee").fill("0.04")
        right.get_by_label("Most lots").fill("40")
    press(page, "Open the round")
    expect(page.get_by_role("heading", level=1)).to_have_text(ROUND)


def make_offers(maker: Page, rival: Page) -> None:
    """Have one planner change an offer, and another one withdraw what it offered."""
    for planner in (maker, rival):
        planner.goto("/console/own/rounds")
        follow(planner, ROUND)
    offer(maker, "alpha-right", "7")
    offer(maker, "alpha-right", "9")
    offer(rival, "beta-right", "5")
    press(rival, "Withdraw the offer for beta-right")
    expect(own_offers(rival)).to_contain_text("withdrawn")
    expect(own_offers(maker).locator("tbody tr")).to_have_count(1)


def publish_awards(page: Page) -> None:
    """Close the round, solve the case with all offers, and publish its awards."""
    here = page.url
    press(page, "Close the round now")
    expect(page.get_by_role("table", name="Offers of all")).to_contain_text("Maker")
    press(page, "Solve the case with all offers")
    expect(page.get_by_role("link", name="To the plan")).to_be_visible()
    page.goto(here)
    press(page, "Publish these awards")
    holdings = page.get_by_role("table", name="What each participant has")
    expect(holdings).to_contain_text("alpha-right")


def offer(page: Page, right: str, lots: str) -> None:
    """Make or change an offer."""
    card = page.locator("section.card").filter(has_text=right)
    card.get_by_label("At most, lots").fill(lots)
    card.locator("button.primary").click()
    expect(own_offers(page)).to_contain_text(lots)


def own_offers(page: Page) -> Locator:
    """Return the table of the own offers."""
    return page.get_by_role("table", name="Offers, also withdrawn ones")
