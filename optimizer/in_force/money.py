"""What facilities lent up to the end of some periods, and what they still lend."""

from collections.abc import Mapping

import numpy as np

from models.finance import REVOLVING
from models.instance import Instance
from models.moved_position import position_after
from models.opening_position import OpeningDebt
from optimizer.cash_rule import stack_of
from optimizer.debt_in_force import balances_of_before
from optimizer.evaluation.books import Books
from optimizer.evaluation.decisions import Decisions
from optimizer.financing import balances
from optimizer.scenarios.scenario_set import Floats

# Of what was drawn: a repayment leaves it.
DUST = 1e-12


class NotInAPositionError(ValueError):
    """A position cannot state what there is."""


def debt_after(
    instance: Instance, decisions: Decisions, books: Books, w: int, periods: int
) -> tuple[OpeningDebt, ...]:
    """Return what facilities are owed at the end of some periods of scenario w.

    Raises NotInAPositionError if what a facility lent before has other instalments.
    """
    before = {x.facility: x for x in position_after(instance, periods).debt}
    by_rule = drawn_by_rule(instance, books, w)[:, periods]
    earned = _accrued(instance, books, w, periods)
    found: list[OpeningDebt] = []
    for f, facility in enumerate(instance.financing.facilities):
        old = before.get(facility.id)
        if facility.is_drawn_by_rule:
            new = OpeningDebt(
                facility=facility.id,
                drawn_usd=float(by_rule[f]),
                accrued_usd=float(earned[f]),
            )
        else:
            new = _scheduled(instance, decisions.draws, f, periods)
        if old is not None and facility.drawn != REVOLVING:
            new = _together(old, new)
        if new.balance_usd > DUST * new.drawn_usd or new.accrued_usd > 0:
            found.append(new)
    return tuple(found)


def undrawn_after(
    instance: Instance, decisions: Decisions, books: Books, w: int, periods: int
) -> Mapping[str, float]:
    """Return what may still be drawn by facility; or owed at a time."""
    by_rule = drawn_by_rule(instance, books, w)[:, periods]
    drawn = decisions.draws[:, :periods].sum(axis=1) + by_rule
    return {
        x.id: x.limit_usd
        if x.drawn == REVOLVING
        else max(x.limit_usd - float(drawn[f]), 0.0)
        for f, x in enumerate(instance.financing.facilities)
    }


def drawn_by_rule(instance: Instance, books: Books, w: int) -> Floats:
    """Return what the cash rule has drawn by facility (f, 1 + t)."""
    stack = stack_of(instance)
    if stack is None:
        facilities = len(instance.financing.facilities)
        return np.zeros((facilities, books.level.shape[1]))
    return stack.by_facility(books.level[w])


def _accrued(instance: Instance, books: Books, w: int, periods: int) -> Floats:
    """Return the returns (f) that are owed after the end, those of before included."""
    years = np.array(instance.horizon.period_lengths_years[:periods])
    balances = drawn_by_rule(instance, books, w)[:, 1:] + balances_of_before(instance)
    there = {x.facility: x.accrued_usd for x in instance.position.debt}
    return np.array(
        [
            there.get(x.id, 0.0) + x.rate_per_year * float(years @ owed[:periods])
            if x.accrues
            else 0.0
            for x, owed in zip(instance.financing.facilities, balances, strict=True)
        ]
    )


def _scheduled(instance: Instance, draws: Floats, f: int, periods: int) -> OpeningDebt:
    """Return what a facility was drawn by schedule, and how it is paid back."""
    facility = instance.financing.facilities[f]
    drawn = draws.copy()
    drawn[:, periods:] = 0.0
    total = float(drawn[f].sum())
    repaid = total - float(balances(instance, drawn)[f, periods - 1])
    new = OpeningDebt(
        facility=facility.id, drawn_usd=total, repaid_usd=min(max(repaid, 0.0), total)
    )
    start, number = facility.repayment_start_period, facility.number_of_instalments
    if start is None or number is None or periods >= start + number:
        return new
    terms = {
        "repayment_start_period": max(start - periods, 0),
        "number_of_instalments": number - max(periods - start, 0),
    }
    return new.model_copy(update=terms)


def _together(old: OpeningDebt, new: OpeningDebt) -> OpeningDebt:
    """Return both as one debt; what is 0 has no say in the instalments."""
    kept = old if new.balance_usd <= DUST * new.drawn_usd else new
    terms = kept.repayment_start_period, kept.number_of_instalments
    others = old.repayment_start_period, old.number_of_instalments
    if terms != others and old.balance_usd > 0:
        msg = (
            f"what {old.facility} lent before the start has other instalments than "
            "what it lends, and a position has one debt of each facility"
        )
        raise NotInAPositionError(msg)
    return OpeningDebt(
        facility=old.facility,
        drawn_usd=old.drawn_usd + new.drawn_usd,
        repaid_usd=old.repaid_usd + new.repaid_usd,
        agreed_usd=old.agreed_usd,
        accrued_usd=new.accrued_usd,
        repayment_start_period=terms[0],
        number_of_instalments=terms[1],
    )
