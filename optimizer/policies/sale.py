"""The sale of a surplus as a policy: free stock that leaves by the calendar.

It releases at any gap and alert, oldest stock first, and buys nothing. Nothing of it
reaches participants.
"""

import math
from dataclasses import replace

import numpy as np

from models.held_stock import expired_parts_of
from models.instance import Instance
from models.opening_position import SaleTerms
from models.plan import Sale
from models.surplus_sale import most_sold
from models.tranche_in_force import SaleInForce
from optimizer.policies.holding import Holding
from optimizer.policies.policy import NUMBER_OF_ALERT_LEVELS, Policies
from optimizer.policies.policy_text import sale_text
from optimizer.scenarios.scenario_set import Floats


def whole_sale(instance: Instance, holding: Holding, terms: SaleTerms) -> Policies:
    """Return the policy (c = 1) that sells the most that terms and outload allow."""
    horizon, number = instance.horizon, terms.within_periods
    days = horizon.average_period_days * horizon.shortest_period_share
    loaded = holding.storage.outload_tonnes_per_day * days * number
    most = np.array([min(most_sold(instance, holding.material, terms), loaded)])
    return _selling(holding, most, most / number)


def to_sale(instance: Instance, holding: Holding, policy: Policies) -> Sale:
    """Return what a scaled policy (c = 1) sells as a document."""
    sale = Sale(
        material=holding.material.id,
        tonnes=float(policy.target[0]),
        tonnes_per_period=float(policy.draw[0, 0]),
        text="",
    )
    return sale.model_copy(update={"text": sale_text(instance, sale)})


def sale_policies(instance: Instance, holding: Holding, sale: Sale) -> Policies:
    """Return the policy (c = 1) of a sale, from its printed numbers."""
    tonnes, pace = np.array([sale.tonnes]), np.array([sale.tonnes_per_period])
    policies = _selling(holding, tonnes, pace)
    if not isinstance(sale, SaleInForce):
        return policies
    lots, horizon = sale.in_place, instance.horizon
    return replace(
        policies,
        initial=np.array([math.fsum(lot.tonnes for lot in lots)]),
        initial_expired=np.array([expired_parts_of(horizon, holding.material, lots)]),
    )


def _selling(holding: Holding, tonnes: Floats, pace: Floats) -> Policies:
    """Return policies (c) that sell tonnes at a pace a period."""
    by_alert = np.ones((len(tonnes), NUMBER_OF_ALERT_LEVELS))
    nothing, none = np.zeros(len(tonnes)), np.zeros(len(tonnes), dtype=np.int64)
    return Policies(
        share=np.ones(len(tonnes)),
        target=tonnes,
        draw=pace[:, None] * by_alert,
        coverage=by_alert,
        floor=nothing[:, None] * by_alert,
        replenish=nothing[:, None] * by_alert,
        price_cap=np.inf * by_alert,
        # The pace is within the outload, also in the shortest period.
        outload=np.full(len(tonnes), np.inf),
        build_up=nothing,
        rotation=nothing,
        build_start=none,
        build_end=none,
        build_cap=np.full(len(tonnes), np.inf),
        initial=tonnes,
        sourcing=none,
        initial_expired=holding.initial_expired(none),
    )
