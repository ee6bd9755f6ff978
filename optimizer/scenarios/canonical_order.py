"""The order of a case's parts by what they are, whatever they are called.

Parts are ordered by their figures; those with equal figures by the parts that they name
and that name them (colour refinement, Weisfeiler & Leman 1968). What is still equal is
interchangeable, and is taken one at a time in the order of the case.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from models.disruption import Disruption
from models.instance import Instance
from models.record import Record

# A part as (list that it is in, identifier).
Part: TypeAlias = tuple[str, str]
# Nested tuples that can be compared, whatever figures are missing.
Figures: TypeAlias = tuple[Any, ...]

NAMES = frozenset({"id", "name", "sources", "unit", "traded_form"})
# The list in which the identifiers in a field are found.
LISTS = {
    "material": "materials",
    "materials": "materials",
    "component": "products",
    "participant": "participants",
    "beneficiary": "participants",
    "priority_class": "priority_classes",
    "storage_class": "storage_classes",
    "route": "routes",
    "treatment_charge": "treatment_charges",
    "stage": "stages",
    "purchase_stage": "stages",
    "event": "events",
    "offer": "entitlement_offers",
    "right": "entitlement_offers",
    "contract": "contracts",
    "members": "participants",
    "sourcing": "sourcing_options",
}
# What of a position tells materials and participants apart.
POSITION = (
    "stock",
    "purchases",
    "rights",
    "sales",
    "contracts",
    "disruptions",
    "buffers",
    "fees",
    "alerts",
    "prices",
    "levels",
)
UNORDERED = frozenset({"bill_of_materials", "disruptions"})


@dataclass(frozen=True, slots=True)
class _Reference:
    """A part that is named, and where: the path, and the figures beside it."""

    place: Figures
    part: Part


def canonical_order(
    instance: Instance, lists: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the identifiers in some lists of a case in their canonical order."""
    figures: dict[Part, Figures] = {}
    references: dict[Part, list[_Reference]] = {}
    for part, record in _parts(instance):
        figures[part], references[part] = _read(record)
    for named in [x.part for found in references.values() for x in found]:
        # Stages are no list of a case: all that is known of one is where it is named.
        figures.setdefault(named, ())
    parts = list(figures)
    colour = _ranks([(part[0], figures[part]) for part in parts])
    colour = _individual(
        colour, _links(parts, references), [p[0] in lists for p in parts]
    )
    rank = dict(zip(parts, colour, strict=True))
    return {
        name: tuple(
            i
            for _, i in sorted((p for p in parts if p[0] == name), key=rank.__getitem__)
        )
        for name in lists
    }


def _parts(instance: Instance) -> Iterator[tuple[Part, Record]]:
    """Yield what is named in a case or names something, in the order of the case."""
    for name in (
        "materials",
        "storage_classes",
        "routes",
        "treatment_charges",
        "priority_classes",
        "participants",
        "products",
        "entitlement_offers",
        "contracts",
        "competing_buyers",
        "events",
        "replays",
    ):
        for record in getattr(instance, name):
            yield (name, record.id), record
    for i, floor in enumerate(instance.trade.price_floors):
        yield ("price_floors", str(i)), floor
    if instance.membership is not None:
        yield ("membership", ""), instance.membership
    for name in POSITION:
        for i, record in enumerate(getattr(instance.position, name)):
            yield (f"position.{name}", str(i)), record


def _read(record: Record) -> tuple[Figures, list[_Reference]]:
    """Return the figures of a part, one for each field, and what it names."""
    figures: list[Figures] = []
    references: list[_Reference] = []
    for name in type(record).model_fields:
        value: Any = getattr(record, name)
        figure: Figures = ()
        if _is_reference(record, name):
            named: tuple[str, ...] = (value,) if isinstance(value, str) else value or ()
            references += [_Reference((name,), (LISTS[name], x)) for x in named]
        elif records := _records(value):
            inner = [_read(x) for x in records]
            listed = [beside for beside, _ in inner]
            figure = (2, tuple(sorted(listed) if name in UNORDERED else listed))
            references += [
                _Reference((name, beside, *x.place), x.part)
                for beside, found in inner
                for x in found
            ]
        elif name not in NAMES:
            figure = _comparable(value)
        figures.append(figure)
    return tuple(figures), references


def _records(value: Any) -> tuple[Record, ...]:  # noqa: ANN401 - any field
    """Return the records in a list, or a record alone; none if it is neither."""
    if isinstance(value, Record):
        return (value,)
    if not isinstance(value, tuple):
        return ()
    listed = cast("tuple[object, ...]", value)
    return tuple(x for x in listed if isinstance(x, Record))


def _is_reference(record: Record, field: str) -> bool:
    # The stage of a disruption is a word of the model, not one of the case.
    is_word = field == "stage" and isinstance(record, Disruption)
    return field in LISTS and not is_word


def _comparable(value: object) -> Figures:
    """Return a figure, a word or a list of them as something that can be compared."""
    if value is None:
        return ()
    if isinstance(value, int | float):
        return (0, float(value))
    if isinstance(value, tuple):
        return (2, tuple(map(_comparable, cast("tuple[object, ...]", value))))
    return (1, str(value))


def _links(
    parts: Sequence[Part], references: Mapping[Part, Sequence[_Reference]]
) -> list[list[tuple[int, int]]]:
    """Return the neighbours of each part: the rank of the place and their position.

    Places in which a part is named are odd, those in which it names another even.
    """
    at = {part: i for i, part in enumerate(parts)}
    found = [(part, x) for part, named in references.items() for x in named]
    places = _ranks([(part[0], x.place) for part, x in found])
    links: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for (part, x), place in zip(found, places, strict=True):
        links[at[part]].append((2 * place, at[x.part]))
        links[at[x.part]].append((2 * place + 1, at[part]))
    return [links[i] for i in range(len(parts))]


def _individual(
    colour: list[int],
    links: Sequence[Sequence[tuple[int, int]]],
    is_wanted: Sequence[bool],
) -> list[int]:
    """Return colours of which no two wanted parts have the same."""
    colour = _refined(colour, links)
    while True:
        number = Counter(
            c for c, wanted in zip(colour, is_wanted, strict=True) if wanted
        )
        tied = min((c for c, n in number.items() if n > 1), default=None)
        if tied is None:
            return colour
        # The others of its colour follow the first one, and so may what belongs to it.
        first = colour.index(tied)
        colour = [2 * c + (c == tied and i != first) for i, c in enumerate(colour)]
        colour = _refined(_ranks(colour), links)


def _refined(
    colour: list[int], links: Sequence[Sequence[tuple[int, int]]]
) -> list[int]:
    """Return colours split by those of the neighbours until none can be split."""
    while True:
        finer = _ranks(
            [
                (c, tuple(sorted((place, colour[j]) for place, j in near)))
                for c, near in zip(colour, links, strict=True)
            ]
        )
        if max(finer) == max(colour):
            return finer
        colour = finer


def _ranks(values: Sequence[Any]) -> list[int]:
    """Return the rank of each value among those that differ."""
    rank = {value: i for i, value in enumerate(sorted(set(values)))}
    return [rank[value] for value in values]
