"""Cases in which everything has another identifier and another name."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from models.identifiers import LISTS
from tests.cases import Case

TEXTS = frozenset({"name", "unit", "traded_form"})
# The kind of what a field names; a stage of production is named where it is used.
NAMED = {
    "material": "materials",
    "materials": "materials",
    "component": "products",
    "participant": "participants",
    "beneficiary": "participants",
    "priority_class": "priority_classes",
    "storage_class": "storage_classes",
    "products": "products",
    "route": "routes",
    "stage": "stages",
    "purchase_stage": "stages",
    "treatment_charge": "treatment_charges",
    "event": "events",
    "facility": "financing.facilities",
    "offer": "entitlement_offers",
    "right": "entitlement_offers",
    "sourcing": "sourcing_options",
}
TOP = frozenset({"id", "name", "description"})
WORDS = frozenset({"mining", "refining", "both"})


def renamed(case: Case, spelling: int = 1) -> Case:
    """Return a case that differs in identifiers and names only, as the number says."""
    copy: Case = json.loads(json.dumps(case, default=str))
    copy["id"] = new_name(copy["id"], "cases", spelling)
    copy["name"] = new_name(copy["name"], "texts", spelling)
    for section in LISTS:
        for part in _elements(copy, section):
            part["id"] = new_name(part["id"], section, spelling)
    parts = {key: value for key, value in copy.items() if key not in TOP}
    return copy | json.loads(
        json.dumps(parts), object_pairs_hook=lambda pairs: _fields(pairs, spelling)
    )


def new_name(name: str, kind: str, spelling: int) -> str:
    """Return another name, which stands elsewhere in the alphabet."""
    text = f"{spelling} {kind} {name}"
    return f"x{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _elements(case: Case, section: str) -> Iterator[dict[str, Any]]:
    found: Any = case
    for key in section.split("."):
        found = found.get(key, {})
    yield from found


def _fields(pairs: list[tuple[str, Any]], spelling: int) -> dict[str, Any]:
    return {key: _field(key, value, spelling) for key, value in pairs}


def _field(name: str, value: Any, spelling: int) -> object:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_field(name, x, spelling) for x in value]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, str) or value in WORDS:
        return value
    kind = "texts" if name in TEXTS else NAMED.get(name)
    return value if kind is None else new_name(value, kind, spelling)
