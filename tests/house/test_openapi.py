"""The description of the HTTP interface is whole: a program can be made from it."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from service.api.description.document import operations_of
from service.api.description.examples import FOLDER, JSON, example_of
from service.api.description.links import LINKS
from service.api.problem_types import known_types
from tests.interface import description_of_interface

Schema = dict[str, Any]

# Their answers are no JSON of this interface, or empty.
WITHOUT_EXAMPLE = {
    "delete_publication",
    "delete_webhook",
    "get_alive",
    "get_analysis_file",
    "get_metrics",
    "get_schema",
    "get_table",
    "refuse_analysis_of_case",
    "refuse_analysis_of_plan",
    "stream_events",
}


@pytest.fixture(scope="module")
def document() -> Schema:
    """Return the description."""
    return description_of_interface()


@pytest.fixture(scope="module")
def operations(document: Schema) -> dict[str, Schema]:
    """Return the operations by name."""
    return {each["operationId"]: each for each in operations_of(document)}


def references(node: object) -> Iterator[str]:
    """Yield every reference within a description; what an example holds is data."""
    if isinstance(node, list):
        for each in cast("list[object]", node):
            yield from references(each)
    elif isinstance(node, dict):
        for key, each in cast("Schema", node).items():
            if key == "$ref" and isinstance(each, str):
                yield each
            elif key == "examples" and isinstance(each, dict):
                examples = cast("Schema", each).values()
                yield from (x["$ref"] for x in examples if "$ref" in x)
            else:
                yield from references(each)


def found(document: Schema, reference: str) -> bool:
    """Whether a reference leads to something within the document."""
    here = document
    for step in reference.removeprefix("#/").split("/"):
        if step not in here:
            return False
        here = here[step]
    return reference.startswith("#/")


def mistakes(document: Schema, schema: Schema, value: Any) -> list[str]:  # noqa: ANN401
    """Return what is wrong with a value."""
    validator: Any = Draft202012Validator(
        {**schema, "components": document["components"]}
    )
    return [x.message for x in validator.iter_errors(value)]


def test_every_reference_resolves(document: Schema) -> None:
    """Within the document itself."""
    given = set(references(document))
    assert len(given) > 100
    assert [x for x in given if not found(document, x)] == []
    assert "x-model" not in json.dumps(document)
    assert "x-problems" not in json.dumps(document)


def test_every_schema_is_one(document: Schema) -> None:
    """Of JSON Schema 2020-12, as OpenAPI 3.1 has it."""
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_body_and_answer_has_examples(
    document: Schema, operations: dict[str, Schema]
) -> None:
    """Each is of its schema, whose fields it has all."""
    for name, operation in operations.items():
        found = example_of(name)
        assert ("request" in found) is ("requestBody" in operation), name
        assert ("answer" in found) is (name not in WITHOUT_EXAMPLE), name
        contents = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (x["content"] for x in contents if "content" in x):
            schema = content.get(JSON, {}).get("schema")
            for example in content.get(JSON, {}).get("examples", {}).values():
                assert mistakes(document, schema, example["value"]) == [], name
    written = {x.name.removesuffix(".json") for x in FOLDER.iterdir()}
    assert written <= set(operations)


def test_every_status_has_its_types_of_problems(
    document: Schema, operations: dict[str, Schema]
) -> None:
    """No range of statuses; each example is a problem of the schema beside it."""
    kinds = known_types()
    for name, operation in operations.items():
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"\d{3}", status), name
            problems = response.get("content", {}).get("application/problem+json")
            if problems is None:
                assert int(status) < 400 or status == "503", name
                continue
            for slug in problems["examples"]:
                example = document["components"]["examples"][slug]["value"]
                assert mistakes(document, problems["schema"], example) == []
                assert kinds[slug].status == int(status)


def test_links_lead_to_operations_with_these_parameters(
    operations: dict[str, Schema],
) -> None:
    """Of each link that is listed, from an operation that exists."""
    assert set(LINKS) <= set(operations)
    for links in LINKS.values():
        for link in links:
            operation = operations[link.operation]
            parameters = {x["name"] for x in operation.get("parameters", [])}
            assert not link.parameter or link.parameter in parameters
            assert link.fields is None or "requestBody" in operation


def test_what_orders_a_job_leads_to_it(operations: dict[str, Schema]) -> None:
    """Each operation that is answered with a job has the links of one."""
    ordering = {x for x in operations if x.startswith("submit_")} - {"submit_a_batch"}
    assert len(ordering) > 10
    assert [x for x in ordering if LINKS.get(x) != LINKS["submit_job"]] == []
