"""The common form of every document part: frozen, no unknown fields, no NaN, sourced."""

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """An immutable part of a document; an unknown field is a mistake."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        validate_default=True,
    )


class SourcedRecord(Record):
    """A record whose figures say where they come from."""

    sources: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "Where each figure comes from, by field name: a file and row, a document, or "
            "'assumption: ...' with the reason."
        ),
    )
