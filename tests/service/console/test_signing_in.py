"""A browser is signed in with a key, for a time; nobody else can use that."""

import datetime as dt

import pytest
from fastapi.testclient import TestClient
from sqlmodel import func, select

from models.tables import BrowserSession
from service.api.context import Context
from service.api.identity import SESSION_COOKIE
from service.api.rate_limits import WRONG_KEYS_OF_ADDRESS
from service.identity.authentication import SESSION_LASTS
from tests.service.console.conftest import ORIGIN
from tests.service.identity.conftest import Accounts

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_a_store_without_accounts_needs_no_signing_in(browser: TestClient) -> None:
    """Its form leads to the start."""
    assert browser.get("/").status_code == 200
    assert browser.get("/console/sign-in").headers["location"] == "/"


def test_whoever_is_not_signed_in_is_led_to_the_form(
    browser: TestClient, accounts: Accounts
) -> None:
    """And from there to where they were going."""
    accounts.add("manager")
    asked = browser.get("/console/jobs?state=FAILED")
    assert asked.status_code == 303
    form = browser.get(asked.headers["location"]).text
    assert 'name="next" value="/console/jobs?state=FAILED"' in form
    sent = {"key": accounts.key("manager").text, "next": "/console/jobs?state=FAILED"}
    answer = browser.post("/console/sign-in", data=sent)
    assert answer.headers["location"] == "/console/jobs?state=FAILED"
    assert browser.get("/console/jobs?state=FAILED").status_code == 200


def test_a_link_of_another_site_leads_to_the_page(signed_in: TestClient) -> None:
    """The browser keeps its cookie back at first, and sends it when asked by us."""
    token = signed_in.cookies[SESSION_COOKIE]
    signed_in.cookies.clear()
    followed = {"Sec-Fetch-Site": "cross-site"}
    answer = signed_in.get("/console/jobs?state=FAILED", headers=followed)
    assert 'content="0; url=/console/jobs?state=FAILED"' in answer.text
    again = {"Sec-Fetch-Site": "same-origin"}
    form = signed_in.get("/console/jobs", headers=again).headers["location"]
    assert form.startswith("/console/sign-in?")
    signed_in.cookies.set(SESSION_COOKIE, token)
    assert signed_in.get("/console/jobs", headers=again).status_code == 200


def test_the_page_after_a_form_knows_where_the_reader_was(
    browser: TestClient,
) -> None:
    """The language changes there, not at the address of the form."""
    came_from = {"Referer": "http://localhost/console/jobs?state=FAILED"}
    answer = browser.post("/console/jobs/none/cancel", headers=came_from)
    assert answer.status_code == 404
    assert 'name="next" value="/console/jobs?state=FAILED"' in answer.text


