"""An opening position some periods later, if nothing is done and nothing happens.

And what of it follows from the case whatever is done: full buffers and agreed fees are
by need and price of the day on which they began.
"""

import math
from collections.abc import Iterable, Iterator, Set

from models.instance import Instance
from models.member_fees import fees_per_year_usd
from models.on_order import left_of_purchase, lot_of
from models.opening_buffers import full_buffer_days
from models.opening_position import (
    AgreedFee,
    LevelInForce,
    OpeningBuffer,
    OpeningContract,
    OpeningDebt,
    OpeningDisruption,
    OpeningPosition,
    OpeningPurchase,
    RightInForce,
    SaleTerms,
    StockLot,
)

ROUNDING = 1e-12


def position_after(case: Instance, periods: int) -> OpeningPosition:
    """Return what is there after some periods of which nothing is observed.

    Instalments are paid, last phases that must be over are left out, and rights that
    have ended with their lots, which their holders have taken, also from the levels of
    the plan in force. Purchases that were to arrive by then are lots. Other lots are as
    they were, and so are the buffers that are stated, in days of the first need, and
    what contracts have paid back in the same year. No alert is known.
    """
    ended = {
        x.id
        for x in case.entitlement_offers
        if x.repurchase_period is not None and x.repurchase_period < periods
    }
    return case.position.model_copy(
        update={
            "stock": tuple(
                x
                for x in (*case.position.stock, *_arrived(case, periods))
                if x.right not in ended
            ),
            "purchases": tuple(_on_order(case, ended, periods)),
            "rights": tuple(_rights(case, ended, periods)),
            "sales": tuple(_sales(case, periods)),
            "debt": tuple(_debts(case, periods)),
            "contracts": tuple(_contracts(case, periods)),
            "levels": tuple(_levels(case, ended)),
            "disruptions": tuple(_disruptions(case, periods)),
            "alerts": (),
        }
    )


def _arrived(case: Instance, periods: int) -> Iterator[StockLot]:
    """Yield the lots of purchases that arrive in these periods, on the agreed day.

    What arrives for a right once it has ended is free.
    """
    routes = {x.id: x for x in case.routes}
    for x in case.position.purchases:
        t = x.arrival_period
        if t < periods:
            lot = lot_of(x, routes[x.route], case.horizon.start_of(t + 1), x.tonnes)
            end = case.index.offer[x.right].repurchase_period if x.right else None
            is_late = end is not None and t >= end
            yield lot.model_copy(update={"right": None}) if is_late else lot


def _on_order(
    case: Instance, ended: Set[str], periods: int
) -> Iterator[OpeningPurchase]:
    """Yield what is still on the way; what was for a right that has ended is free."""
    for x in case.position.purchases:
        if x.arrival_period >= periods:
            later = left_of_purchase(x, x.tonnes, periods)
            yield (
                later.model_copy(update={"right": None}) if x.right in ended else later
            )


def _rights(case: Instance, ended: Set[str], periods: int) -> Iterator[RightInForce]:
    """Yield rights that go on; of fees only those paid beyond the later start."""
    start = case.horizon.start_of(periods)
    for x in case.position.rights:
        if x.offer in ended:
            continue
        paid = x.fees_paid_until
        yield x.model_copy(
            update={
                "build_up_periods": max(x.build_up_periods - periods, 0),
                "fees_paid_until": paid if paid is not None and paid > start else None,
            }
        )


def _sales(case: Instance, periods: int) -> Iterator[SaleTerms]:
    """Yield the terms of sale with the periods that are left of them."""
    for terms in case.position.sales:
        left = terms.within_periods - periods
        if left > 0:
            yield terms.model_copy(update={"within_periods": left})


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


def _contracts(case: Instance, periods: int) -> Iterator[OpeningContract]:
    """Yield contracts in force; of another year nothing has been paid back."""
    is_same_year = case.horizon.start_of(periods).year == case.horizon.start.year
    for x in case.position.contracts:
        yield x if is_same_year else x.model_copy(update={"paid_back_usd": 0.0})


def _levels(case: Instance, ended: Set[str]) -> Iterator[LevelInForce]:
    """Yield the levels of the plan in force without the rights that have ended."""
    gone = [x for x in case.position.rights if x.offer in ended]
    for level in case.position.levels:
        lot = case.materials[case.index.material[level.material]].lot_tonnes
        lots = sum(
            x.lots for x in gone if case.index.offer[x.offer].material == level.material
        )
        yield level.model_copy(update={"tonnes": max(level.tonnes - lots * lot, 0.0)})


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


def in_later_needs(
    before: Instance, after: Instance, buffers: Iterable[OpeningBuffer]
) -> Iterator[OpeningBuffer]:
    """Yield buffers of a case in days of the need of a later one.

    Where nothing is needed then, none is left.
    """
    for x in buffers:
        full = full_buffer_days(before, x.participant, x.material)
        later = _later_full_days(before, after, x.participant, x.material)
        if full > 0 and later is not None:
            yield x.model_copy(
                update={"days": later * (x.days / full), "full_days": None}
            )


def with_full_buffers(
    before: Instance, after: Instance, buffers: Iterable[OpeningBuffer]
) -> Iterator[OpeningBuffer]:
    """Yield the buffers at the start of a later case, with what full ones have.

    All that are not stated are full, and need no word if that is their usual days.
    """
    full = {
        (o.id, m.id): days
        for o in before.participants
        for m in before.materials
        if (days := _later_full_days(before, after, o.id, m.id)) is not None
        and not _is_close(days, o.working_buffer_days)
    }
    for x in buffers:
        days = full.pop((x.participant, x.material), None)
        is_stated = days is None or x.full_days is not None
        yield x if is_stated else x.model_copy(update={"full_days": days})
    for (o, m), days in full.items():
        yield OpeningBuffer(participant=o, material=m, days=days, full_days=days)


def _later_full_days(
    before: Instance, after: Instance, participant: str, material: str
) -> float | None:
    """Return the days of later need in a full buffer; None if nothing is needed."""
    was, need = (
        x.index.need_by_participant_tonnes_per_day[material].get(participant, 0.0)
        for x in (before, after)
    )
    full = full_buffer_days(before, participant, material)
    return full * (was / need) if need > 0 else None


def agreed_fees(before: Instance, after: Instance) -> Iterator[AgreedFee]:
    """Yield the fees of members that are other ones than those of a later case."""
    later = fees_per_year_usd(after)
    for o, usd in fees_per_year_usd(before).items():
        if not _is_close(usd, later[o]):
            yield AgreedFee(participant=o, usd_per_year=usd)


def _is_close(found: float, expected: float) -> bool:
    return math.isclose(found, expected, rel_tol=ROUNDING)
