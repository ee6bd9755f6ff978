"""An entry is corrected by another one, and the chain of the ledger is checked."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from service.api.context import Context
from tests.service.console.opened_reserve import Opened, entries, hidden

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def form_of(browser: TestClient, opened: Opened, number: int) -> str:
    """Return where the correction of an entry is, as the page of the entry says."""
    entry = entries(browser, opened)[number - 1]
    page = browser.get(f"{opened.page}/entries/{entry['hash']}").text
    (found,) = re.findall(r'"(/console/[^"]+/correction)"', page)
    return found


def test_an_entry_is_taken_back_with_a_reason(
    browser: TestClient, opened: Opened
) -> None:
    """The plan is in force no more; the page of the correction leads to the same."""
    address = form_of(browser, opened, 2)
    fields = hidden(browser.get(address).text)
    said = {"reason": "By mistake.", "what": "nothing"}
    answer = browser.post(address, data=fields | said)
    assert (answer.status_code, answer.headers["location"]) == (303, opened.page)
    assert "Next: put a plan in force" in browser.get(opened.page).text
    assert form_of(browser, opened, 3) == address
    # Who has not seen that entry is told so, and keeps what was typed.
    answer = browser.post(address, data=fields | said)
    assert answer.status_code == 409
    assert 'value="By mistake."' in answer.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["reason", "what"]),
        ({"reason": "So.", "what": "other", "plan": ""}, ["plan"]),
        ({"what": "other", "plan": "0" * 64}, ["reason"]),
        ({"reason": "So.", "what": "other", "plan": "0" * 64}, ["plan"]),
    ],
)
def test_mistakes_stand_beside_their_fields(
    browser: TestClient, opened: Opened, fields: dict[str, str], wrong: list[str]
) -> None:
    """What was typed is still there, and nothing is entered."""
    address = form_of(browser, opened, 2)
    given = hidden(browser.get(address).text) | fields
    answer = browser.post(address, data=given)
    assert answer.status_code == 422
    assert re.findall(r'class="error" id="(\w+)-error"', answer.text) == wrong
    for name in ("reason", "plan"):
        assert (
            f'name="{name}" type="text" value="{fields.get(name, "")}"' in answer.text
        )
    assert len(entries(browser, opened)) == 2


def test_the_chain_of_a_ledger_is_checked(
    browser: TestClient, context: Context, opened: Opened
) -> None:
    """It is whole, until something else than the service changes an entry."""
    address = f"{opened.page}/ledger"
    assert "The chain is whole" in browser.get(address).text
    with Session(context.database.engine) as session:
        session.connection().execute(text("DROP TRIGGER reserveentry_UPDATE"))
        session.connection().execute(
            text("UPDATE reserveentry SET account = 'x' WHERE number = 1")
        )
        session.commit()
    page = browser.get(address).text
    assert "The chain is broken" in page
    assert "Entry 1 is not as it was entered" in page
