"""How lines run in a replay: full, reduced or stopped, period by period."""

from dataclasses import dataclass

import numpy as np

from models.history import RunningDays
from models.instance import Instance
from optimizer.evaluation.replay import PlanReplay
from optimizer.evaluation.service_level import SMALLEST_USE, line_stops
from optimizer.scenarios.scenario_set import Booleans, Floats


@dataclass(frozen=True, slots=True)
class Output:
    """What is missing of each final product (p, w, t).

    lost is the share of planned output not made in the usual way; is_short says whether
    any shortage block is in use, is_stopped whether the last kind, line_stop, is.
    """

    lost: Floats
    is_short: Booleans
    is_stopped: Booleans

    def running_days(self, p: int, w: int, days: Floats) -> RunningDays:
        """Return the days of product p in scenario w; each period counts whole.

        days are those of the periods (t).
        """
        is_stopped = self.is_stopped[p, w]
        is_short = self.is_short[p, w] | is_stopped
        return RunningDays(
            full_output_days=float(days @ ~is_short),
            reduced_output_days=float(days @ (is_short & ~is_stopped)),
            stopped_days=float(days @ is_stopped),
            lost_output_days=float(days @ self.lost[p, w]),
        )


def output_of(instance: Instance, happened: PlanReplay) -> Output:
    """Return how much of each product is made in a replay."""
    final = instance.final_products()
    recourse, shortage = happened.recourse, happened.allocation.shortage
    entry = recourse.shortage_entry
    p, w = recourse.shortage_product, recourse.products.w[entry]
    at = (p, w, recourse.products.t[entry])
    is_used = shortage > SMALLEST_USE * recourse.shortage_limit
    is_line_stop = line_stops(instance)
    shape = (len(final), *happened.cost.shape)
    lost, is_short, is_stopped = (
        np.zeros(shape),
        np.zeros(shape, dtype=np.bool_),
        np.zeros(shape, dtype=np.bool_),
    )
    share = np.where(is_used, shortage / recourse.products.demand[entry], 0.0)
    np.add.at(lost, at, share)
    np.logical_or.at(is_short, at, is_used)
    np.logical_or.at(is_stopped, at, is_used & is_line_stop[p, recourse.shortage_block])
    return Output(lost, is_short, is_stopped)


def output_without_vault(with_vault: Output, bare: Output, helped: Booleans) -> Output:
    """Return the output without vault: where nothing is supplied, that with it.

    What is short may be shared in several equally good ways; where the vault changes
    nothing, no difference between two of them is to look like its work.
    """
    return Output(
        np.where(helped, bare.lost, with_vault.lost),
        np.where(helped, bare.is_short, with_vault.is_short),
        np.where(helped, bare.is_stopped, with_vault.is_stopped),
    )


def helped(happened: PlanReplay) -> Booleans:
    """Return where holdings or contracts supply anything against a gap (w, t)."""
    recourse, supply = happened.recourse, happened.supply
    found = np.zeros(happened.cost.shape, dtype=np.bool_)
    np.logical_or.at(found, (recourse.short_w, recourse.short_t), supply.pooled > 0)
    np.logical_or.at(found, (recourse.gap_w, recourse.gap_t), supply.own > 0)
    return found
