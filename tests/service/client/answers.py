"""Write the answers of the client from the description of the interface.

As a program: `python -m tests.service.client.answers`, which is `make client`. A test
compares what is written with what this would write.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from service.api.description.document import operations_of
from service.api.description.examples import JSON
from tests.house.conftest import ROOT
from tests.interface import description_of_interface

WRITTEN = ROOT / "service" / "client" / "strongroom_client" / "answers.py"
HEADER = '''"""The answers of the server, written by `make client` from its description.

Words of which the server has a list are plain text here: a later one may have more.
"""
'''
# What else a schema says would make a client refuse an answer of a later server.
KEPT = frozenset(
    {
        *("$ref", "type", "format", "description", "properties", "required", "items"),
        *("additionalProperties", "anyOf", "prefixItems", "const"),
    }
)
GENERATOR = (
    *("datamodel_code_generator", "--input-file-type", "openapi"),
    *("--output-model-type", "pydantic_v2.BaseModel"),
    *("--base-class", "strongroom_client.answer.Answer"),
    *("--target-python-version", "3.11", "--disable-future-imports"),
    *("--use-annotated", "--use-schema-description", "--use-field-description"),
    *("--collapse-root-models", "--formatters", "builtin", "--disable-timestamp"),
)
STYLE = ("ruff", "check", "--quiet", "--fix", "--unsafe-fixes", "--select", "D200,I")

# The client has these as dictionaries, as the server keeps them.
DOCUMENTS = frozenset({"Evaluation", "Instance", "Plan"})

Schema = dict[str, Any]


def answers() -> str:
    """Return the text of the module."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.json", Path(folder) / "answers.py"
        source.write_text(json.dumps(_document()), encoding="utf-8")
        _run(*GENERATOR, "--input", source, "--output", target)
        _, _, body = target.read_text(encoding="utf-8").partition("\n\n")
        target.write_text(f"{HEADER}\n{body}", encoding="utf-8")
        settings = ("--config", ROOT / "pyproject.toml")
        _run(*STYLE, *settings, target)
        _run("ruff", "format", "--quiet", *settings, target)
        return target.read_text(encoding="utf-8")


def described_answers(document: Schema) -> set[str]:
    """Return the names of the schemas that answers need, those of their parts too."""
    answers = [
        response["content"][JSON]["schema"]
        for operation in operations_of(document)
        for response in operation["responses"].values()
        if JSON in response.get("content", {})
    ]
    schemas = document["components"]["schemas"]
    found, new = set[str](), set(_references(answers)) - DOCUMENTS
    while new:
        found |= new
        new = {y for x in new for y in _references(schemas[x])} - found
    return found


def _document() -> Schema:
    whole = description_of_interface()
    schemas = whole["components"]["schemas"]
    words = {name: x for name, x in schemas.items() if "enum" in x}
    kept = sorted(described_answers(whole) - set(words))
    loose = {name: _loose(schemas[name], words) for name in kept}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Answers", "version": "1"},
        "paths": {},
        "components": {"schemas": loose},
    }


def _loose(part: object, words: Schema) -> object:
    """Return a schema without limits: what a later server may say is accepted."""
    if isinstance(part, list):
        return [_loose(x, words) for x in cast("list[object]", part)]
    if not isinstance(part, dict):
        return part
    schema = cast("Schema", part)
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in words:
        return _text(schema, words[name])
    if "enum" in schema:
        return _text(schema, schema)
    kept = {key: x for key, x in schema.items() if key in KEPT}
    if kept.get("additionalProperties") is False:
        del kept["additionalProperties"]
    properties = {x: _loose(y, words) for x, y in kept.pop("properties", {}).items()}
    loose = {key: _loose(x, words) for key, x in kept.items()}
    return {**loose, **({"properties": properties} if properties else {})}


def _text(schema: Schema, listed: Schema) -> Schema:
    described = schema.get("description") or listed.get("description", "")
    words = ", ".join(map(str, listed["enum"]))
    return {"type": "string", "description": f"{described} One of {words}.".strip()}


def _references(part: object) -> Iterator[str]:
    """Yield the names of the schemas that a part of the document refers to."""
    if isinstance(part, dict):
        for key, value in cast("Schema", part).items():
            if key == "$ref":
                yield str(value).rpartition("/")[2]
            else:
                yield from _references(value)
    elif isinstance(part, list):
        for value in cast("list[object]", part):
            yield from _references(value)


def _run(program: str, *arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", program, *arguments], check=True)  # noqa: S603


if __name__ == "__main__":
    WRITTEN.write_text(answers(), encoding="utf-8")
