"""Schemas within operations: their definitions become components of the document."""

import json
import pkgutil
from collections.abc import Iterator
from typing import Any, cast

from pydantic import BaseModel

from service.api.answers import MODEL

Schema = dict[str, Any]

DEFINITIONS = "#/$defs/"
COMPONENTS = "#/components/schemas/"
# FastAPI tells a model as it is read from the same as it is written so, too.
READ = "-Input"


class Components:
    """The components of a description, which grow."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self._schemas = schemas

    def take_from(self, operation: Schema) -> None:
        """Move the definitions within an operation to the components."""
        for content in _contents(operation):
            if "schema" in content:
                content["schema"] = self._whole(content["schema"])

    def _whole(self, schema: Schema) -> Schema:
        if MODEL in schema:
            return self._of_model(schema[MODEL])
        if "anyOf" in schema:
            schema["anyOf"] = [self._whole(part) for part in schema["anyOf"]]
        return self._hoisted(schema)

    def _of_model(self, name: str) -> Schema:
        model = pkgutil.resolve_name(name)
        assert issubclass(model, BaseModel)  # noqa: S101 - `document_answer` took one
        component = model.__name__
        if component not in self._schemas:
            self._schemas[component] = self._hoisted(model.model_json_schema())
        return {"$ref": f"{COMPONENTS}{component}"}

    def _hoisted(self, schema: Schema) -> Schema:
        """Return the schema, its definitions now being components."""
        definitions = cast("dict[str, Schema]", schema.get("$defs", {}))
        ending = "" if self._has_room_for(definitions) else READ
        for name, definition in definitions.items():
            moved = _renamed(definition, definitions, ending)
            known = self._schemas.setdefault(f"{name}{ending}", moved)
            assert known == moved, name  # noqa: S101 - of one model there is one schema
        rest = {key: value for key, value in schema.items() if key != "$defs"}
        return _renamed(rest, definitions, ending)

    def _has_room_for(self, definitions: dict[str, Schema]) -> bool:
        return all(
            self._schemas.get(name, moved) == moved
            for name, definition in definitions.items()
            for moved in [_renamed(definition, definitions, "")]
        )


def _contents(operation: Schema) -> Iterator[Schema]:
    parts = [operation.get("requestBody", {}), *operation["responses"].values()]
    for part in parts:
        yield from part.get("content", {}).values()


def _renamed(schema: Schema, definitions: dict[str, Schema], ending: str) -> Schema:
    text = json.dumps(schema)
    for name in definitions:
        # With the quotes around it, no name is the beginning of another one.
        old, new = f'"{DEFINITIONS}{name}"', f'"{COMPONENTS}{name}{ending}"'
        text = text.replace(old, new)
    return json.loads(text)
