"""Orders of draws and repayments: by schedule, by the cash rule, for debt of before."""

from collections.abc import Iterator

import numpy as np

from models.finance import REVOLVING, Facility
from models.instance import Instance
from models.orders import FacilityOrder
from optimizer.cash_rule import stack_of
from optimizer.debt_in_force import balances_of_before, instalments_of_before
from optimizer.evaluation.books import Books
from optimizer.financing import balances, instalments
from optimizer.policies.order_text import facility_text
from optimizer.scenarios.scenario_set import Floats

# Less than a cent is no order.
CENT = 0.005


def facility_orders(
    instance: Instance, draws: Floats, books: Books
) -> Iterator[FacilityOrder]:
    """Yield what is drawn and paid back in the first period of one scenario.

    draws are those by schedule (f, t).
    """
    of_before = balances_of_before(instance)[:, 0]
    repaid = (instalments(instance, draws) + instalments_of_before(instance))[:, 0]
    owed = balances(instance, draws)[:, 0] + of_before
    stack = stack_of(instance)
    by_rule = np.zeros_like(owed)
    if stack is not None:
        by_rule = stack.by_facility(books.level[0, 1:])[:, 0]
    before = {x.facility: x.balance_usd for x in instance.position.debt}
    for f, facility in enumerate(instance.financing.facilities):
        drawn, paid = float(draws[f, 0] + by_rule[f]), float(repaid[f])
        if facility.drawn == REVOLVING:
            moved = drawn - before.get(facility.id, 0.0)
            drawn, paid = max(moved, 0.0), max(-moved, 0.0)
        if max(drawn, paid) >= CENT:
            yield _order(facility, drawn, paid, float(owed[f] + by_rule[f]))


def _order(
    facility: Facility, drawn: float, paid: float, balance: float
) -> FacilityOrder:
    return FacilityOrder(
        facility=facility.id,
        draw_usd=drawn,
        repayment_usd=paid,
        balance_usd=max(balance, 0.0),
        reason=facility_text(facility, drawn, paid),
    )
