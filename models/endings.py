"""What of a case is past some periods later, in sentences."""

from collections.abc import Iterator

from models.instance import Instance
from models.opening_buffers import full_buffer_days


def endings(before: Instance, after: Instance, periods: int) -> Iterator[str]:
    """Yield a sentence on each part that has ended, wholly or in part, by then."""
    yield from _of_agreements(before, after, periods)
    yield from _of_beginnings(before, after, periods)
    yield from _of_events(before, after)
    yield from _of_debt(before, after)
    yield from _of_purchases(before, after)
    yield from _of_buffers(before, after)
    if before.position.alerts and not after.position.alerts:
        yield f"No alert is known before {after.horizon.start}: all are taken as 0."


def _of_agreements(before: Instance, after: Instance, periods: int) -> Iterator[str]:
    day = after.horizon.start
    left = {x.id for x in after.contracts}
    for contract in before.contracts:
        past = min(periods - contract.start_period, contract.term_periods)
        if contract.id not in left:
            yield f"Contract {contract.id} has ended by {day}: it is left out."
        elif past > 0:
            yield (
                f"Of the {contract.term_periods} periods of contract {contract.id} "
                f"{past} {'is' if past == 1 else 'are'} over by {day}."
            )
    left = {x.id for x in after.entitlement_offers}
    for offer in before.entitlement_offers:
        if offer.id not in left:
            yield f"The right of offer {offer.id} ends before {day}: it is left out."
    terms = {x.material for x in after.position.sales}
    for sale in before.position.sales:
        if sale.material not in terms:
            yield f"Free stock of {sale.material} can be sold until {day} only."


def _of_beginnings(before: Instance, after: Instance, periods: int) -> Iterator[str]:
    day = after.horizon.start
    for facility in before.financing.facilities:
        last = facility.last_draw_period
        if last is not None and last < periods:
            yield (
                f"Facility {facility.id} lends nothing more: its last draw was before "
                f"{day}."
            )
    for option in before.sourcing_options:
        if 0 < option.start_period < periods:
            first = before.horizon.start_of(option.start_period)
            yield f"Sourcing option {option.id}, of {first}, buys from {day} on."


def _of_events(before: Instance, after: Instance) -> Iterator[str]:
    day = after.horizon.start
    left = {x.id for x in after.events}
    for event in before.events:
        if event.id not in left:
            yield f"Event {event.id} is over by {day} for good: it is left out."
    in_force = {x.event for x in after.position.disruptions}
    for x in before.position.disruptions:
        if x.event in left - in_force:
            yield f"Event {x.event} is no longer in force on {day}."


def _of_debt(before: Instance, after: Instance) -> Iterator[str]:
    owed = {x.facility for x in after.position.debt}
    for debt in before.position.debt:
        if debt.facility not in owed:
            day = after.horizon.start
            yield f"Facility {debt.facility} is owed nothing any more on {day}."


def _of_purchases(before: Instance, after: Instance) -> Iterator[str]:
    left = {x.id for x in after.position.purchases}
    for purchase in before.position.purchases:
        if purchase.id not in left:
            yield f"Purchase {purchase.id} has arrived by {after.horizon.start}."


def _of_buffers(before: Instance, after: Instance) -> Iterator[str]:
    first, later = (x.index.need_by_participant_tonnes_per_day for x in (before, after))
    for m in before.materials:
        for o in before.participants:
            full = full_buffer_days(before, o.id, m.id)
            if first[m.id].get(o.id) and not later[m.id][o.id] and full > 0:
                yield (
                    f"The buffer of {o.id} of {m.id} is left out: {o.id} needs none on "
                    f"{after.horizon.start}."
                )
