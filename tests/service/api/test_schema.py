from typing import Any

from fastapi.testclient import TestClient


def test_the_schema_of_a_case_names_its_sections(
    client: TestClient, tiny_case: dict[str, Any]
) -> None:
    """Every section of a case is a property of the schema."""
    answer = client.get("/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    assert set(tiny_case) <= set(answer.json()["properties"])


def test_the_description_of_the_interface_names_problems(client: TestClient) -> None:
    """Errors are described as problem documents, not as the framework's own."""
    responses = client.get("/openapi.json").json()["paths"]["/jobs"]["post"][
        "responses"
    ]
    assert list(responses["4XX"]["content"]) == ["application/problem+json"]
    assert "422" not in responses
