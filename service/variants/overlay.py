"""An overlay: what a variant changes in its base, and why."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from models.record import without_nul

Text = Annotated[str, AfterValidator(without_nul)]


def is_empty(value: object) -> bool:
    """Say whether a field has nothing in it; documents then leave it out."""
    return not value


class Overlay(BaseModel):
    """The changes that make a variant out of its base, in the order of the fields.

    With a title the variant is a case of its own: it has an id, a name and a
    description, and its figures have sources.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = Field(
        default="",
        exclude_if=is_empty,
        description="Variant of the same case that this one changes; the case itself "
        "if absent. That variant has no base.",
    )
    patch: dict[str, JsonValue] = Field(
        default_factory=dict[str, JsonValue],
        description="JSON merge patch of the case (RFC 7396); it replaces whole lists.",
    )
    keep: dict[str, list[str]] = Field(
        default_factory=dict[str, list[str]],
        exclude_if=is_empty,
        description="Ids to keep, by list; all others are dropped.",
    )
    drop: dict[str, list[str]] = Field(
        default_factory=dict[str, list[str]],
        exclude_if=is_empty,
        description="Ids to drop, by list, with what cannot be without them.",
    )
    add: dict[str, list[dict[str, JsonValue]]] = Field(
        default_factory=dict[str, list[dict[str, JsonValue]]],
        exclude_if=is_empty,
        description="Further elements with ids, by list.",
    )
    values: dict[str, JsonValue] = Field(
        default_factory=dict[str, JsonValue],
        alias="set",
        description="Values by path, as --set takes them.",
    )
    title: Text = Field(
        default="", exclude_if=is_empty, description="Name of the variant for people."
    )
    reason: Text = Field(
        default="", exclude_if=is_empty, description="What the variant is about."
    )
    sources: dict[str, Text] = Field(
        default_factory=dict[str, str],
        exclude_if=is_empty,
        description="Where values come from, by their path in `set`.",
    )

    @property
    def changes_nothing(self) -> bool:
        """Whether there is no change in it."""
        return not (self.patch or self.keep or self.drop or self.add or self.values)
