"""What own refills and own sales do to the price that the vault pays and gets.

By blocks, as the premium on planned buying. A policy is priced as if the whole
candidate that it has a share of were held: its share of that is linear in the share,
and never less than what the blocks of the mix of candidates come to.
"""

from collections.abc import Iterable

import numpy as np

from models.horizon import Horizon
from models.material import Material
from optimizer.policies.policy import Policies
from optimizer.scenarios.scenario_set import Floats


def refill_premium(
    material: Material, horizon: Horizon, policies: Policies, acquired: Floats
) -> Floats:
    """Return tonnes times premium of what is bought after the build-up (c, w, t)."""
    blocks = [(x.tonnes_per_year, x.premium) for x in material.refill_impact]
    is_refill = np.arange(horizon.number_of_periods) >= policies.build_end[:, None]
    return _by_blocks(blocks, horizon, policies, acquired * is_refill[:, None])


def sale_discount(
    material: Material, horizon: Horizon, policies: Policies, sold: Floats
) -> Floats:
    """Return tonnes times discount of what is sold (c, w, t)."""
    blocks = [(x.tonnes_per_year, x.discount) for x in material.sale_impact]
    return _by_blocks(blocks, horizon, policies, sold)


def _by_blocks(
    blocks: Iterable[tuple[float, float]],
    horizon: Horizon,
    policies: Policies,
    tonnes: Floats,
) -> Floats:
    """Return tonnes times rate, block by block; the last block has no end."""
    share = policies.share[:, None, None]
    found = np.zeros_like(tonnes)
    rate_before, begin = 0.0, 0.0
    for tonnes_per_year, rate in blocks:
        # A rate goes on until the next block adds to it.
        beyond = np.maximum(tonnes - begin * share, 0.0)
        found += (rate - rate_before) * beyond
        begin += tonnes_per_year * horizon.average_period_years
        rate_before = rate
    return found
