"""Problem documents and schemas of the interface."""

import pytest
from fastapi.testclient import TestClient

from service.api.context import Context
from service.api.pointers import Pointers
from tests.cases import Case

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/cases/x", 404),
        ("GET", "/v1/plans/x", 404),
        ("GET", "/v1/jobs/x", 404),
        ("GET", "/v1/jobs/x/plan", 404),
        ("GET", "/v1/jobs/x/progress", 404),
        ("POST", "/v1/jobs/x/cancel", 404),
        ("DELETE", "/v1/cases", 405),
        ("GET", "/v1/jobs?limit=0", 422),
        ("GET", "/v1/jobs?limit=201", 422),
        ("GET", "/v1/jobs?state=DONE", 422),
        ("GET", "/v1/jobs?cursor=99999999999999999999", 422),
        ("GET", "/v1/jobs/x/progress?after=-1", 422),
        ("POST", "/v1/cases", 415),
        ("POST", "/v1/jobs", 415),
    ],
)
@on_sqlite
def test_every_refusal_is_a_problem_document(
    client: TestClient, method: str, path: str, status: int
) -> None:
    """Media type and members are those of RFC 9457."""
    answer = client.request(method, path)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert problem["status"] == status
    assert {"type", "title", "detail", "instance"} <= set(problem)


@on_sqlite
def test_a_wrong_parameter_is_named(client: TestClient) -> None:
    """The mistake has its path, its value and what was expected."""
    mistakes = client.get("/v1/jobs?limit=many").json()["mistakes"]
    assert [(x["path"], x["value"]) for x in mistakes] == [("query.limit", "many")]


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        (
            "GET",
            "/v1/jobs?limitt=2&limit=2",
            "one of case, cursor, kind, limit, portion_of, sort, state",
        ),
        (
            "GET",
            "/v1/jobs?Limit=2",
            "one of case, cursor, kind, limit, portion_of, sort, state",
        ),
        ("GET", "/v1/batches/x?after=1", "one of format, limit, measures, table"),
        ("GET", "/health?limit=1", "no parameter"),
        ("GET", "/metrics?limit=1", "no parameter"),
        ("POST", "/v1/cases?dry_run=1", "no parameter"),
        ("POST", "/v1/jobs/x/cancel?force", "no parameter"),
    ],
)
@on_sqlite
def test_an_unknown_parameter_is_refused(
    client: TestClient, method: str, path: str, known: str
) -> None:
    """The answer names it, and the parameters that the route has."""
    answer = client.request(method, path)
    name = path.partition("?")[2].partition("=")[0]
    mistakes = answer.json()["mistakes"]
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert [(x["path"], x["expected"]) for x in mistakes] == [(f"query.{name}", known)]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/jobs?limit=2&limit=3",
        "/v1/jobs?limit=3&limit=3",
        "/v1/jobs?limit=2&limit=x",
    ],
)
@on_sqlite
def test_a_parameter_given_twice_is_refused(client: TestClient, path: str) -> None:
    """Neither value wins silently."""
    answer = client.get(path)
    mistakes = answer.json()["mistakes"]
    assert answer.status_code == 422
    assert [(x["path"], x["expected"]) for x in mistakes] == [
        ("query.limit", "one value, not several")
    ]


@on_sqlite
def test_a_method_that_is_not_allowed_says_which_are(client: TestClient) -> None:
    """The answer 405 carries `Allow`."""
    assert client.delete("/health").headers["allow"] == "GET"


@on_sqlite
def test_unexpected_errors_hide_details(client: TestClient, context: Context) -> None:
    """The answer is 500, without traceback or message."""
    with context.database.transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE progressline")
    answer = client.get("/v1/jobs")
    assert (answer.status_code, answer.json()["title"]) == (
        500,
        "The server made a mistake.",
    )
    assert "progressline" not in answer.text


@on_sqlite
def test_a_long_value_is_cut(client: TestClient) -> None:
    """A mistake quotes the beginning of what was given."""
    answer = client.post("/v1/cases", json={"colour": "x" * 10_000})
    quoted = {x["path"]: x["value"] for x in answer.json()["mistakes"]}
    assert len(quoted["colour"]) < 600


@on_sqlite
def test_many_mistakes_are_counted(client: TestClient) -> None:
    """The list is cut at a thousand, the number is not."""
    answer = client.post("/v1/cases", json={f"field{i}": i for i in range(2_000)})
    problem = answer.json()
    assert len(problem["mistakes"]) == 1_000
    assert problem["number_of_mistakes"] > 2_000


@on_sqlite
def test_the_case_schema_names_sections(client: TestClient, tiny_case: Case) -> None:
    """Every section of a case is a property of the schema."""
    answer = client.get("/v1/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    assert set(tiny_case) <= set(answer.json()["properties"])


@on_sqlite
def test_a_mistake_has_a_pointer(client: TestClient, tiny_case: Case) -> None:
    """Into the body as it was sent: elements of lists are counted."""
    tiny_case["materials"][0]["name"] = 5
    del tiny_case["materials"][0]["traded_form"]
    tiny_case["a/b~c"] = 1
    found = client.post("/v1/cases", json=tiny_case).json()["mistakes"]
    pointers = {x["path"]: x["pointer"] for x in found}
    assert pointers["materials[gallium].name"] == "#/materials/0/name"
    missing = "materials[gallium].traded_form"
    assert pointers[missing] == "#/materials/0/traded_form"
    assert pointers["a/b~c"] == "#/a~1b~0c"
    (order,) = client.post("/v1/jobs", json={"case": 5}).json()["mistakes"]
    assert order["pointer"] == "#/case"
    (query,) = client.get("/v1/jobs?limit=many").json()["mistakes"]
    assert query["pointer"] is None


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("", "#"),
        ("case", "#"),
        ("lots[b].size", "#/lots/1/size"),
        ("lots[1].size", "#/lots/1/size"),
        ("lots[7].size", "#/lots"),
        ("lots[0].missing", "#/lots/0/missing"),
        ("lots[0].missing.deeper", "#/lots/0/missing"),
        ("text[0]", "#/text"),
    ],
)
def test_a_pointer_leads_as_far_as_there_is_a_body(path: str, pointer: str) -> None:
    """To the missing member of an object, and to no element that is not there."""
    body = {"lots": [{"id": "a"}, {"id": "b", "size": 1}], "text": "x"}
    assert Pointers(body).to(path) == pointer
