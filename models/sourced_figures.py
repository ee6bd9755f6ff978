"""The figures of a case, where each comes from, and which assumption it belongs to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from models.instance import Instance
from models.record import Record, SourcedRecord
from models.sensitivity import Assumption

# What a source can be, by the word that it begins with; any other word: sourced.
SOURCED, NONE = "sourced", "none"
KINDS = (SOURCED, "assumption", "illustrative", "calibrated", NONE)
STEP = re.compile(r"[^.\[\]]+")
# Figures that an assumption of the sensitivity scales, by section.
FIELDS: Mapping[Assumption, Mapping[str, tuple[str, ...]]] = {
    Assumption.HAZARDS: {"events": ("hazard_per_year", "probability")},
    Assumption.SEVERITIES: {"events": ("phases",)},
    Assumption.DURATIONS: {"events": ("phases",)},
    Assumption.PRICES: {
        "materials": ("price_usd_per_tonne", "price_path_usd_per_tonne")
    },
    Assumption.SHORTAGE_COSTS: {"products": ("shortage_blocks",)},
    Assumption.MARKET_CAPACITY: {
        "materials": ("market_capacity_tonnes_per_year", "price_impact"),
        "routes": ("vault_tonnes_per_year",),
    },
    Assumption.SPARE_CAPACITY: {"routes": ("capacity_factor",)},
    Assumption.WORKING_BUFFERS: {
        "participants": ("working_buffer_days",),
        "position": ("days", "full_days"),
    },
    Assumption.BUILD_UP_TIMES: {"sourcing_options": ("build_up_periods",)},
    Assumption.FINAL_VALUE_HAIRCUT: {"financing": ("final_value_haircut",)},
}


@dataclass(frozen=True, slots=True)
class SourcedFigure:
    """A figure of a case, and where it comes from.

    path is where it stands; label the name of the part that it is of.
    """

    section: str
    path: str
    field: str
    label: str
    value: object
    source: str

    @property
    def kind(self) -> str:
        """What the source is."""
        return kind_of(self.source)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The assumptions of a sensitivity that change it."""
        return tuple(
            name
            for name, fields in FIELDS.items()
            if self.field in fields.get(self.section, ())
        )


def kind_of(source: str) -> str:
    """Return what a source is: the word that it begins with, or else sourced."""
    if not source:
        return NONE
    word = source.partition(":")[0].casefold().split(" ")[0]
    return word if word in KINDS else SOURCED


def figures_in(case: Instance) -> Iterator[SourcedFigure]:
    """Yield each figure that has a source, and each given number that has none."""
    yield from _inside(case, "", "")


def _inside(part: Record, path: str, label: str) -> Iterator[SourcedFigure]:
    name = getattr(part, "name", None) or getattr(part, "id", None)
    own = str(name) if name and not isinstance(part, Instance) else label
    if isinstance(part, SourcedRecord):
        yield from _of_record(part, path, own)
    for field in type(part).model_fields:
        value: object = getattr(part, field)
        at = f"{path}.{field}" if path else field
        if isinstance(value, Record):
            yield from _inside(value, at, own)
        elif isinstance(value, tuple):
            for place, item in enumerate(cast("tuple[object, ...]", value)):
                if isinstance(item, Record):
                    key = getattr(item, "id", None) or place
                    yield from _inside(item, f"{at}[{key}]", own)


def _of_record(part: SourcedRecord, path: str, label: str) -> Iterator[SourcedFigure]:
    figures = {
        name
        for name in type(part).model_fields
        if name in part.model_fields_set and _is_number(getattr(part, name))
    }
    for figure in [*part.sources, *sorted(figures - set(part.sources))]:
        yield SourcedFigure(
            section=path.partition(".")[0].partition("[")[0],
            path=f"{path}.{figure}",
            field=(STEP.findall(figure) or [figure])[-1],
            label=label,
            value=_value_at(part, figure),
            source=part.sources.get(figure, ""),
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value_at(part: object, path: str) -> object:
    here: Any = part
    for step in STEP.findall(path):
        if isinstance(here, Mapping):
            here = cast("Mapping[str, Any]", here).get(step)
        elif isinstance(here, tuple):
            some = cast("tuple[Any, ...]", here)
            is_there = step.isdecimal() and int(step) < len(some)
            here = some[int(step)] if is_there else None
        else:
            here = getattr(here, step, None)
    return here
