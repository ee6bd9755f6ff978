"""An administrator adds accounts and makes keys, which are shown once."""

import re
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from models.roles import Role, Scope
from service.clock import system_clock
from service.console.registry import PAGES
from service.identity.administration import Administration
from service.store.accounts import AccountRepository
from service.store.database import Database
from tests.journeys.accounts import AUTHOR
from tests.service.identity.conftest import OTHERS, Accounts, bearer

SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

PAGE = PAGES["show_accounts"].path
KEY = re.compile(r"strongroom_[0-9a-f]{12}_[\w-]{43}")


@pytest.fixture
def administrator(accounts: Accounts) -> Mapping[str, str]:
    """Return the headers of an administrator of the store."""
    accounts.add("chief", Role.ADMINISTRATOR)
    return bearer(accounts.key("chief"))


@SQLITE
def test_the_first_account_is_an_administrator_and_gets_a_key(
    browser: TestClient,
) -> None:
    """From then on nobody without one sees the page."""
    first = {"name": "chief", "role": "manager"}
    assert "There is no account yet." in browser.get(PAGE).text
    assert browser.post(PAGE, data=first).status_code == 422
    answer = browser.post(PAGE, data=first | {"role": "administrator"})
    assert answer.status_code == 200
    (key,) = KEY.findall(answer.text)
    assert browser.get(PAGE).status_code == 303
    assert browser.get(PAGE, headers=bearer(key)).status_code == 200


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_of_two_only_one_makes_the_first_account(
    browser: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was let in while there was none has to sign in as soon as there is one."""
    is_let_in = threading.Event()

    def fine(*_: object) -> dict[str, str]:
        is_let_in.set()
        return {}

    monkeypatch.setattr("service.console.accounts._wrong_name", fine)
    second = {"name": "second", "role": "administrator"}
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            administration = Administration(session, AUTHOR, system_clock())
            administration.add_account("first", Role.ADMINISTRATOR)
            answer = pool.submit(browser.post, PAGE, data=second)
            assert is_let_in.wait(60)
        assert answer.result().status_code == 401
    with database.reading() as session:
        assert [x.name for x in AccountRepository(session).all()] == ["first"]


@SQLITE
def test_an_account_that_is_not_there_is_not_found(browser: TestClient) -> None:
    """As any other thing that an address names."""
    assert browser.get(f"{PAGE}?account=nobody").status_code == 404


@SQLITE
def test_a_key_is_shown_once_and_kept_nowhere(
    browser: TestClient,
    administrator: Mapping[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It works until it is revoked; lists and the audit log have its prefix."""
    added = browser.post(
        PAGE, data={"name": "a & b", "role": "analyst"}, headers=administrator
    )
    assert added.headers["location"] == f"{PAGE}?account=a+%26+b"
    order = {"account": "a & b", "days": "9", "scope-read": "read"}
    with caplog.at_level(0):
        answer = browser.post(f"{PAGE}/keys", data=order, headers=administrator)
    (key,) = KEY.findall(answer.text)
    prefix = key.split("_")[1]
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert key not in caplog.text
    one = browser.get(f"{PAGE}?account=a+%26+b", headers=administrator).text
    log = browser.get("/console/audit", headers=administrator).text
    assert (KEY.search(one), KEY.search(log)) == (None, None)
    assert prefix in one
    assert prefix in log
    who = browser.get("/v1/whoami", headers=bearer(key)).json()
    assert (who["name"], who["scopes"]) == ("a & b", ["read"])
    revoked = {"account": "a & b", "prefix": prefix}
    browser.post(f"{PAGE}/revocation", data=revoked, headers=administrator)
    assert browser.get("/v1/whoami", headers=bearer(key)).status_code == 401


@SQLITE
def test_mistakes_are_told_beside_their_fields(
    browser: TestClient, administrator: Mapping[str, str]
) -> None:
    """What was typed is there again, and nothing is stored."""
    wrong = [
        ("", {"name": "chief", "role": "manager"}, "name"),
        ("", {"name": "", "role": "manager"}, "name"),
        ("", {"name": "x", "role": "participant_planner"}, "participant"),
        ("/organisations", {"organisation": "default"}, "new-organisation"),
        ("/keys", {"account": "chief", "days": "0", "scope-read": "read"}, "days"),
        ("/keys", {"account": "chief", "days": "9" * 5000}, "days"),
        ("/identities", {"account": "chief", "issuer": "", "subject": "s"}, "issuer"),
    ]
    for path, data, field in wrong:
        answer = browser.post(f"{PAGE}{path}", data=data, headers=administrator)
        assert answer.status_code == 422, (path, data)
        assert f'id="{field}-error"' in answer.text
        assert KEY.search(answer.text) is None


@SQLITE
def test_nobody_ends_the_own_access(
    browser: TestClient, accounts: Accounts, administrator: Mapping[str, str]
) -> None:
    """Neither the own account nor the key in use; those of others end at once."""
    del administrator
    key = accounts.key("chief")
    own = [("disabling", {"account": "chief"}), ("revocation", {"prefix": key.prefix})]
    for path, data in own:
        answer = browser.post(f"{PAGE}/{path}", data=data, headers=bearer(key))
        assert answer.status_code == 409
    accounts.add("other", Role.ADMINISTRATOR)
    other = accounts.key("other")
    data = {"account": "other"}
    browser.post(f"{PAGE}/disabling", data=data, headers=bearer(key))
    assert browser.get("/v1/whoami", headers=bearer(other)).status_code == 401
    assert browser.get(PAGE, headers=bearer(key)).status_code == 200


@SQLITE
def test_only_who_runs_the_store_sees_accounts(
    browser: TestClient, accounts: Accounts
) -> None:
    """An administrator of another organisation does not; one that reads adds none."""
    accounts.add_organisation(OTHERS)
    accounts.add("theirs", Role.ADMINISTRATOR, OTHERS)
    accounts.add("reader", Role.ADMINISTRATOR)
    theirs = bearer(accounts.key("theirs", *Scope))
    reader = bearer(accounts.key("reader", Scope.READ))
    assert browser.get(PAGE, headers=theirs).status_code == 403
    assert f'href="{PAGE}"' not in browser.get("/", headers=theirs).text
    assert browser.get(PAGE, headers=reader).status_code == 200
    data = {"name": "x", "role": "manager"}
    for who in (theirs, reader):
        assert browser.post(PAGE, data=data, headers=who).status_code == 403


@SQLITE
def test_a_key_takes_the_place_of_another(
    browser: TestClient, accounts: Accounts, administrator: Mapping[str, str]
) -> None:
    """Both go on for the hours given; a number that is none is told beside them."""
    accounts.add("program")
    old = accounts.key("program")
    order = {"account": "program", "prefix": old.prefix, "overlap_hours": "2"}
    wrong = order | {"overlap_hours": "soon"}
    refused = browser.post(f"{PAGE}/rotation", data=wrong, headers=administrator)
    assert refused.status_code == 422
    assert 'id="overlap_hours-error"' in refused.text
    answer = browser.post(f"{PAGE}/rotation", data=order, headers=administrator)
    (key,) = KEY.findall(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert "The key before goes on until" in answer.text
    for valid in (bearer(key), bearer(old)):
        assert browser.get("/v1/whoami", headers=valid).status_code == 200
