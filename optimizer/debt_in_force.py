"""What is owed at the start and what it costs: data, whatever a plan draws.

US dollars by facility and period (f, t). Revolving facilities are owed nothing here:
the cash rule pays them back at once and draws again (FORMULATION.md, section 1).
"""

import numpy as np
from numpy.typing import NDArray

from models.debt_in_force import balances_in_force, swept_at_once_usd, term_debts
from models.instance import Instance
from optimizer.scenarios.scenario_set import Floats


def balances_of_before(instance: Instance) -> Floats:
    """Return what is owed or called at the end of each period (f, t)."""
    owed = _nothing(instance)
    for f, _, debt in term_debts(instance):
        owed[f] = balances_in_force(debt, owed.shape[1])
    return owed


def instalments_of_before(instance: Instance) -> Floats:
    """Return what is paid back in each period (f, t)."""
    owed, first = balances_of_before(instance), np.zeros((len(_nothing(instance)), 1))
    for f, _, debt in term_debts(instance):
        first[f] = debt.balance_usd
    return -np.diff(owed, axis=1, prepend=first)


def interest_of_before(instance: Instance) -> Floats:
    """Return interest and return paid in cash in each period (f, t)."""
    years = np.array(instance.horizon.period_lengths_years)
    rates = np.zeros((len(instance.financing.facilities), 1))
    for f, facility, _ in term_debts(instance):
        rates[f] = facility.cash_rate_per_year
    return rates * years * balances_of_before(instance)


def accrued_of_before(instance: Instance) -> Floats:
    """Return the returns on capital of before that are owed after the end (t)."""
    years = np.array(instance.horizon.period_lengths_years)
    owed, accrued = balances_of_before(instance), np.zeros(len(years))
    for f, facility, debt in term_debts(instance):
        if facility.accrues:
            accrued += debt.accrued_usd
            accrued += np.cumsum(facility.rate_per_year * years * owed[f])
    return accrued


def covered_of_before(instance: Instance) -> Floats:
    """Return what is owed on loans that need collateral (t)."""
    chosen = [f.needs_collateral for f in instance.financing.facilities]
    return _sum_of(instance, chosen)


def owed_of_before(instance: Instance, kind: str) -> Floats:
    """Return what is owed on loans, or called of capital (t)."""
    return _sum_of(instance, [f.kind == kind for f in instance.financing.facilities])


def owed_of_before_at_the_end(instance: Instance) -> float:
    """Return what is still owed at the end: balances and returns that accrue."""
    balances = balances_of_before(instance)[:, -1].sum()
    return float(balances + accrued_of_before(instance)[-1])


def opening_cash(instance: Instance) -> float:
    """Return cash at the start, less what revolving facilities are owed."""
    return instance.financing.opening_cash_usd - swept_at_once_usd(instance)


def _nothing(instance: Instance) -> Floats:
    shape = (len(instance.financing.facilities), instance.horizon.number_of_periods)
    return np.zeros(shape)


def _sum_of(instance: Instance, chosen: list[bool]) -> Floats:
    mask: NDArray[np.bool_] = np.array(chosen, dtype=np.bool_)
    return balances_of_before(instance)[mask].sum(axis=0)
