"""In which facts two cases differ, field by field.

Elements of lists are matched by what names them. Words for people, sources, historic
replays and published losses move no plan and are left out.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from models.content import canonical_json
from models.instance import Instance
from models.plan_comparison import FactChange, Topic

SECTIONS: Mapping[str, Topic] = {
    "horizon": Topic.TIME,
    "position": Topic.POSITION,
    "events": Topic.EVENTS,
    "participants": Topic.DEMAND,
    "priority_classes": Topic.DEMAND,
    "membership": Topic.DEMAND,
    "products": Topic.DEMAND,
    "routes": Topic.SUPPLY,
    "treatment_charges": Topic.SUPPLY,
    "trade": Topic.SUPPLY,
    "competing_buyers": Topic.SUPPLY,
    "storage_classes": Topic.STORAGE,
    "financing": Topic.FINANCING,
    "sourcing_options": Topic.MENU,
    "rules": Topic.MENU,
    "levels_days_of_cover": Topic.MENU,
    "entitlement_offers": Topic.MENU,
    "contracts": Topic.MENU,
    "options": Topic.OPTIONS,
}
# Fields of a material; its others are supply.
FIELDS_OF_MATERIALS: Mapping[str, Topic] = {
    "price_usd_per_tonne": Topic.PRICES,
    "price_path_usd_per_tonne": Topic.PRICES,
    "price_volatility_per_year": Topic.PRICES,
    "price_impact": Topic.PRICES,
    "refill_impact": Topic.PRICES,
    "sale_impact": Topic.PRICES,
    "emergency_premium": Topic.PRICES,
    "storage_class": Topic.STORAGE,
    "shelf_life_days": Topic.STORAGE,
    "rotation_spread": Topic.STORAGE,
    "minimum_days_of_cover": Topic.MENU,
    "origin_share_cap": Topic.MENU,
    "lot_tonnes": Topic.MENU,
}
WORDS = {"name", "description", "sources"}
# What names an element of a list, the first that all of its elements have.
KEYS = (
    ("id",),
    ("participant", "material"),
    ("facility",),
    ("event",),
    ("offer",),
    ("material",),
    ("kind",),
)
Fields = dict[str, Any]
Pair = tuple[str, Any, Any]  # where, and what is there in both cases


def fact_changes(
    before: Instance, after: Instance
) -> Mapping[Topic, tuple[FactChange, ...]]:
    """Return the fields that differ by topic, in the order of topics, largest first.

    What is new or gone comes before changes of numbers. Topics without a change are
    left out.
    """
    found: defaultdict[Topic, list[FactChange]] = defaultdict(list)
    old, new = _content(before), _content(after)
    for section, topic in SECTIONS.items():
        none = type(new.get(section) or old.get(section) or {})()
        there = old.get(section) or none, new.get(section) or none
        found[topic] += _differences((section, *there))
    for change in _differences(("materials", old["materials"], new["materials"])):
        found[topic_of_material(change.path)].append(change)
    return {
        topic: tuple(sorted(found[topic], key=_rank)) for topic in Topic if found[topic]
    }


def _rank(change: FactChange) -> tuple[float, bool, str]:
    """Return the place of a change: large ones first, of equals what is cut now."""
    is_cut = change.path.startswith("position.disruptions")
    return -change.size, not is_cut, change.path


def topic_of_material(path: str) -> Topic:
    """Return the topic of a field of a material, by its path."""
    field = path.partition("].")[2].partition("[")[0].partition(".")[0]
    return FIELDS_OF_MATERIALS.get(field, Topic.SUPPLY)


def _content(case: Instance) -> Fields:
    """Return a case as JSON, levels in force only where they limit new ones."""
    content = cast("Fields", json.loads(canonical_json(case)))
    if case.options.level_change_cap_days is None:
        content.get("position", {}).pop("levels", None)
    return content


def _differences(pair: Pair) -> Iterator[FactChange]:
    """Yield each field below a place that differs."""
    path, before, after = pair
    if before == after:
        return
    inside = _inside(path, before, after)
    if inside is None:
        yield FactChange(
            path=path,
            before=None if before is None else _text(before),
            after=None if after is None else _text(after),
            relative_change=_relative_change(before, after),
        )
        return
    for part in inside:
        yield from _differences(part)


def _inside(path: str, before: object, after: object) -> Iterable[Pair] | None:
    """Return the parts of two mappings or lists of them; None of anything else."""
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast("Fields", before), cast("Fields", after)
        keys = [key for key in dict.fromkeys((*old, *new)) if key not in WORDS]
        return [(f"{path}.{key}", old.get(key), new.get(key)) for key in keys]
    parts = [_elements(x) for x in cast("list[object]", [before, after])]
    if not any(parts) or None in parts:
        return None
    elements = [part or [] for part in parts]
    name = _naming(elements)
    old, new = ({name(i, x): x for i, x in enumerate(part)} for part in elements)
    names = dict.fromkeys((*old, *new))
    return [(f"{path}[{key}]", old.get(key), new.get(key)) for key in names]


def _elements(value: object) -> list[Fields] | None:
    """Return the elements of a list of mappings, none if it is absent."""
    if value is None:
        return []
    if not isinstance(value, list):
        return None
    listed = cast("list[object]", value)
    return (
        cast("list[Fields]", value)
        if all(isinstance(x, dict) for x in listed)
        else None
    )


def _naming(lists: Sequence[list[Fields]]) -> Callable[[int, Fields], str]:
    """Return how elements are called: by what names them, else by their position."""
    for keys in KEYS:
        names = [
            [" ".join(str(x.get(key, "")) for key in keys) for x in part]
            for part in lists
        ]
        has_all = all(key in x for part in lists for x in part for key in keys)
        if has_all and all(len(set(x)) == len(x) for x in names):
            return lambda _, x, keys=keys: " ".join(str(x[key]) for key in keys)
    return lambda i, _: str(i)


def _text(value: object) -> str:
    """Return a value as people read it; of a mapping its name, else its fields."""
    if isinstance(value, dict):
        fields = cast("Fields", value)
        if isinstance(name := fields.get("name"), str):
            return name
        return ", ".join(
            f"{key} {_text(x)}" for key, x in fields.items() if key not in WORDS
        )
    if isinstance(value, list):
        listed = cast("list[object]", value)
        return f"[{', '.join(_text(x) for x in listed)}]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _relative_change(before: object, after: object) -> float | None:
    """Return the relative change of a number, the largest one of a list of them."""
    if isinstance(before, list) and isinstance(after, list):
        old, new = cast("list[object]", before), cast("list[object]", after)
        if len(old) != len(new):
            return None
        changes = [
            _relative_change(was, now) for was, now in zip(old, new, strict=True)
        ]
        known = [x for x in changes if x is not None]
        return max(known, key=abs) if known and len(known) == len(changes) else None
    if isinstance(before, bool) or isinstance(after, bool):
        return None
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return None
    if before == after:
        return 0.0
    return (after - before) / abs(before) if before else None
