"""The alerts of the observed period, and since when there has been one."""

import datetime as dt
from collections.abc import Iterator

from models.alerts_before import alerts_before
from models.instance import Instance
from models.orders import MaterialAlert, Orders
from optimizer.evaluation.replay import PlanReplay


def material_alerts(
    instance: Instance, happened: PlanReplay, previous: Orders | None
) -> Iterator[MaterialAlert]:
    """Yield the alert of each material that has one.

    It began when the orders before say so, or else as the position has it.
    """
    market = happened.market
    known = {} if previous is None else {x.material: x.since for x in previous.alerts}
    for m, material in enumerate(instance.materials):
        if alert := int(market.alert[m, 0, 0]):
            yield MaterialAlert(
                material=material.id,
                alert=alert,
                since=known.get(material.id) or _since(instance, material.id),
                gap_tonnes=float(market.market_gap[m, 0, 0]),
            )


def _since(instance: Instance, material: str) -> dt.date:
    """Return the first day of the alert that goes on in the first period."""
    periods = 0
    for level in reversed(alerts_before(instance, material)):
        if level == 0:
            break
        periods += 1
    return instance.horizon.start_of(-periods)
