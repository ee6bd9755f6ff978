"""Expand a batch: from a base case, listed variants and a grid to the cases to solve.

Every variant is read before any is solved, and all mistakes are reported together, each
with the name of its variant.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import JsonValue

from models.batch import BASE, Axis, name_of_values
from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError, read_instance
from models.variation import Variation, VariedCase
from service.batches.grid import combinations, number_of_combinations
from service.overrides import SamePathError
from service.variants.named import varied_case
from service.variants.overlay import Overlay

MOST_VARIANTS = 20_000
# A wrong variant is read twice, for a good message, so only that many are read.
MOST_WRONG_VARIANTS = 100

UNCHANGED = Overlay()


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant, not read yet."""

    number: int
    name: str
    overlay: Overlay = UNCHANGED


def variants_of(
    overlays: Sequence[tuple[str, Overlay]], axes: Sequence[Axis]
) -> tuple[Variant, ...]:
    """Return the base, the variants of these names and the grid, in that order.

    Raises InvalidCaseError if there are none or too many, or if two share a name.
    """
    number = len(overlays) + number_of_combinations(axes)
    if not 1 <= number <= MOST_VARIANTS:
        expected = f"1 to {MOST_VARIANTS}, listed or as combinations of a grid"
        raise InvalidCaseError([Mistake("variants", number, expected)])
    grid = combinations(axes) if axes else iter(())
    wanted: Iterator[tuple[str, Overlay]] = itertools.chain(
        [(BASE, UNCHANGED)],
        overlays,
        ((name_of_values(values), Overlay(set=dict(values))) for values in grid),
    )
    found = tuple(Variant(i, *each) for i, each in enumerate(wanted))
    if mistakes := [*_same_paths(axes), *_same_names(found)]:
        raise InvalidCaseError(mistakes)
    return found


def base_of(content: Mapping[str, Any], options: Mapping[str, JsonValue]) -> Instance:
    """Return the base case of all variants, or raise InvalidCaseError."""
    own: object = content.get("options") or {}
    if not options or not isinstance(own, Mapping):
        return read_instance(content)
    own_options = cast("Mapping[str, Any]", own)
    return read_instance({**content, "options": {**own_options, **options}})


def read_variants(
    base: Instance,
    variants: Sequence[Variant],
    take: Callable[[Variant, VariedCase], None],
) -> None:
    """Read the case of each variant and pass both to `take`.

    Raises InvalidCaseError with the mistakes of all variants, or of the first hundred
    that have some. Then the cases that were passed on must not be used.
    """
    variation = Variation(base)
    mistakes: list[Mistake] = []
    number_wrong = 0
    wrong_paths: set[tuple[str, ...]] = set()
    for variant in variants:
        paths = tuple(variant.overlay.values)
        if paths in wrong_paths:
            continue
        try:
            take(variant, varied(variation, variant))
        except SamePathError as error:
            # It is the same for all combinations of a grid.
            mistakes += (placed(fault, variant) for fault in error.mistakes)
            wrong_paths.add(paths)
        except InvalidCaseError as error:
            mistakes += (placed(fault, variant) for fault in error.mistakes)
            number_wrong += 1
            if number_wrong >= MOST_WRONG_VARIANTS:
                break
    if mistakes:
        raise InvalidCaseError(mistakes)


def varied(variation: Variation, variant: Variant) -> VariedCase:
    """Return the case of a variant, or raise InvalidCaseError."""
    content = varied_case(variation.content, variant.name, variant.overlay)
    try:
        return variation.read(content)
    except RecursionError:
        expected = "products that are nested less deeply"
        raise InvalidCaseError([Mistake("case", "nested", expected)]) from None


def placed(mistake: Mistake, variant: Variant) -> Mistake:
    """Return a mistake, or a warning, with the name of its variant."""
    at = f"variants[{variant.name}].{mistake.path}"
    return Mistake(at, mistake.value, mistake.expected)


def _same_names(variants: Sequence[Variant]) -> Iterator[Mistake]:
    for name, count in Counter(variant.name for variant in variants).items():
        if count > 1:
            reserved = " (the case as it is has it)" if name == BASE else ""
            expected = f"a name that no other variant has{reserved}, found {count}"
            yield Mistake(f"variants[{name}].name", name, expected)


def _same_paths(axes: Sequence[Axis]) -> Iterator[Mistake]:
    for path, count in Counter(axis.path for axis in axes).items():
        if count > 1:
            yield Mistake(f"grid[{path}]", path, f"each path once, found {count}")
