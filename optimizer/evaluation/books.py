"""The money of a plan in each scenario: what is there, drawn by the rule, and owed."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.cash_rule import follow, stack_of
from optimizer.debt_in_force import accrued_of_before
from optimizer.financing import capital, covered_debt, debt
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Books:
    """Money alone by scenario and period (w, t), US dollars.

    It does not depend on the allocation: what a pool releases is sold in any case.
    cash is the balance after all payments, stock_value at market price, debt the
    balance of all loans, covered_debt of those that need collateral, capital what is
    called, accrued the returns on it that are owed after the end, all of them with what
    is of before the start. By (w, T + 1), the
    first column before the start: available, the cash balance without what the cash
    rule draws, and level, what it has drawn; opening_cash (w) is the cash balance then.
    """

    cash: Floats
    stock_value: Floats
    debt: Floats
    covered_debt: Floats
    capital: Floats
    accrued: Floats
    opening_cash: Floats
    available: Floats
    level: Floats


def settle(
    instance: Instance, draws: Floats, available: Floats, stock_value: Floats
) -> Books:
    """Return the books after the cash rule, given all other payments.

    Scheduled draws (f, t) are in what is available already. Nothing is drawn beyond the
    limits: cash is below 0 where more is needed.
    """
    cash, level = available, np.zeros_like(available)
    owed, accrued, covered = (np.zeros_like(available) for _ in range(3))
    stack = stack_of(instance)
    if stack is not None:
        drawn = follow(stack, available, stack.most_usd)
        cash, level, owed = drawn.cash, drawn.level, drawn.debt
        accrued, covered = stack.accrued(level), stack.covered_debt(level)
    return Books(
        cash=cash[:, 1:],
        stock_value=stock_value,
        debt=debt(instance, draws) + owed[:, 1:],
        covered_debt=covered_debt(instance, draws) + covered[:, 1:],
        capital=capital(instance, draws) + (level - owed)[:, 1:],
        accrued=accrued[:, 1:] + accrued_of_before(instance),
        opening_cash=cash[:, 0],
        available=available,
        level=level,
    )


def mean_draws(
    instance: Instance, draws: Floats, level: Floats, probability: Floats
) -> Floats:
    """Return draws (f, t): scheduled ones, and the mean by the rule.

    Levels by the rule are (w, T + 1).
    What a revolving facility is paid back is a draw below 0. What is drawn before the
    start counts in period 0. Interest and fees are linear in them, so they are means.
    """
    stack = stack_of(instance)
    if stack is None:
        return draws
    balances = np.einsum("fwt,w->ft", stack.by_facility(level[:, 1:]), probability)
    return draws + np.diff(balances, axis=1, prepend=0.0)
