"""Examples of bodies and answers: real ones, of a server that solved a shipped case.

`make examples` writes the files: one for each operation, with `request` and `answer`.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

Operation = dict[str, Any]

JSON = "application/json"
FOLDER = files("service.api.description") / "examples"


# These answer with the same kind of document as another one.
SAME_ANSWER = {"get_plan_of_job": "get_plan", "get_incumbent_of_job": "get_plan"}


def example_of(operation: str) -> Mapping[str, Any]:
    """Return the examples of an operation, empty if it has none."""
    file = FOLDER / f"{SAME_ANSWER.get(operation, operation)}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def add_examples(operation: Operation) -> None:
    """Describe an operation by the examples that it has."""
    found = example_of(operation["operationId"])
    if "request" in found:
        content = operation["requestBody"]["content"][JSON]
        content["examples"] = _named(found["request"])
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get(JSON)
        if status.startswith("2") and content is not None and "answer" in found:
            content["examples"] = _named({"of two_materials": found["answer"]})


def _named(examples: Mapping[str, object]) -> dict[str, dict[str, object]]:
    return {name: {"value": value} for name, value in examples.items()}
