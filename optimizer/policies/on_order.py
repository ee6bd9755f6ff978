"""Purchases on the way as the operator sees them: what arrives when, what is late.

What is due waits for its route: of what has not arrived yet, the part that disruptions
leave of the route arrives in each period from the agreed one on. So nothing is lost,
and what is still to come depends on nothing but what has arrived.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from models.material import Material
from models.opening_position import OpeningPurchase
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OnOrder:
    """Purchases of a material on the way, those of one route and period together (i).

    By purchase, scenario and period (i, w, t): arriving the part that arrives at the
    end of the period, late the part that is due by then and has not arrived.
    """

    keys: tuple[tuple[int, int], ...]
    arriving: Floats
    late: Floats

    def complete_from(self, on_order: Floats) -> Integers:
        """Return the first period at whose start nothing is still due (c).

        on_order is what is on the way for each policy (c, i).
        """
        ends = np.array([t + 1 for _, t in self.keys], dtype=np.int64)
        return np.where(on_order > 0, ends, 0).max(axis=1)

    def tonnes(
        self, instance: Instance, purchases: Iterable[OpeningPurchase]
    ) -> Floats:
        """Return the sum of some purchases by route and period (i)."""
        found = np.zeros(len(self.keys))
        for x in purchases:
            found[self.position(instance, x)] += x.tonnes
        return found

    def position(self, instance: Instance, purchase: OpeningPurchase) -> int:
        """Return which one (i) a purchase is counted with."""
        return self.keys.index(_key(instance, purchase))


def on_order_of(
    instance: Instance, scenarios: ScenarioSet, material: Material
) -> OnOrder | None:
    """Return what is on the way of a material, for whomever; None if nothing is."""
    keys = sorted(
        {
            _key(instance, x)
            for x in instance.position.purchases
            if x.material == material.id
        }
    )
    if not keys:
        return None
    found = [_arriving(scenarios.availability[r], due) for r, due in keys]
    return OnOrder(
        keys=tuple(keys),
        arriving=np.stack([arriving for arriving, _ in found]),
        late=np.stack([late for _, late in found]),
    )


def _key(instance: Instance, purchase: OpeningPurchase) -> tuple[int, int]:
    return instance.index.route[purchase.route], purchase.arrival_period


def _arriving(availability: Floats, due: int) -> tuple[Floats, Floats]:
    """Return what of a purchase arrives and what is late (w, t), as parts of it."""
    arriving, late = np.zeros_like(availability), np.zeros_like(availability)
    left = np.ones(len(availability))
    for t in range(due, availability.shape[1]):
        arriving[:, t] = left * availability[:, t]
        left = left - arriving[:, t]
        late[:, t] = left
    return arriving, late
