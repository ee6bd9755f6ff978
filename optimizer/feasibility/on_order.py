"""Purchases on the way, followed purchase by purchase and scenario by scenario.

Without `models.on_order` and `optimizer.policies.on_order`.
"""

from collections.abc import Iterable

import numpy as np

from models.instance import Instance
from models.material import Material
from models.opening_position import OpeningPurchase
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


def free_on_order(instance: Instance, material: Material) -> list[OpeningPurchase]:
    """Return the purchases of a material that tranches and sale share."""
    mine = [x for x in instance.position.purchases if x.material == material.id]
    return [x for x in mine if x.right is None]


def on_order_for(instance: Instance, offer: str) -> list[OpeningPurchase]:
    """Return the purchases for the right of an offer."""
    return [x for x in instance.position.purchases if x.right == offer]


def part_of_each(
    purchases: list[OpeningPurchase], tonnes: float
) -> list[OpeningPurchase]:
    """Return purchases cut to some tonnes in sum: the same part of each."""
    whole = sum(x.tonnes for x in purchases) or 1.0
    return [
        x.model_copy(update={"tonnes": x.tonnes * tonnes / whole}) for x in purchases
    ]


def arrivals(
    instance: Instance, scenarios: ScenarioSet, purchase: OpeningPurchase
) -> Floats:
    """Return what arrives of a purchase at the end of each period (w, t), tonnes.

    What is due waits; of what waits, as much comes as the route is available.
    """
    r = next(i for i, x in enumerate(instance.routes) if x.id == purchase.route)
    found = np.zeros_like(scenarios.availability[r])
    waiting = np.zeros(len(found))
    for t in range(found.shape[1]):
        if t == purchase.arrival_period:
            waiting += purchase.tonnes
        found[:, t] = waiting * scenarios.availability[r, :, t]
        waiting -= found[:, t]
    return found


def late(
    instance: Instance,
    scenarios: ScenarioSet,
    purchases: Iterable[OpeningPurchase],
    end: int | None = None,
) -> Floats:
    """Return what is due and has not arrived at the end of each period (w, t), tonnes.

    Nothing from the end of a right on.
    """
    found = np.zeros(scenarios.price.shape[1:])
    for x in purchases:
        arrived = np.cumsum(arrivals(instance, scenarios, x), axis=1)
        found[:, x.arrival_period :] += (x.tonnes - arrived)[:, x.arrival_period :]
    if end is not None:
        found[:, end:] = 0.0
    return found


def due_usd(instance: Instance) -> Floats:
    """Return what is still to be paid for purchases in each period (t), US dollars."""
    due = np.zeros(instance.horizon.number_of_periods)
    for x in instance.position.purchases:
        if not x.is_paid:
            due[x.arrival_period] += x.tonnes * x.price_usd_per_tonne
    return due
