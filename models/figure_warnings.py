"""Warnings about figures of any part: without a field, or meant as per cent."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import cast

from models.mistakes import Mistake
from models.record import Record, SourcedRecord
from models.warning_text import nearest, percent

Parts = Iterable[tuple[str, Record]]

# Sources may be given for these figures, which follow from other parts of a case.
DERIVED_FIGURES = {"participants_need"}
# Fractions that may have been meant as per cent, from these values on.
LEAST_SUSPICIOUS = {
    "rate_per_year": 1.0,
    "commitment_fee_per_year": 1.0,
    # No pool is worth a tenth of all that a member needs.
    "fee_rate_per_year": 0.1,
    "exposure_fee": 1.0,
    "discount_rate_per_year": 1.0,
    "insurance_rate_per_year": 1.0,
    "growth_per_year": 1.0,
    "border_adjustment_rate": 1.0,
    "premium": 1.0,
    "demand_volatility_per_year": 1.0,
    "price_volatility_per_year": 2.0,
    "hazard_per_year": 2.0,
}


def unknown_figures(parts: Parts) -> Iterator[Mistake]:
    """Find sources of figures that their part does not have."""
    for path, part in parts:
        if not isinstance(part, SourcedRecord):
            continue
        fields = type(part).model_fields
        for figure in part.sources:
            # A source may be for a figure inside a field: phases[0].availability.
            name = figure.partition(".")[0].partition("[")[0]
            if name not in fields and name not in DERIVED_FIGURES:
                expected = f"a field of this part{nearest(name, set(fields))}"
                effect = "it is the source of no figure"
                yield Mistake(f"{path}.sources", figure, f"{expected}; {effect}")


def fractions_as_per_cent(parts: Parts) -> Iterator[Mistake]:
    """Find fractions that may have been meant as per cent."""
    for path, part in parts:
        for name in _suspects(type(part)):
            value = cast("float | None", getattr(part, name))
            if value is not None and value >= LEAST_SUSPICIOUS[name]:
                expected = (
                    f"a fraction: {value:g} is read as {percent(value)}; {value:g} % "
                    f"is {value / 100:g}"
                )
                yield Mistake(f"{path}.{name}" if path else name, value, expected)


@cache
def _suspects(kind: type[Record]) -> tuple[str, ...]:
    """Return the fields of a kind of part that may have been meant as per cent."""
    return tuple(name for name in LEAST_SUSPICIOUS if name in kind.model_fields)


def parts_of(part: Record, path: str) -> Iterator[tuple[str, Record]]:
    """Yield a part of a case and the parts in it, each with its path."""
    yield path, part
    for name in type(part).model_fields:
        yield from parts_in(getattr(part, name), f"{path}.{name}" if path else name)


def parts_in(value: object, path: str) -> Iterator[tuple[str, Record]]:
    """Yield the parts in a value of a part."""
    if isinstance(value, Record):
        yield from parts_of(value, path)
    elif isinstance(value, tuple):
        for i, item in enumerate(cast("tuple[object, ...]", value)):
            if isinstance(item, Record):
                yield from parts_of(item, f"{path}[{getattr(item, 'id', i)}]")