def test_the_cookie_is_for_this_server_alone(
    browser: TestClient, accounts: Accounts
) -> None:
    """No script reads it, no other site sends it, and https keeps to itself."""
    accounts.add("manager")
    key = {"key": accounts.key("manager").text}
    cookie = browser.post("/console/sign-in", data=key).headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    parts = {x.strip() for x in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= parts
    assert "Secure" not in parts
    secure = {"Origin": "https://vault.example", "Host": "vault.example"}
    cookie = browser.post("/console/sign-in", data=key, headers=secure)
    assert "Secure" in cookie.headers["set-cookie"]


def test_nobody_is_led_elsewhere(browser: TestClient, accounts: Accounts) -> None:
    """Whatever an address in a message says."""
    accounts.add("manager")
    sent = {"key": accounts.key("manager").text}
    for target in ("//other.example", "https://other.example", "/\\other", "/\t/x"):
        answer = browser.post("/console/sign-in", data={**sent, "next": target})
        assert answer.headers["location"] == "/"


def test_a_wrong_key_is_told_so_and_not_often(
    browser: TestClient, accounts: Accounts
) -> None:
    """After some, the address has to wait; a key that is right had been accepted."""
    accounts.add("manager")
    wrong = {"key": "strongroom_000000000000_wrong"}
    for _ in range(WRONG_KEYS_OF_ADDRESS):
        answer = browser.post("/console/sign-in", data=wrong)
        assert answer.status_code == 401
        assert "This key is not valid" in answer.text
    right = {"key": accounts.key("manager").text}
    answer = browser.post("/console/sign-in", data=right)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_the_session_reads_the_interface_and_changes_nothing_in_it(
    signed_in: TestClient,
) -> None:
    """Downloads are links; what changes something needs the key itself."""
    assert signed_in.get("/v1/whoami").json()["name"] == "manager"
    assert signed_in.head("/v1/jobs").status_code == 200
    assert signed_in.post("/v1/cases", json="two_materials").status_code == 401
    assert {"manager"} == {signed_in.get("/v1/whoami").json()["name"]}


def test_a_session_ends_with_its_key(browser: TestClient, accounts: Accounts) -> None:
    """Or with its account."""
    for name in ("one", "two"):
        accounts.add(name)
        key = accounts.key(name)
        browser.post("/console/sign-in", data={"key": key.text})
        assert browser.get("/console/jobs").status_code == 200
        accounts.revoke(key) if name == "one" else accounts.disable(name)
        assert browser.get("/console/jobs").status_code == 303
        assert browser.get("/v1/jobs").status_code == 401


def test_a_session_ends_when_the_browser_signs_out(
    signed_in: TestClient, store_context: Context
) -> None:
    """The token is worth nothing then."""
    token = signed_in.cookies[SESSION_COOKIE]
    signed_in.post("/console/sign-out")
    assert SESSION_COOKIE not in signed_in.cookies
    signed_in.cookies.set(SESSION_COOKIE, token)
    assert signed_in.get("/console/jobs").status_code == 303
    with store_context.database.reading() as session:
        assert session.exec(select(func.count()).select_from(BrowserSession)).one() == 0


def test_a_session_ends_after_a_day_of_work_and_is_deleted(
    signed_in: TestClient, accounts: Accounts, store_context: Context
) -> None:
    """When somebody signs in after that."""
    with store_context.database.transaction() as session:
        (row,) = session.exec(select(BrowserSession)).all()
        assert row.expires_at - row.created_at == SESSION_LASTS
        row.expires_at -= SESSION_LASTS + dt.timedelta(seconds=1)
    assert signed_in.get("/console/jobs").status_code == 303
    key = accounts.key("manager").text
    signed_in.post("/console/sign-in", data={"key": key})
    with store_context.database.reading() as session:
        assert session.exec(select(func.count()).select_from(BrowserSession)).one() == 1


def test_forms_of_other_sites_do_nothing(browser: TestClient) -> None:
    """Also where nobody signs in."""
    for headers in (
        {"Origin": "https://other.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ):
        sent = {**ORIGIN, **headers}
        case = {"case": "two_materials"}
        answer = browser.post("/console/cases", data=case, headers=sent)
        assert answer.status_code == 403
    assert browser.get("/v1/jobs").json()["items"] == []


def test_forms_of_this_server_are_known_by_what_the_browser_says_of_them(
    browser: TestClient,
) -> None:
    """Behind a proxy that has another name the Origin would not tell."""
    headers = {"Origin": "https://vault.example", "Sec-Fetch-Site": "same-origin"}
    case = {"case": "two_materials"}
    assert browser.post("/console/cases", data=case, headers=headers).status_code == 303


def test_a_browser_asks_again_for_what_a_session_read(
    signed_in: TestClient, accounts: Accounts
) -> None:
    """Somebody else may have signed in there; programs keep what never changes."""
    signed_in.post("/console/cases", data={"case": "two_materials"})
    path = signed_in.get("/v1/cases").json()["items"][0]["href"]
    assert signed_in.get(path).headers["cache-control"] == "private, no-cache"
    key = {"Authorization": f"Bearer {accounts.key('manager').text}"}
    signed_in.cookies.clear()
    kept = signed_in.get(path, headers=key).headers["cache-control"]
    assert kept.endswith("immutable")


@pytest.mark.parametrize("name", ["Origin", "Referer"])
def test_what_is_no_url_is_no_page_of_this_server(
    browser: TestClient, name: str
) -> None:
    """Nothing is done, and the page says so."""
    answer = browser.post("/console/jobs/none/cancel", headers={name: "http://["})
    assert answer.status_code == (403 if name == "Origin" else 404)
    assert 'name="next" value="/"' in answer.text


def test_whoever_signs_in_anew_ends_the_session_before(
    signed_in: TestClient, accounts: Accounts
) -> None:
    """The cookie of somebody else who used the browser is worth nothing then."""
    token = signed_in.cookies[SESSION_COOKIE]
    accounts.add("another")
    signed_in.post("/console/sign-in", data={"key": accounts.key("another").text})
    assert signed_in.get("/v1/whoami").json()["name"] == "another"
    signed_in.cookies.clear()
    signed_in.cookies.set(SESSION_COOKIE, token)
    assert signed_in.get("/v1/whoami").status_code == 401
