"""Labels of events, materials and products for their random streams.

A label says what a thing is and never what it is called or where it stands in the case:
its countries, stages and kinds. It has no figures, so that a what-if with others keeps
every stream; only where labels would be equal does the canonical order tell them apart.
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from models.demand import Product
from models.disruption import Event
from models.instance import Instance
from optimizer.scenarios.canonical_order import canonical_order

_Kind = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by identifier; within each of the three no two are equal."""

    material: Mapping[str, str]
    product: Mapping[str, str]
    event: Mapping[str, str]


def labels_of(instance: Instance) -> Labels:
    """Return the labels of a case."""
    order = canonical_order(instance, ("materials", "products", "events"))
    materials = _kinds_of_materials(instance)
    products = {
        x.id: _kind_of_product(instance, x, materials) for x in instance.products
    }
    events = {x.id: _kind_of_event(x, materials) for x in instance.events}
    return Labels(
        material=_labels(order["materials"], materials),
        product=_labels(order["products"], products),
        event=_labels(order["events"], events),
    )


def _kinds_of_materials(instance: Instance) -> dict[str, _Kind]:
    """Return by material the kinds and countries of its routes."""
    ways: dict[str, set[tuple[str, str, str]]] = {
        m.id: set() for m in instance.materials
    }
    for route in instance.routes:
        way = (route.kind, route.mining_country, route.refining_country)
        ways[route.material].add(way)
    return {m: tuple(sorted(of)) for m, of in ways.items()}


def _kind_of_product(
    instance: Instance, product: Product, materials: Mapping[str, _Kind]
) -> _Kind:
    """Return what a unit needs, and how a shortage is absorbed."""
    needed = sorted(materials[m] for m in instance.index.tonnes_per_unit[product.id])
    absorbed = tuple(block.kind for block in product.shortage_blocks)
    return (product.participant is None, tuple(needed), absorbed)


def _kind_of_event(event: Event, materials: Mapping[str, _Kind]) -> _Kind:
    return (
        event.country,
        event.stage,
        event.onset_date is None,
        len(event.phases),
        tuple(sorted(materials[m] for m in event.materials)),
    )


def _labels(order: Sequence[str], kinds: Mapping[str, _Kind]) -> dict[str, str]:
    """Return the hash of each kind with the rank among those of that kind."""
    seen: Counter[_Kind] = Counter()
    labels: dict[str, str] = {}
    for name in order:
        kind = kinds[name]
        text = f"{kind!r} {seen[kind]}"
        labels[name] = hashlib.sha256(text.encode()).hexdigest()
        seen[kind] += 1
    return labels
