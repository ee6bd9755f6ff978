"""Contracts that are signed, some periods later: what counts in the cap of the year."""

import math
from collections.abc import Iterator

from models.contracts_in_force import paid_back_before_usd
from models.instance import Instance
from models.moved_position import position_after
from models.opening_position import OpeningContract
from optimizer.evaluation.replay import PlanReplay
from optimizer.policies.offtake import OfftakeResponse, upside
from optimizer.scenarios.scenario_set import ScenarioSet


def contracts_after(
    instance: Instance,
    scenarios: ScenarioSet,
    happened: PlanReplay,
    w: int,
    periods: int,
) -> Iterator[OpeningContract]:
    """Yield the contracts that still deliver after some periods of scenario w.

    Those of the position first if the plan does not name them.
    """
    named = {x.contract.id for x in happened.contracts}
    for x in position_after(instance, periods).contracts:
        if x.contract not in named:
            yield x
    for signed in happened.contracts:
        contract = signed.contract
        if contract.start_period + contract.term_periods > periods:
            yield OpeningContract(
                contract=contract.id,
                paid_back_usd=_paid_back_usd(instance, scenarios, signed, w, periods),
            )


def _paid_back_usd(
    instance: Instance,
    scenarios: ScenarioSet,
    signed: OfftakeResponse,
    w: int,
    periods: int,
) -> float:
    """Return what was paid back in the year of the next period; 0 without a cap."""
    contract, horizon = signed.contract, instance.horizon
    if contract.upside_cap_usd_per_year is None:
        return 0.0
    price = scenarios.price[instance.index.material[contract.material], [w]]
    returned = upside(instance, contract, price, signed.delivered[[w]])[0]
    year = horizon.start_of(periods).year
    paid = [returned[t] for t in range(periods) if horizon.start_of(t).year == year]
    if horizon.start.year == year:
        paid.append(paid_back_before_usd(instance, contract.id))
    return math.fsum(paid)
