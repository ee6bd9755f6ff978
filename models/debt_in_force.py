"""What facilities are owed at the start: how it is paid back, and its mistakes."""

from collections import Counter
from collections.abc import Iterator

from models.finance import REVOLVING, Facility
from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.opening_position import OpeningDebt
from models.sections import Sections

# Of what is owed; a multiple of capital is not exact.
ROUNDING = 1e-9


def term_debts(case: Sections) -> Iterator[tuple[int, Facility, OpeningDebt]]:
    """Yield what cash does not pay back: place in the case, facility and debt."""
    by_facility = {x.facility: x for x in case.position.debt}
    for f, facility in enumerate(case.financing.facilities):
        debt = by_facility.get(facility.id)
        if debt is not None and facility.drawn != REVOLVING:
            yield f, facility, debt


def swept_at_once_usd(case: Sections) -> float:
    """Return what revolving facilities are owed at the start.

    The cash rule pays it back with all cash, and draws it again as far as cash needs
    it. So it is the same as so much less cash.
    """
    revolving = {x.id for x in case.financing.facilities if x.drawn == REVOLVING}
    return sum(x.balance_usd for x in case.position.debt if x.facility in revolving)


def balances_in_force(debt: OpeningDebt, number_of_periods: int) -> list[float]:
    """Return what is owed of it at the end of each period (t), after instalments."""
    start, number = debt.repayment_start_period, debt.number_of_instalments
    if start is None or number is None:
        return [debt.balance_usd] * number_of_periods
    return [
        debt.balance_usd * (1 - min(max(t + 1 - start, 0), number) / number)
        for t in range(number_of_periods)
    ]


def room_in_force_usd(case: Sections) -> float:
    """Return how much debt the capital called at the start allows beside its own.

    It is the least of all periods; 0 without a limit or anything owed.
    """
    limit, periods = (
        case.financing.debt_to_equity_limit,
        case.horizon.number_of_periods,
    )
    room = [0.0] * periods
    for _, facility, debt in term_debts(case) if limit is not None else ():
        weight = -1.0 if facility.kind == "loan" else limit or 0.0
        owed = balances_in_force(debt, periods)
        room = [x + weight * balance for x, balance in zip(room, owed, strict=True)]
    return min(room)


def wrong_debt(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find debt of unknown facilities, beyond what was lent, or of other terms."""
    facilities = {x.id: x for x in case.financing.facilities}
    for name, count in Counter(x.facility for x in case.position.debt).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.debt", name, expected)
    for debt in case.position.debt:
        path = f"position.debt[{debt.facility}]"
        place = "financing.facilities"
        yield from known.missing(place, f"{path}.facility", debt.facility)
        if debt.repaid_usd > debt.drawn_usd:
            expected = f"at most drawn_usd = {debt.drawn_usd:g}"
            yield Mistake(f"{path}.repaid_usd", debt.repaid_usd, expected)
        if facility := facilities.get(debt.facility):
            yield from _beyond(path, facility, debt)
            if debt.accrued_usd > 0 and not facility.accrues:
                expected = f"0: the return on {facility.id} is paid, it does not accrue"
                yield Mistake(f"{path}.accrued_usd", debt.accrued_usd, expected)
    owed = sum(debt.balance_usd for _, _, debt in term_debts(case))
    if room_in_force_usd(case) < -ROUNDING * owed and case.financing.drawn_by_rule():
        limit = case.financing.debt_to_equity_limit
        expected = (
            "a multiple that the debt at the start keeps: the cash rule calls no "
            "capital for it"
        )
        yield Mistake("financing.debt_to_equity_limit", limit, expected)


def _beyond(path: str, facility: Facility, debt: OpeningDebt) -> Iterator[Mistake]:
    """Find more debt than a facility lends, and instalments that cash pays anyway."""
    if facility.drawn == REVOLVING:
        if debt.balance_usd > facility.limit_usd:
            expected = (
                f"at most what is owed within limit_usd = {facility.limit_usd:g} of "
                f"{facility.id}, not {debt.balance_usd:g}"
            )
            yield Mistake(f"{path}.drawn_usd", debt.drawn_usd, expected)
        if debt.repayment_start_period is not None:
            expected = "absent: a revolving facility is paid back by all cash above 0"
            at = f"{path}.repayment_start_period"
            yield Mistake(at, debt.repayment_start_period, expected)
        return
    agreed = debt.agreed_usd
    if agreed is not None and debt.drawn_usd + facility.limit_usd > agreed:
        expected = (
            f"at most {agreed - facility.limit_usd:g}: with limit_usd = "
            f"{facility.limit_usd:g}, what may still be drawn, it is beyond "
            f"agreed_usd = {agreed:g}"
        )
        yield Mistake(f"{path}.drawn_usd", debt.drawn_usd, expected)


def idle_debt(case: Sections) -> Iterator[Mistake]:
    """Find debt of which all is paid back, and no return is owed."""
    for debt in case.position.debt:
        if debt.balance_usd == 0 and debt.accrued_usd == 0:
            path = f"position.debt[{debt.facility}].repaid_usd"
            expected = f"less than drawn_usd = {debt.drawn_usd:g}; nothing is owed"
            yield Mistake(path, debt.repaid_usd, expected)
