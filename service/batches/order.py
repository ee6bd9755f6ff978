"""The order of a batch: a case, options, listed variants and the axes of a grid."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, cast

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
)

from models.batch import Axis
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.record import without_nul
from service.batches.grid import axis_of
from service.casefiles import CaseFile
from service.files.validation import mistakes_in
from service.jobs.limits import Limits
from service.variants.overlay import Overlay, is_empty

MOST_NAME_CHARACTERS = 200


class ListedVariant(Overlay):
    """An overlay with the name of its variant."""

    name: Annotated[str, AfterValidator(without_nul)] = Field(
        min_length=1, max_length=MOST_NAME_CHARACTERS
    )

    @field_validator("base")
    @classmethod
    def _no_base(cls, base: str) -> str:
        if base:
            expected = "absent: a listed variant changes the case of the batch"
            raise ValueError(expected)
        return base


class BatchOrder(Limits):
    """The order of a batch."""

    model_config = ConfigDict(extra="forbid")

    case: str | dict[str, JsonValue] = Field(
        description="Hash of a stored case, name of a shipped one or of a variant of "
        "it, or a case."
    )
    name: Annotated[str, AfterValidator(without_nul)] = Field(
        default="", max_length=MOST_NAME_CHARACTERS
    )
    options: dict[str, JsonValue] = Field(
        default_factory=dict[str, JsonValue],
        description="SolveOptions to use instead of the case's, in all variants.",
    )
    named_variants: list[str] = Field(
        default_factory=list[str],
        exclude_if=is_empty,
        description="Variants that the case has, by name.",
    )
    variants: list[ListedVariant] = Field(
        default_factory=list[ListedVariant], description="Further variants."
    )
    grid: list[str | Axis] = Field(
        default_factory=list[str | Axis],
        description="Axes, as text (PATH=FIRST..LAST:NUMBER or PATH=VALUE,VALUE) or "
        "as path and values; each combination of their values is a variant, too.",
    )

    @field_validator("case", mode="before")
    @classmethod
    def _check_form(cls, case: object) -> object:
        if not isinstance(case, str | Mapping):
            # Otherwise there is a mistake for each form, with the name of its type.
            expected = "the hash of a case, the name of a shipped one, or a case"
            raise ValueError(expected)  # noqa: TRY004 - pydantic wants this one
        return cast("object", case)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the order, equal for equal orders."""
        wanted = self.model_dump(by_alias=True, exclude=set(Limits.model_fields))
        wanted |= {"limits": limits} if (limits := self.for_fingerprint()) else {}
        text = json.dumps(wanted, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def axes(self) -> tuple[Axis, ...]:
        """Return the axes of the grid, or raise InvalidCaseError."""
        mistakes: list[Mistake] = []
        axes: list[Axis] = []
        for number, axis in enumerate(self.grid):
            try:
                axes.append(
                    axis_of(axis, f"grid[{number}]") if isinstance(axis, str) else axis
                )
            except InvalidCaseError as error:
                mistakes += error.mistakes
        if mistakes:
            raise InvalidCaseError(mistakes)
        return tuple(axes)


def overlays_of(
    case: CaseFile, names: Sequence[str], listed: Sequence[ListedVariant], option: str
) -> list[tuple[str, Overlay]]:
    """Return the variants of a case with these names, then those that are listed.

    Raises InvalidCaseError with every name that is unknown, which messages call
    `option`, and with what is wrong in the named variants.
    """
    mistakes: list[Mistake] = []
    for number, name in enumerate(names):
        try:
            case.overlay(name, option.format(number))
            case.varied(name)
        except InvalidCaseError as error:
            mistakes += error.mistakes
    if mistakes:
        raise InvalidCaseError(mistakes)
    own = [(name, case.of_the_case(name)) for name in names]
    return [*own, *((each.name, each) for each in listed)]


def listed_variants(content: object, source: str) -> list[ListedVariant]:
    """Return variants from a file: a list of them, or merge patches by name.

    Raises InvalidCaseError with every mistake.
    """
    if isinstance(content, Mapping):
        patches = cast("Mapping[str, Any]", content)
        entries = [{"name": name, "patch": it} for name, it in patches.items()]
    else:
        is_list = isinstance(content, list)
        entries = cast("list[Any]", content if is_list else [])
    if not entries:
        expected = "a list of variants with name and patch or set, or patches by name"
        found = "empty" if content in ({}, [], None) else "of another form"
        raise InvalidCaseError([Mistake(source, found, expected)])
    listed: list[ListedVariant] = []
    mistakes: list[Mistake] = []
    for number, entry in enumerate(entries):
        try:
            listed.append(ListedVariant.model_validate(entry))
        except ValidationError as error:
            at = f"{source}: variants[{number}]"
            mistakes += [
                Mistake(f"{at}.{fault.path}".rstrip("."), fault.value, fault.expected)
                for fault in mistakes_in(error, "")
            ]
    if mistakes:
        raise InvalidCaseError(mistakes)
    return listed
