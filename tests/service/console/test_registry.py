"""Each page and form, opened as every role: it answers as its operations would."""

import re
from collections.abc import Mapping
from itertools import product

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.tables import Role
from service.analyses.registry import ANALYSES
from service.api.context import Context
from service.console.page import ConsoleForm, ConsolePage
from service.console.registry import FORMS, PAGES, QUESTIONS, question_page
from service.identity.permissions import rule_of
from tests.service.identity.belongings import Belongings, belongings_of
from tests.service.identity.conftest import bearer

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
# What is withdrawn is there no more for those that come after.
ENDING = {"withdraw_plan", "forget_webhook"}
# The pages of questions have the operations of their forms; one of them is opened.
ALIKE = {question_page(ANALYSES[x]) for x in QUESTIONS} - {"show_explain_order"}
OPENED = [x for x in PAGES.values() if x.name not in ALIKE]
ENTRIES = sorted([*OPENED, *FORMS.values()], key=lambda x: x.name in ENDING)
OTHER_DIGITS = str.maketrans("0123456789abcdef", "123456789abcdef0")
# What a form is sent with, so that it does what it is for.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "add_account": {"name": "somebody", "role": "manager"},
    "add_key": {"account": "somebody", "days": "9", "scope-read": "read"},
    "add_organisation": {"organisation": "some"},
    "draw": {"tonnes": "1"},
    "correct_entry": {"reason": "Twice.", "what": "nothing"},
    "edit_case": {"financing.opening_cash_usd": "5", "name": "Another"},
    "link": {"account": "somebody", "issuer": "https://a", "subject": "b"},
    "make_offer": {"maximum_lots": "3"},
    "open_reserve_of_case": {"name": "Vault"},
    "open_reserve_with_plan": {"name": "Vault"},
    "put_in_force": {"plan": "{plans}"},
    "open_round": {
        "name": "A round",
        "closes_at": "2099-06-30T17:00",
        "id_1": "a-right",
        "material_1": "gallium",
        "inventory_price_factor_1": "1.03",
    },
    "make_webhook": {"url": "https://hooks.example.com/", "event-0": "job.failed"},
    "offer_lots": {"lots": "1"},
    "order_batch": {"path_1": "options.seed", "values_1": "1,2"},
    "publish_plan": {"title": "A plan"},
    "put_back": {"tonnes": "1"},
    "publish_round": {"plan": "{plans}"},
    "rotate_key": {"account": "somebody", "prefix": "0", "overlap_hours": "1"},
    "rotate_secret": {"overlap_hours": "1"},
    "submit_compare_plans": {"against": "{plans}"},
    "submit_participant": {"participant": "maker"},
    "submit_value_rights": {"participant": "maker"},
    "solve_shipped_case": {"case": "two_materials"},
    "upload_case": {"text": "two_materials"},
}


def address(path: str, things: Belongings) -> str:
    """Return the path of a page about one of these things."""
    prefix = "/console" if path.startswith("/console/") else ""
    return prefix + things.path(path.removeprefix(prefix))


def may_call(role: Role, operation: str) -> bool:
    """Return whether a role may call an operation; some are for anybody."""
    rule = rule_of(operation)
    assert rule is not None
    return not rule.roles or role in rule.roles


def status(
    client: TestClient, entry: ConsolePage | ConsoleForm, things: Belongings, key: str
) -> tuple[int, str]:
    """Return the status and the text of the answer to a request about these things."""
    path = address(entry.path, things)
    headers = {**bearer(key), "X-Request-ID": "a-request"}
    if isinstance(entry, ConsolePage):
        answer = client.get(path, headers=headers)
    else:
        fields = FIELDS.get(entry.name, {})
        data = {x: value.format_map(things._asdict()) for x, value in fields.items()}
        answer = client.post(path, headers=headers, data=data)
    return answer.status_code, answer.text


def test_a_route_without_an_entry_is_refused(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody forgot is closed, not open."""
    pages = {name: page for name, page in PAGES.items() if name != "show_jobs"}
    monkeypatch.setattr("service.console.view.PAGES", pages)
    assert browser.get("/console/jobs").status_code == 403


def test_a_role_may_open_what_it_may_call(
    browser: TestClient,
    context: Context,
    keys_of_roles: Mapping[Role, str],
    instance: Instance,
) -> None:
    """What its organisation has; else it gets 403. A state may not permit it (409)."""
    own = belongings_of(context, instance)
    for entry, (role, key) in product(ENTRIES, keys_of_roles.items()):
        found, text = status(browser, entry, own, key)
        is_permitted = all(may_call(role, x) for x in entry.operations)
        assert (found == 403) is not is_permitted, (entry.name, role, text)
        if is_permitted and entry.operations:
            gone = {404} if entry.name == "forget_webhook" else set[int]()
            assert found in {200, 303, 409} | gone, (entry.name, role, text)


def test_what_others_have_is_answered_as_what_does_not_exist(
    browser: TestClient,
    others: Context,
    keys_of_roles: Mapping[Role, str],
    instance: Instance,
) -> None:
    """Byte for byte apart from its name: every page and form, each role that may.

    And one of those that may not: nothing is looked up for them.
    """
    foreign = belongings_of(others, instance)
    nothing = Belongings(*(x.translate(OTHER_DIGITS) for x in foreign))
    for entry in (x for x in ENTRIES if "{" in x.path):
        permitted = [x for x in Role if all(may_call(x, y) for y in entry.operations)]
        refused = [x for x in Role if x not in permitted]
        for role in [*permitted, *refused[:1]]:
            found, missing = (
                (code, re.sub("|".join(x), "NAME", text))
                for x in (foreign, nothing)
                for code, text in [status(browser, entry, x, keys_of_roles[role])]
            )
            assert found == missing, entry.name
            assert found[0] in {403, 404}, entry.name


def test_navigation_shows_what_may_be_opened(
    browser: TestClient, keys_of_roles: Mapping[Role, str]
) -> None:
    """Of a planner of a participant not what is of the others."""
    for role, key in keys_of_roles.items():
        text = browser.get("/", headers=bearer(key)).text
        for page in (x for x in PAGES.values() if x.is_in_navigation):
            is_permitted = all(may_call(role, x) for x in page.operations)
            assert (f'<a href="{page.path}"' in text) is is_permitted
