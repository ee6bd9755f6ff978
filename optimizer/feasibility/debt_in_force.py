"""What is owed of before the start, followed period by period.

Independent of `optimizer.debt_in_force`, which the model and the replay use.
"""

from dataclasses import dataclass

from models.finance import Facility
from models.instance import Instance


@dataclass(frozen=True, slots=True)
class OldDebt:
    """What one facility is owed by period (t), US dollars: balance, due, interest."""

    facility: Facility
    balance: list[float]
    due: list[float]
    interest: list[float]

    @property
    def paid(self) -> list[float]:
        """All that is paid for it in each period."""
        return [a + b for a, b in zip(self.due, self.interest, strict=True)]


def old_debts(instance: Instance) -> list[OldDebt]:
    """Return what is owed and stays until an instalment or the end."""
    facilities = {x.id: x for x in instance.financing.facilities}
    found: list[OldDebt] = []
    for debt in instance.position.debt:
        facility = facilities[debt.facility]
        if facility.drawn == "revolving":
            continue
        start, number = debt.repayment_start_period, debt.number_of_instalments
        whole = debt.drawn_usd - debt.repaid_usd
        rate = 0.0 if facility.accrues else facility.rate_per_year
        owed, old = whole, OldDebt(facility, [], [], [])
        for t in range(instance.horizon.number_of_periods):
            due = 0.0
            if start is not None and number is not None and start <= t < start + number:
                due = whole / number
            owed -= due
            years = instance.horizon.years_between(t, t + 1)
            old.balance.append(owed)
            old.due.append(due)
            old.interest.append(rate * years * owed)
        found.append(old)
    return found


def opening_cash_usd(instance: Instance) -> float:
    """Return the cash left if what is owed on revolving facilities is paid at once."""
    cash = instance.financing.opening_cash_usd
    for debt in instance.position.debt:
        for facility in instance.financing.facilities:
            if (facility.id, facility.drawn) == (debt.facility, "revolving"):
                cash -= debt.drawn_usd - debt.repaid_usd
    return cash
