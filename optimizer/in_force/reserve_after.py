"""From a replay to what the reserve is at the end of a period."""

import numpy as np

from models.instance import Instance
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import PlanReplay
from optimizer.in_force.contracts import contracts_after
from optimizer.in_force.lots import with_own_names
from optimizer.in_force.money import NotInAPositionError, debt_after, undrawn_after
from optimizer.in_force.on_order import on_order_after
from optimizer.in_force.reserve_state import ReserveState
from optimizer.in_force.rights import rights_after
from optimizer.in_force.stock import stock_after
from optimizer.in_force.world import alerts_after, buffers_after
from optimizer.scenarios.scenario_set import ScenarioSet

# Of all money that is moved: what the cash rule leaves is not below 0.
ROUNDING = 1e-9


def reserve_after(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
    *,
    w: int,
    periods: int,
) -> ReserveState:
    """Return what a reserve is after some periods of a scenario that was replayed.

    Parameters
    ----------
    happened
        The replay of these decisions on these scenarios.
    w
        Position of the scenario.
    periods
        Number of periods, at least 1 and fewer than the horizon has.

    Raises
    ------
    NotInAPositionError
        If cash is below 0, or a facility is owed on different terms: a position cannot
        state that.
    """
    books = happened.books
    cash = float(books.cash[w, periods - 1])
    if cash < -ROUNDING * max(1.0, float(np.abs(books.available[w]).max())):
        msg = f"cash is {cash:,.2f} after period {periods - 1}, expected at least 0"
        raise NotInAPositionError(msg)
    coming = on_order_after(instance, scenarios, decisions, happened, w, periods)
    lots = stock_after(instance, scenarios, decisions, happened, w, periods)
    return ReserveState(
        periods=periods,
        # What is on the way keeps its name: a part that has arrived is another lot.
        stock=tuple(with_own_names(lots, {x.id for x in coming})),
        purchases=coming,
        rights=tuple(rights_after(instance, happened, w, periods)),
        debt=debt_after(instance, decisions, books, w, periods),
        contracts=tuple(contracts_after(instance, scenarios, happened, w, periods)),
        alerts=tuple(alerts_after(instance, happened.market, w, periods)),
        buffers=tuple(buffers_after(instance, happened.market, w, periods)),
        cash_usd=max(cash, 0.0),
        undrawn_usd=undrawn_after(instance, decisions, books, w, periods),
    )
