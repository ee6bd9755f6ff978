"""Service of products and reach of stocks, scenario by scenario.

Both are counted from a replay: shortage columns by product, stock by holding.
"""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.recourse.allocation import Allocation
from optimizer.recourse.blocks import Recourse
from optimizer.scenarios.scenario_set import Booleans, Floats

SMALLEST_USE = 1e-6  # of a block; less is what a solver leaves


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Units not made (p, w), and whether a line ever stops (p, w), by final product.

    A line stops where the last kind of shortage block, line_stop, is in use.
    """

    unmet: Floats
    stops: Booleans


@dataclass(frozen=True, slots=True)
class StockLevel:
    """The stock of each material in each scenario (m, w).

    is_short says whether a gap is ever open, runs_out whether one is open in a period
    that begins with less than a lot of what was to be held; mean_on_hand is in tonnes
    over the horizon.
    """

    is_short: Booleans
    runs_out: Booleans
    mean_on_hand: Floats


def service_level(
    instance: Instance,
    recourse: Recourse,
    allocation: Allocation,
    number_of_scenarios: int,
) -> ServiceLevel:
    """Return the service of each product under an allocation."""
    final = instance.final_products()
    shape = (len(final), number_of_scenarios)
    w = recourse.products.w[recourse.shortage_entry]
    place = recourse.shortage_product * number_of_scenarios + w
    size = shape[0] * shape[1]
    unmet = np.zeros(size)
    unmet += np.bincount(place, weights=allocation.shortage, minlength=size)
    is_used = allocation.shortage > SMALLEST_USE * recourse.shortage_limit
    is_used &= line_stops(instance)[recourse.shortage_product, recourse.shortage_block]
    stops = np.zeros(size, dtype=np.bool_)
    stops[place[is_used]] = True
    return ServiceLevel(unmet.reshape(shape), stops.reshape(shape))


def line_stops(instance: Instance) -> Booleans:
    """Say which shortage blocks stop the line, by final product and block."""
    final = instance.final_products()
    width = max(len(product.shortage_blocks) for product in final)
    found = np.zeros((len(final), width), dtype=np.bool_)
    for p, product in enumerate(final):
        kinds = [block.kind == "line_stop" for block in product.shortage_blocks]
        found[p, : len(kinds)] = kinds
    return found


def stock_level(
    instance: Instance, recourse: Recourse, on_hand: Floats, target: Floats
) -> StockLevel:
    """Return how far the stock goes; on_hand at the end of periods (m, w, t).

    target (m) is what is to be held; nothing runs out of what was never to be there.
    """
    is_short = np.zeros(on_hand.shape, dtype=np.bool_)
    is_short[recourse.short_m, recourse.short_w, recourse.short_t] = True
    lot = np.array([m.lot_tonnes for m in instance.materials])
    is_empty = (on_hand < lot[:, None, None]) & (target >= lot)[:, None, None]
    # What a period begins with is what the one before left.
    is_dry = is_short[:, :, 1:] & is_empty[:, :, :-1]
    return StockLevel(
        is_short=np.any(is_short, axis=2),
        runs_out=np.any(is_dry, axis=2),
        mean_on_hand=on_hand.mean(axis=2),
    )
