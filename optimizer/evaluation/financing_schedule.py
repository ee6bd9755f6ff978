"""What draws bring and cost by period: scheduled ones, or the mean of others."""

import numpy as np
from numpy.typing import NDArray

from models.financing_view import SchedulePeriod
from models.instance import Instance
from optimizer.cash_rule import stack_of
from optimizer.debt_in_force import (
    balances_of_before,
    instalments_of_before,
    interest_of_before,
)
from optimizer.financing import balances, capital, charges, debt, instalments
from optimizer.scenarios.scenario_set import Floats

SMALLEST_CAPITAL_USD = 1.0


def schedule(instance: Instance, draws: Floats) -> tuple[SchedulePeriod, ...]:
    """Return draws (f, t), balances, interest, fees and instalments by period."""
    periods = range(draws.shape[1])
    names = [facility.id for facility in instance.financing.facilities]
    costs, loans = charges(instance, draws), _is_loan(instance)
    interest = costs.interest + interest_of_before(instance)
    owed = balances(instance, draws) + balances_of_before(instance)
    repaid = instalments(instance, draws) + instalments_of_before(instance)
    debts, called = debt(instance, draws), capital(instance, draws)
    service = debt_service(instance, draws)
    limit = instance.financing.debt_to_equity_limit
    return tuple(
        SchedulePeriod(
            period=t,
            start=instance.horizon.start_of(t),
            draws_usd=dict(zip(names, draws[:, t].tolist(), strict=True)),
            balances_usd=dict(zip(names, owed[:, t].tolist(), strict=True)),
            debt_usd=float(debts[t]),
            capital_usd=float(called[t]),
            interest_usd=float(interest[loans, t].sum()),
            return_on_capital_usd=float(interest[~loans, t].sum()),
            exposure_fees_usd=float(costs.exposure_fees[:, t].sum()),
            commitment_fees_usd=float(costs.commitment_fees[:, t].sum()),
            repayments_usd=float(repaid[loans, t].sum()),
            capital_returned_usd=float(repaid[~loans, t].sum()),
            debt_service_usd=float(service[t]),
            debt_to_equity=_ratio(debts[t], called[t]),
            debt_headroom_usd=(
                None if limit is None else float(limit * called[t] - debts[t])
            ),
        )
        for t in periods
    )


def debt_service(instance: Instance, draws: Floats) -> Floats:
    """Return interest and instalments on all loans by period (t)."""
    loans = _is_loan(instance)
    due = charges(instance, draws).interest + instalments(instance, draws)
    due += interest_of_before(instance) + instalments_of_before(instance)
    return due[loans].sum(axis=0)


def interest_by_rule(instance: Instance, level: Floats) -> Floats:
    """Return interest on loans drawn by the cash rule (w, t), of a level (w, T + 1)."""
    interest, stack = np.zeros_like(level[:, 1:]), stack_of(instance)
    if stack is None:
        return interest
    years = np.array(instance.horizon.period_lengths_years)
    owed = stack.by_facility(level[:, 1:])
    for facility, balance in zip(instance.financing.facilities, owed, strict=True):
        if facility.kind == "loan":
            interest += facility.rate_per_year * years * balance
    return interest


def net_draws(instance: Instance, draws: Floats) -> Floats:
    """Return what scheduled draws (f, t) bring after exposure fees (t)."""
    return (draws - charges(instance, draws).exposure_fees).sum(axis=0)


def net_draws_by_rule(instance: Instance, level: Floats) -> Floats:
    """Return what the cash rule draws after fees (w, t), of a level (w, T + 1).

    What is drawn before the start counts in period 0; what is swept back is below 0.
    """
    stack = stack_of(instance)
    if stack is None:
        return np.zeros_like(level[:, 1:])
    return np.diff(stack.proceeds(level[:, 1:]), axis=1, prepend=0.0)


def _is_loan(instance: Instance) -> NDArray[np.bool_]:
    kinds = [facility.kind for facility in instance.financing.facilities]
    return np.array([kind == "loan" for kind in kinds], dtype=np.bool_)


def _ratio(owed: float, called: float) -> float | None:
    return None if called < SMALLEST_CAPITAL_USD else float(owed / called)
