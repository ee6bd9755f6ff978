"""Fields of records for people: title, unit, help and kind, as the models have them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, cast, get_origin

from pydantic import BaseModel

from models.annotations import record_in
from models.instance import Instance
from models.record import Record
from service.console.forms import number_in
from service.console.page import translatable
from service.tabular.headings import parted

SHARE = translatable("share, 0 to 1")
# Fields whose names do not say enough: title and unit.
WORDS: Mapping[str, tuple[str, str]] = {
    "access_alert": (translatable("Alert from which it draws"), ""),
    "alert_thresholds": (translatable("Losses at which alerts begin"), SHARE),
    "availability": (translatable("Flow that remains"), SHARE),
    "debt_to_equity_limit": (translatable("Most debt for a dollar of capital"), ""),
    "drawn": (translatable("How it is drawn"), ""),
    "duration_days_high": (translatable("Longest duration"), translatable("days")),
    "duration_days_low": (translatable("Shortest duration"), translatable("days")),
    "emergency_tonnes_per_year": (
        translatable("Emergency purchases"),
        translatable("tonnes a year"),
    ),
    "floor": (translatable("Held back for a higher alert"), SHARE),
    "hazard_per_year": (translatable("Chance a year"), ""),
    "id": (translatable("Identifier"), ""),
    "is_held": (translatable("Takes free stock"), ""),
    "is_on_order": (translatable("Takes what is on order"), ""),
    "level_change_cap_days": (
        translatable("Most change of a level"),
        translatable("days"),
    ),
    "levels_days_of_cover": (
        translatable("Menu of levels"),
        translatable("days of need"),
    ),
    "limit_usd": (translatable("Limit of draws"), translatable("US dollars")),
    "max_tranches": (translatable("Most tranches"), ""),
    "minimum_days_of_cover": (
        translatable("Least stock"),
        translatable("days of need"),
    ),
    "order": (translatable("Order of draws"), ""),
    "outload_tonnes_per_day": (
        translatable("Outload"),
        translatable("tonnes a day"),
    ),
    "price_cap": (translatable("Buys back up to"), translatable("times the price")),
    "tonnes": (translatable("Quantity"), translatable("tonnes")),
}
BETWEEN = re.compile("[\\s,\uff0c、]+")


@dataclass(frozen=True, slots=True)
class CaseField:
    """A field of a record. kind: of its input; choices: if it is one of a list.

    Of the kind "choices" it is several of them. default: None if it has none.
    bounds: the least and the largest number, if there are both.
    """

    name: str
    title: str
    unit: str
    help: str
    kind: str
    choices: Sequence[str]
    is_required: bool
    default: object
    bounds: tuple[float, float] | None = None

    def shown(self, value: object) -> str:
        """Return a value as it stands in an input; a number with its thousands."""
        if value is None:
            return ""
        if isinstance(value, list | tuple):
            some = cast("Sequence[object]", value)
            return ", ".join(plain_number(x) for x in some)
        if isinstance(value, bool):
            return "true" if value else "false"
        return grouped_number(value)

    def read(self, text: str) -> Any:  # noqa: ANN401 - of JSON
        """Return what was typed as a case has it, or the text if it cannot be that."""
        match self.kind:
            case "list":
                return [number_in(x) for x in BETWEEN.split(text) if x]
            case "number":
                return number_in(text)
            case "select" if self.choices == TRUTH:
                return text == TRUTH[0]
            case _:
                return text


TRUTH = ("true", "false")


def field_title(name: str) -> tuple[str, str]:
    """Return what people call a field, and its unit; empty if it has none."""
    if name in WORDS:
        return WORDS[name]
    words, unit = parted(name)
    return words[:1].upper() + words[1:], unit or ""


@cache
def fields_of(record: type[BaseModel]) -> Mapping[str, CaseField]:
    """Return the fields of a kind of record by name, from its schema."""
    schema = record.model_json_schema()
    required = set(schema.get("required", ()))
    return {
        name: _field(name, content, schema, is_required=name in required)
        for name, content in schema.get("properties", {}).items()
    }


@cache
def record_at(path: str) -> tuple[type[Record], tuple[bool, ...]]:
    """Return the record at a path of fields of a case, and which steps are lists."""
    record: type[Record] = Instance
    are_lists: list[bool] = []
    for step in path.split(".") if path else ():
        annotation = record.model_fields[step].annotation
        found = record_in(annotation)
        if found is None:
            raise KeyError(path)
        are_lists.append(get_origin(annotation) is tuple)
        record = found
    return record, tuple(are_lists)


def plain_number(value: object) -> str:
    """Return a number without exponent and needless digits; a text as it is."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped_number(value: object) -> str:
    """Return the same with a comma after each thousand."""
    text = plain_number(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return text
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if abs(float(text)) >= 1 else text


def _field(
    name: str,
    described: Mapping[str, Any],
    whole: Mapping[str, Any],
    *,
    is_required: bool,
) -> CaseField:
    options = [
        {**_referred(x, whole), **x} for x in (described, *described.get("anyOf", ()))
    ]
    merged = {
        key: value for option in reversed(options) for key, value in option.items()
    }
    title, unit = field_title(name)
    is_share = merged.get("maximum") == 1 and name not in WORDS and not unit
    items = merged.get("items", {})
    choices = tuple(merged.get("enum") or _referred(items, whole).get("enum", ()))
    types = {x.get("type") for x in options}
    kind = "text"
    if "boolean" in types:
        kind, choices = "select", TRUTH
    elif "array" in types:
        kind = "choices" if choices else "list"
    elif choices:
        kind = "select"
    elif types & {"number", "integer"}:
        kind = "number"
    elif merged.get("format") == "date":
        kind = "date"
    return CaseField(
        name,
        title,
        SHARE if is_share else unit,
        described.get("description", ""),
        kind,
        choices,
        is_required,
        described.get("default"),
        _bounds(merged),
    )


def _referred(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the enumeration that a schema refers to; nothing if it is none."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = whole.get("$defs", {}).get(name, {})
    return {x: found[x] for x in ("enum", "type") if "enum" in found}


def _bounds(schema: Mapping[str, Any]) -> tuple[float, float] | None:
    least, largest = schema.get("minimum"), schema.get("maximum")
    return None if least is None or largest is None else (least, largest)
