"""A rule that reads the price alone, and releases once it has risen far.

Level 3 once the price is at least a multiple of the undisrupted one, else level 0. What
is short at a quiet price gets nothing, and a price that rises for other reasons is an
alert: that is what such a rule costs beside one that sees the shortage.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.instance import Instance
from models.rule import ReleaseRule
from optimizer.policies.holding import Holding
from optimizer.policies.market import Market, alert_with_notice, gap_after_notice

PRICE_TRIGGER = 1.5
SEVERE = 3
DUST = 1e-12


def trigger_rule(rules: Sequence[ReleaseRule]) -> ReleaseRule | None:
    """Return the first rule with full release, holding back below the trigger.

    Full release is all of the gap, from all of the stock, at the severe alert. None if
    the menu has no such rule.
    """
    for rule in rules:
        severe = rule.steps[SEVERE]
        is_full = severe.draw_rate_per_month == severe.coverage == 1.0
        if is_full and severe.floor == 0.0:
            calm = rule.steps[0].model_copy(update={"draw_rate_per_month": 0.0})
            steps = (calm, calm, calm, severe)
            return rule.model_copy(update={"steps": steps})
    return None


def on_price_alert(
    instance: Instance, market: Market, holding: Holding, trigger: float
) -> Holding:
    """Return a pool whose operator sees an alert that follows the price.

    The store's notice counts from this alert, as it would from the other one.
    """
    seen = holding.observables
    is_dear = seen.price_ratio >= trigger * (1 - DUST)
    alert = np.where(is_dear, SEVERE, 0).astype(np.int8)
    release_alert = alert_with_notice(instance, holding.m, alert)
    gap, first = market.served_gap[holding.m], market.members_gap[holding.m]
    observables = replace(
        seen,
        alert=alert,
        release_alert=release_alert,
        gap=gap_after_notice(instance, holding.m, gap, release_alert),
        members_gap=None
        if seen.members_gap is None
        else gap_after_notice(instance, holding.m, first, release_alert),
    )
    return replace(holding, observables=observables)
