"""Reserves over HTTP: what a manager enters, and what is refused."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.instance import Instance
from models.tables import AuditEntry
from service.api.context import Context
from service.store.audit_log import entries
from service.store.part import Part
from tests.cases import Case
from tests.service.identity.belongings import LOT, with_stock

# Ledgers in both databases are in tests/service/reserves.
pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

Reserve = dict[str, Any]
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def opened(client: TestClient) -> Reserve:
    """Return a reserve, whose ledger is empty."""
    answer = client.post("/v1/reserves", json={"name": "Vault"})
    assert answer.status_code == 201
    assert answer.headers["location"] == answer.json()["href"]
    return answer.json()


def stored(client: TestClient, case: Instance) -> str:
    """Store a case; return its hash."""
    return client.post("/v1/cases", json=case.model_dump(mode="json")).json()["hash"]


def position(client: TestClient, case: Instance, predecessor: str) -> dict[str, str]:
    """Return the body of an entry of the position of a case."""
    case_hash = stored(client, case)
    return {"predecessor": predecessor, "kind": "position", "case": case_hash}


def test_a_reserve_tells_where_it_stands(
    client: TestClient, opened: Reserve, instance: Instance
) -> None:
    """Its last position, no plan yet; the entry says all of the position."""
    case = with_stock(instance)
    body = position(client, case, opened["head"])
    answer = client.post(opened["entries_href"], json=body)
    assert answer.status_code == 201
    entry = answer.json()
    assert answer.headers["location"] == entry["href"]
    found = client.get(opened["href"]).json()
    assert (found["head"], found["number_of_entries"]) == (entry["hash"], 1)
    assert found["position"]["content_hash"] == body["case"]
    assert (found["start"], found["plan"]) == (str(case.horizon.start), None)
    (lot,) = client.get(entry["href"]).json()["document"]["position"]["stock"]
    assert (lot["id"], lot["mining_country"]) == (LOT, "AUS")
    (listed,) = client.get(opened["lots_href"]).json()
    assert listed == client.get(f"{opened['lots_href']}/{LOT}").json()
    assert listed["steps"][0]["entry"] == entry["hash"]
    missing = client.get(f"{opened['lots_href']}/none")
    assert (missing.status_code, missing.json()["type"]) == (
        404,
        "/docs/problems#lot-not-found",
    )


def test_who_has_not_seen_the_last_entry_is_told_of_it(
    client: TestClient, opened: Reserve, instance: Instance
) -> None:
    """By a problem of a type of its own, whose hash the next request can follow."""
    body = position(client, instance, opened["head"])
    first = client.post(opened["entries_href"], json=body).json()
    refused = client.post(opened["entries_href"], json=body)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "/docs/problems#predecessor-not-last"
    assert problem["last"] == {"hash": first["hash"], "number": 1}
    again = body | {"predecessor": problem["last"]["hash"]}
    assert client.post(opened["entries_href"], json=again).status_code == 201


WRONG: list[dict[str, object]] = [
    {"kind": "position"},
    {"kind": "position", "case": "CASE", "plan": "0" * 64},
    {"kind": "plan", "case": "CASE"},
    {"kind": "correction", "case": "CASE"},
    {"kind": "correction", "corrects": "0" * 64, "reason": "a\0"},
    {"kind": "correction", "corrects": "0" * 64, "reason": ""},
    {"kind": "guess", "case": "CASE"},
    {"kind": "position", "case": "CASE", "tonnes": 1},
]


def test_an_entry_has_what_its_kind_has(
    client: TestClient, opened: Reserve, case_hash: str
) -> None:
    """And nothing else."""
    for fields in WRONG:
        given = {x: case_hash if y == "CASE" else y for x, y in fields.items()}
        body = {"predecessor": opened["head"], **given}
        answer = client.post(opened["entries_href"], json=body)
        assert answer.status_code == 422, fields
        assert answer.json()["mistakes"], fields
    assert client.get(opened["entries_href"]).json()["items"] == []


def test_what_an_entry_names_is_there(
    client: TestClient, opened: Reserve, case_hash: str
) -> None:
    """A case, a plan and an entry that do not exist are each named."""
    body = {"predecessor": opened["head"]}
    wrong = {
        "case-not-found": {"kind": "position", "case": "0" * 64},
        "plan-not-found": {"kind": "plan", "plan": "0" * 64},
        "entry-not-found": {
            "kind": "correction",
            "corrects": "0" * 64,
            "reason": "a",
            "case": case_hash,
        },
    }
    for slug, fields in wrong.items():
        # Half a surrogate pair is no hash either.
        for none in ("0" * 64, "\ud800"):
            given = {x: none if y == "0" * 64 else y for x, y in fields.items()}
            text = json.dumps(body | given)
            answer = client.post(opened["entries_href"], content=text, headers=JSON)
            assert answer.status_code == 404
            assert answer.json()["type"].endswith(f"#{slug}")


def test_a_mistake_in_a_position_has_its_place(
    client: TestClient, opened: Reserve, instance: Instance
) -> None:
    """In words; the pointer leads to the hash, for the body has no more of it."""
    body = position(client, with_stock(instance), opened["head"])
    head = client.post(opened["entries_href"], json=body).json()["hash"]
    other = with_stock(instance, mining_country="CHN")
    answer = client.post(opened["entries_href"], json=position(client, other, head))
    assert answer.status_code == 422
    (mistake,) = answer.json()["mistakes"]
    assert mistake["path"] == f"case.position.stock[{LOT}].mining_country"
    assert (mistake["pointer"], mistake["value"]) == ("#/case", "CHN")


def test_an_observation_has_all_its_mistakes_with_their_places(
    client: TestClient, opened: Reserve, instance: Instance
) -> None:
    """A day that is not the next, and facts that are missing or of nothing known."""
    body = position(client, instance, opened["head"])
    head = client.post(opened["entries_href"], json=body).json()["hash"]
    wrong = {"start": "2020-01-01", "demand_units": {"nothing": 1}}
    body = {"predecessor": head, "kind": "observation", "document": wrong}
    answer = client.post(opened["entries_href"], json=body)
    assert answer.status_code == 422
    found = {x["path"]: x["pointer"] for x in answer.json()["mistakes"]}
    assert found["document.start"] == "#/document/start"
    assert found["document.demand_units.nothing"] == "#/document/demand_units/nothing"
    assert len(found) > 2
    facts = {"start": str(instance.horizon.start), "otherwise": "as_planned"}
    entry = client.post(opened["entries_href"], json=body | {"document": facts}).json()
    assert client.get(entry["href"]).json()["document"] == facts


def test_orders_have_the_fields_of_orders(
    client: TestClient, opened: Reserve, instance: Instance
) -> None:
    """Those that are missing are named."""
    body = position(client, instance, opened["head"])
    head = client.post(opened["entries_href"], json=body).json()["hash"]
    body = {"predecessor": head, "kind": "orders", "document": {"start": "soon"}}
    answer = client.post(opened["entries_href"], json=body)
    assert answer.status_code == 422
    found = {x["path"] for x in answer.json()["mistakes"]}
    assert {"document.start", "document.plan_hash"} <= found


def test_entries_are_listed_in_pages_by_kind(
    client: TestClient, opened: Reserve, instance: Instance
) -> None:
    """Latest first; a correction is another kind."""
    head = opened["head"]
    made: list[str] = []
    for _ in range(3):
        body = position(client, instance, head)
        head = client.post(opened["entries_href"], json=body).json()["hash"]
        made.append(head)
    body = {"predecessor": head, "kind": "correction", "corrects": head}
    href = opened["entries_href"]
    corrected = client.post(href, json=body | {"reason": "Twice."}).json()["hash"]
    page = client.get(f"{href}?limit=2&kind=position").json()
    assert [x["hash"] for x in page["items"]] == [made[2], made[1]]
    page = client.get(page["next"]).json()
    assert ([x["hash"] for x in page["items"]], page["next"]) == ([made[0]], None)
    (found,) = client.get(f"{href}?kind=correction").json()["items"]
    assert (found["hash"], found["corrects"]) == (corrected, made[2])
    assert client.get(f"{href}?kind=plan").json()["items"] == []


def test_the_audit_log_names_the_entry(
    client: TestClient, context: Context, opened: Reserve, tiny_case: Case
) -> None:
    """As what came of it."""
    case_hash = client.post("/v1/cases", json=tiny_case).json()["hash"]
    body = {"predecessor": opened["head"], "kind": "position", "case": case_hash}
    entry = client.post(opened["entries_href"], json=body).json()
    with context.database.reading() as session:
        found: list[AuditEntry] = list(entries(session, Part(9)))
    assert [(x.verb, x.noun, x.name) for x in found if x.noun == "reserve"] == [
        ("append", "reserve", opened["id"]),
        ("open", "reserve", opened["id"]),
    ]
    assert found[0].result == entry["hash"]
