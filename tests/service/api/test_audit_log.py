import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.api.context import Context
from tests.cases import Case

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def entries(client: TestClient) -> list[dict[str, Any]]:
    """Return the entries of the audit log, oldest first."""
    return client.get("/v1/audit").json()["items"][::-1]


def test_each_change_is_logged_once(client: TestClient, tiny_case: Case) -> None:
    """What is asked a second time changes nothing, and is no change."""
    key = {"Idempotency-Key": "key"}
    put = [client.post("/v1/cases", json=tiny_case).json()["hash"] for _ in range(2)]
    order = {"case": put[0]}
    jobs = [client.post("/v1/jobs", json=order, headers=key).json() for _ in range(2)]
    paths = [f"/v1/jobs/{job['id']}/cancel" for job in jobs]
    assert [client.post(path).json()["state"] for path in paths] == ["CANCELLED"] * 2
    logged = [(x["actor"], x["verb"], x["noun"], x["name"]) for x in entries(client)]
    assert logged == [
        ("anonymous", "put", "case", put[0]),
        ("anonymous", "submit", "job", jobs[0]["id"]),
        ("anonymous", "cancel", "job", jobs[0]["id"]),
    ]


@on_sqlite
def test_what_is_refused_is_not_told(client: TestClient, case_hash: str) -> None:
    """Neither a wrong order, nor one whose transaction is rolled back."""
    key = {"Idempotency-Key": "key"}
    assert client.post("/v1/jobs", json={"case": case_hash}, headers=key).is_success
    before = entries(client)
    wrong = {"case": case_hash, "options": {"seed": 9}}
    assert client.post("/v1/jobs", json=wrong, headers=key).status_code == 422
    assert client.post("/v1/jobs", json={"case": "none"}).status_code == 404
    assert client.post("/v1/jobs/none/cancel").status_code == 404
    assert entries(client) == before


def test_the_audit_comes_in_pages(
    client: TestClient, other_case: Callable[[str], dict[str, Any]]
) -> None:
    """Latest first, each entry once."""
    put = [client.post("/v1/cases", json=other_case(x)).json()["hash"] for x in "abcde"]
    path, names = "/v1/audit?limit=2", list[str]()
    while path:
        page = client.get(path).json()
        assert len(page["items"]) <= 2
        names += [item["name"] for item in page["items"]]
        path = page["next"]
    assert names == put[::-1]


@on_sqlite
def test_a_request_keeps_its_name(client: TestClient, tiny_case: Case) -> None:
    """It is in the answer and in the audit."""
    name = {"X-Request-ID": "abc-123"}
    answer = client.post("/v1/cases", json=tiny_case, headers=name)
    assert answer.headers["X-Request-ID"] == "abc-123"
    assert [entry["request_id"] for entry in entries(client)] == ["abc-123"]


@pytest.mark.parametrize("name", [b"", b"a b", b"x" * 129, b"a\tb", b"\xc3\xa9"])
@on_sqlite
def test_an_unusable_request_name_is_replaced(client: TestClient, name: bytes) -> None:
    """Of an answer with an error, too."""
    for path in ("/v1/cases", "/nowhere"):
        answer = client.get(path, headers={b"X-Request-ID": name})
        assert uuid.UUID(answer.headers["X-Request-ID"])


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM auditentry",
        "UPDATE auditentry SET actor = 'nobody'",
        # Each of these is a way past the triggers of rows in one of the databases.
        "TRUNCATE auditentry",
        "INSERT OR REPLACE INTO auditentry SELECT * FROM auditentry",
    ],
)
def test_entries_cannot_be_changed(
    client: TestClient, context: Context, case_hash: str, change: str
) -> None:
    """The database itself refuses it, whatever the program asks for."""
    before = entries(client)
    assert [entry["name"] for entry in before] == [case_hash]
    with (
        pytest.raises(DBAPIError, match=r"never changed|syntax error"),
        context.database.transaction() as session,
    ):
        session.connection().execute(text(change))
    assert entries(client) == before
