"""Which parts of a case refer to which, and a case without some of its parts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from operator import is_
from typing import Any, Union, cast


@dataclass(frozen=True, slots=True)
class Whole:
    """References that belong together: a part goes with the first of them."""

    section: str


# By field: the list that it refers to, or the references inside. A list of references
# gets shorter, and its part goes with the last of them.
Targets = Mapping[str, Union[str, Whole, "Targets"]]

REFERENCES: Targets = {
    "materials": {"storage_class": "storage_classes"},
    "storage_classes": {},
    "routes": {"material": "materials", "treatment_charge": "treatment_charges"},
    "treatment_charges": {"material": "materials"},
    "trade": {"price_floors": {"material": "materials"}},
    "priority_classes": {},
    "participants": {"priority_class": "priority_classes"},
    "membership": {"members": "participants"},
    "products": {
        "participant": "participants",
        "bill_of_materials": {"material": "materials", "component": "products"},
    },
    "sourcing_options": {},
    "rules": {},
    "position": {
        "stock": {"material": "materials", "right": "entitlement_offers"},
        "purchases": {
            "material": "materials",
            "route": "routes",
            "right": "entitlement_offers",
        },
        "sales": {"material": "materials"},
        "rights": {"offer": "entitlement_offers", "sourcing": "sourcing_options"},
        "debt": {"facility": "financing.facilities"},
        "contracts": {"contract": "contracts"},
        "disruptions": {"event": "events"},
        "buffers": {"participant": "participants", "material": "materials"},
        "fees": {"participant": "participants"},
        "alerts": {"material": "materials"},
        "levels": {"material": "materials"},
        "prices": {"material": "materials"},
    },
    "entitlement_offers": {"participant": "participants", "material": "materials"},
    "contracts": {
        "material": "materials",
        "route": "routes",
        "beneficiary": "participants",
    },
    "competing_buyers": {"material": "materials"},
    "financing": {"facilities": {}},
    "events": {"materials": "materials"},
    "replays": {"disruptions": {"materials": "materials"}},
    "published_losses": {
        "materials": Whole("materials"),
        "products": Whole("products"),
    },
    "unmodelled": {},
    "options": {"added_levels_days_of_cover": "materials"},
}

_GONE = object()


def without(
    content: Mapping[str, Any], dropped: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """Return a case without the elements of these ids, by list.

    What refers to them goes too: a line of a bill, and a product whose bill has no
    other; a route, offer, contract or floor; an event that hits nothing else. Parts
    that are left as they are, are shared and not copied.
    """
    pruning = _Pruning({section: set(ids) for section, ids in dropped.items()})
    while True:
        number = pruning.number_gone
        result = pruning.part(content, REFERENCES, "")
        if pruning.number_gone == number:
            return result


@dataclass(slots=True)
class _Pruning:
    """Takes parts out of a case; `gone` has the ids of those out so far, by list."""

    gone: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    @property
    def number_gone(self) -> int:
        return sum(len(ids) for ids in self.gone.values())

    def part(
        self, part: Mapping[str, Any], targets: Targets, path: str
    ) -> dict[str, Any]:
        """Return an object that stays, even if a list in it becomes empty."""
        return {
            key: [] if pruned is _GONE else pruned
            for key, value in part.items()
            for pruned in (self._pruned(value, targets.get(key), _under(path, key)),)
        }

    def _pruned(
        self, value: object, target: str | Whole | Targets | None, path: str
    ) -> object:
        match target:
            case None:
                return value
            case str() | Whole():
                return self._references(value, target)
            case _ if isinstance(value, list):
                return self._elements(cast("list[Any]", value), target, path)
            case _ if isinstance(value, dict):
                part = cast("dict[str, Any]", value)
                pruned = self.part(part, target, path)
                is_same = all(pruned[key] is part[key] for key in part)
                return part if is_same else pruned
            case _:
                return value

    def _references(self, value: object, target: str | Whole) -> object:
        is_whole = isinstance(target, Whole)
        gone = self.gone.get(target.section if isinstance(target, Whole) else target)
        if not gone:
            return value
        if isinstance(value, dict):
            keyed = cast("dict[str, Any]", value)
            left = {key: it for key, it in keyed.items() if key not in gone}
            return keyed if len(left) == len(keyed) else left
        if isinstance(value, list):
            listed = cast("list[Any]", value)
            stay = [it for it in listed if not (isinstance(it, str) and it in gone)]
            if len(stay) == len(listed):
                return listed
            return stay if stay and not is_whole else _GONE
        return _GONE if isinstance(value, str) and value in gone else value

    def _elements(self, elements: list[Any], targets: Targets, path: str) -> object:
        pruned = [self._element(element, targets, path) for element in elements]
        stay = [element for element in pruned if element is not _GONE]
        if len(stay) == len(elements) and all(map(is_, stay, elements)):
            return elements
        return stay or _GONE

    def _element(self, element: object, targets: Targets, path: str) -> object:
        if not isinstance(element, dict):
            return element
        part = cast("dict[str, Any]", element)
        identifier = part.get("id")
        gone = self.gone.setdefault(path, set())
        if isinstance(identifier, str) and identifier in gone:
            return _GONE
        pruned = {
            key: self._pruned(value, targets.get(key), _under(path, key))
            for key, value in part.items()
        }
        if any(value is _GONE for value in pruned.values()):
            if isinstance(identifier, str):
                gone.add(identifier)
            return _GONE
        return part if all(pruned[key] is part[key] for key in part) else pruned


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
