"""The base of all documents: frozen, without unknown fields or NaN; sources."""

from collections.abc import Iterable, Mapping
from typing import Any, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from models.mistakes import Collector

LARGEST_NUMBER = 1e15
LARGEST_WHOLE = 2**63 - 1  # the largest that an integer column holds


def without_nul(text: str) -> str:
    """Return the text; raise ValueError if it has a NUL, which PostgreSQL alters."""
    if "\0" in text:
        msg = "text without the character NUL"
        raise ValueError(msg)
    return text


def is_absent(value: object) -> bool:
    """Say whether an optional field is not given: documents then leave it out.

    So a case of an earlier version keeps its hash when a field is added.
    """
    return value is None or value == ()


def is_zero(value: object) -> bool:
    """Say whether an amount that most documents do not have is 0; they leave it out."""
    return value == 0


class NumberTooLargeError(ValueError):
    """A number is larger than any figure of a case."""


class Record(BaseModel):
    """An immutable part of a document; an unknown field is a mistake."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        validate_default=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_value_as_number(cls, value: object, info: ValidationInfo) -> object:
        # Else a lot of `true` tonnes would be read as 1 t.
        if any(isinstance(part, bool) for part in _parts(value)):
            types = set(_types(cls.model_fields[info.field_name or ""].annotation))
            if bool not in types and not types.isdisjoint({int, float}):
                msg = "a number, not a truth value"
                raise ValueError(msg)
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _of_this_world(cls, value: object, info: ValidationInfo) -> object:
        # No figure of a case comes near these limits, but a typing error does.
        for part in _parts(value):
            if isinstance(info.context, Collector) and isinstance(part, str):
                without_nul(part)
            if isinstance(part, float) and abs(part) > LARGEST_NUMBER:
                msg = f"at most {LARGEST_NUMBER:g} in size"
                raise NumberTooLargeError(msg)
            if isinstance(part, int) and abs(part) > LARGEST_WHOLE:
                msg = f"at most {LARGEST_WHOLE} in size"
                raise NumberTooLargeError(msg)
        return value


class SourcedRecord(Record):
    """A record that names the sources of its figures."""

    sources: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "Where each figure comes from, by field name: a file and row, a document, "
            "or 'assumption: ...' with the reason."
        ),
    )


def _parts(value: object) -> Iterable[object]:
    """Return the value itself, or the elements of a list or mapping and its keys."""
    if isinstance(value, Mapping):
        mapping = cast("Mapping[object, object]", value)
        return (*mapping.keys(), *mapping.values())
    if isinstance(value, list | tuple):
        return cast("list[object] | tuple[object, ...]", value)
    return (value,)


def _types(annotation: Any) -> Iterable[type]:  # noqa: ANN401 - any annotation
    """Yield the plain types in an annotation such as tuple[float, ...] | None."""
    if isinstance(annotation, type):
        yield annotation
    for argument in get_args(annotation):
        yield from _types(argument)
