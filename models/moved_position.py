"""An opening position some periods later, if nothing is done and nothing happens."""

from collections.abc import Iterator

from models.instance import Instance
from models.opening_position import OpeningDebt, OpeningDisruption, OpeningPosition


def position_after(case: Instance, periods: int) -> OpeningPosition:
    """Return what is there after some periods of which nothing is observed.

    Instalments are paid and last phases that must be over are left out. Lots are
    as they were, and so are the buffers that are stated.
    """
    return case.position.model_copy(
        update={
            "debt": tuple(_debts(case, periods)),
            "disruptions": tuple(_disruptions(case, periods)),
        }
    )


def _debts(case: Instance, periods: int) -> Iterator[OpeningDebt]:
    """Yield what is owed after the instalments that have fallen due."""
    for debt in case.position.debt:
        start, number = debt.repayment_start_period, debt.number_of_instalments
        if start is None or number is None:
            yield debt
            continue
        paid = min(max(periods - start, 0), number)
        if paid == number:
            continue
        yield debt.model_copy(
            update={
                "repaid_usd": debt.repaid_usd + debt.balance_usd * paid / number,
                "repayment_start_period": max(start - periods, 0),
                "number_of_instalments": number - paid,
            }
        )


def _disruptions(case: Instance, periods: int) -> Iterator[OpeningDisruption]:
    """Yield disruptions but those whose last phase must be over.

    An earlier phase that is over is a mistake of the later case: which one it is in
    does not follow.
    """
    start = case.horizon.start_of(periods)
    events = {x.id: x for x in case.events}
    for x in case.position.disruptions:
        phases = events[x.event].phases
        is_last = x.phase == len(phases) - 1
        if not is_last or phases[x.phase].law.outlasts((start - x.since).days):
            yield x
