"""A plan in the historic replays of its case: days of production, empty stocks."""

from collections.abc import Sequence

import numpy as np

from models.history import (
    History,
    LineCourse,
    MaterialRun,
    ProductRun,
    ReplayRun,
    StockCourse,
)
from models.instance import Instance
from models.plan import Plan
from optimizer.cores import on_one_thread
from optimizer.evaluation.decisions import Decisions, decisions_of, nothing_held
from optimizer.evaluation.output import (
    Output,
    helped,
    output_of,
    output_without_vault,
)
from optimizer.evaluation.replay import replay
from optimizer.evaluation.stocks import Stocks, stocks_of
from optimizer.scenarios import replay_scenarios
from optimizer.scenarios.scenario_set import Booleans


class UnknownReplayError(ValueError):
    """The case has no replay of this name."""


@on_one_thread
def replay_history(
    instance: Instance, plan: Plan, *, replays: Sequence[str] | None = None
) -> History:
    """Return what the plan does in the named replays, in all if none are named.

    Raises UnknownReplayError for a name that the case does not have, PlanMismatchError
    if the plan does not fit the case.
    """
    chosen = positions_of(instance, replays)
    decisions, horizon = decisions_of(instance, plan), instance.horizon
    periods = range(horizon.number_of_periods)
    return History(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        period_days=horizon.average_period_days,
        number_of_periods=horizon.number_of_periods,
        period_starts=tuple(horizon.start_of(t) for t in periods),
        replays=_runs(instance, decisions, chosen) if chosen else (),
    )


def positions_of(instance: Instance, replays: Sequence[str] | None) -> list[int]:
    """Return the positions of the named replays in the case; of all if None.

    Raises UnknownReplayError.
    """
    known = [replay.id for replay in instance.replays]
    unknown = [name for name in replays or () if name not in known]
    if unknown:
        listed = ", ".join(known) or "none is defined"
        msg = f"no replay {', '.join(unknown)}, expected one of the case: {listed}"
        raise UnknownReplayError(msg)
    return [w for w, name in enumerate(known) if replays is None or name in replays]


def _runs(
    instance: Instance, decisions: Decisions, chosen: list[int]
) -> tuple[ReplayRun, ...]:
    scenarios = replay_scenarios(instance).select(np.array(chosen))
    happened = replay(instance, scenarios, decisions)
    bare = replay(instance, scenarios, nothing_held(instance))
    with_vault = output_of(instance, happened)
    without = output_without_vault(
        with_vault, output_of(instance, bare), helped(happened)
    )
    stocks = stocks_of(instance, happened)
    return tuple(
        ReplayRun(
            replay=instance.replays[position].id,
            name=instance.replays[position].name,
            shortage_cost_usd=float(happened.cost[w].sum()),
            cost_without_vault_usd=float(bare.cost[w].sum()),
            lowest_cash_usd=float(happened.cash[w].min()),
            products=_products(instance, with_vault, without, w),
            materials=_materials(instance, stocks, w),
        )
        for w, position in enumerate(chosen)
    )


def _products(
    instance: Instance, with_vault: Output, without: Output, w: int
) -> tuple[ProductRun, ...]:
    names = instance.index.participant_name
    days = np.array(instance.horizon.period_lengths_days)
    is_short: Booleans = (with_vault.is_short | without.is_short)[:, w]
    touched: list[bool] = np.logical_or.reduce(is_short, axis=1).tolist()
    return tuple(
        ProductRun(
            participant=product.participant or "",
            participant_name=names[product.participant or ""],
            product=product.id,
            name=product.name,
            with_vault=with_vault.running_days(p, w, days),
            without_vault=without.running_days(p, w, days),
            course_with_vault=_line(with_vault, p, w) if touched[p] else None,
            course_without_vault=_line(without, p, w) if touched[p] else None,
        )
        for p, product in enumerate(instance.final_products())
    )


def _line(output: Output, p: int, w: int) -> LineCourse:
    return LineCourse(
        # Shares of several blocks may add up to a little more than all.
        lost_output=tuple(np.clip(output.lost[p, w], 0.0, 1.0).tolist()),
        is_stopped=tuple(output.is_stopped[p, w].tolist()),
    )


def _materials(instance: Instance, stocks: Stocks, w: int) -> tuple[MaterialRun, ...]:
    return tuple(_material(instance, stocks, m, w) for m in range(len(stocks.target)))


def _material(instance: Instance, stocks: Stocks, m: int, w: int) -> MaterialRun:
    material, horizon = instance.materials[m], instance.horizon
    empty = np.flatnonzero(stocks.is_empty[m, w])
    first = int(empty[0]) if len(empty) else None
    return MaterialRun(
        material=material.id,
        name=material.name,
        pool_tonnes=float(stocks.target[m]),
        gap_days=float(stocks.is_short[m, w] @ np.array(horizon.period_lengths_days)),
        gap_tonnes=float(stocks.gap[m, w].sum()),
        released_tonnes=float(stocks.released[m, w].sum()),
        drawn_tonnes=float(stocks.drawn[m, w].sum()),
        delivered_tonnes=float(stocks.delivered[m, w].sum()),
        unused_tonnes=float(stocks.unused[m, w].sum()),
        first_empty_period=first,
        first_empty_date=None if first is None else horizon.start_of(first),
        course=_stock(stocks, m, w) if stocks.is_short[m, w].any() else None,
    )


def _stock(stocks: Stocks, m: int, w: int) -> StockCourse:
    return StockCourse(
        on_hand_tonnes=tuple(np.maximum(stocks.stored[m, w], 0.0).tolist()),
        gap_tonnes=tuple(np.maximum(stocks.gap[m, w], 0.0).tolist()),
        covered_tonnes=tuple(np.maximum(stocks.covered[m, w], 0.0).tolist()),
    )
