"""A case as it stands some periods later: a shorter horizon, and all figures with it.

Whatever is counted in periods from the start is counted from the new one, and what
grows over time has its later figure. Days of the calendar stay what they are. Replays
stay as well: they ask what if something happened so many days from the start. What is
held, owed and cut by then does not follow from the case: the caller states it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from models.demand import Product
from models.disruption import Event
from models.endings import endings
from models.entitlement import EntitlementOffer
from models.finance import Facility, Financing
from models.instance import Instance
from models.material import Material
from models.moved_position import (
    agreed_fees,
    in_later_needs,
    position_after,
    with_full_buffers,
)
from models.opening_position import OpeningPosition
from models.reading import read_stored_instance
from models.supply import OfftakeContract, SourcingOption
from models.time_path import path_from


@dataclass(frozen=True, slots=True)
class MovedCase:
    """A case as it stands later, and in sentences what of it has ended by then."""

    case: Instance
    notes: tuple[str, ...]


def moved_on(
    case: Instance, periods: int, *, position: OpeningPosition | None = None
) -> MovedCase:
    """Return a case as it stands at the start of a later one of its periods.

    Parameters
    ----------
    periods
        Number of periods that have passed, at least 1 and fewer than there are.
    position
        What is there then. If absent, that of the case less what has fallen due or is
        over: as if nothing had been bought, drawn or released. Cash and limits of
        facilities stay as they are in both cases. What a full buffer has and what
        members have agreed to pay follows from the case, and is added.

    Raises
    ------
    ValueError
        If no period has passed, or none is left.
    InvalidCaseError
        If the later case has mistakes: for instance a disruption in force in a phase
        that is over, or a material that nothing needs in the new period 0.
    """
    number = case.horizon.number_of_periods
    if not 1 <= periods < number:
        msg = f"{periods} periods later, expected 1 to {number - 1}"
        raise ValueError(msg)
    there = position_after(case, periods) if position is None else position
    moved = case.model_copy(
        update={
            "horizon": case.horizon.from_period(periods),
            "position": there,
            "materials": tuple(_material(x, periods) for x in case.materials),
            "routes": tuple(
                x.model_copy(update={"ramp": path_from(x.ramp, periods)})
                for x in case.routes
            ),
            "treatment_charges": tuple(
                x.model_copy(
                    update={"usd_per_tonne": path_from(x.usd_per_tonne, periods)}
                )
                for x in case.treatment_charges
            ),
            "products": tuple(
                _product(x, periods, case.horizon.years_between(0, periods))
                for x in case.products
            ),
            "sourcing_options": tuple(
                _sourcing_option(x, periods) for x in case.sourcing_options
            ),
            "entitlement_offers": tuple(_offers(case, periods)),
            "contracts": tuple(_contracts(case, periods)),
            "financing": _financing(case.financing, periods),
            "events": tuple(_events(case, periods, there)),
        }
    )
    moved = moved.model_copy(
        update={"position": _completed(case, moved, is_same=position is None)}
    )
    # Copies are not checked; reading checks them, and all parts against each other.
    moved = read_stored_instance(moved.model_dump())
    return MovedCase(moved, tuple(endings(case, moved, periods)))


def _completed(before: Instance, after: Instance, *, is_same: bool) -> OpeningPosition:
    """Return the position of a later case with what was agreed and laid in before.

    is_same says that its buffers are stated in days of the need of before.
    """
    there = after.position
    buffers = there.buffers
    if is_same:
        buffers = in_later_needs(before, after, buffers)
    ended = {x.id for x in before.contracts} - {x.id for x in after.contracts}
    stated = {x.participant for x in there.fees}
    fees = (x for x in agreed_fees(before, after) if x.participant not in stated)
    return there.model_copy(
        update={
            "buffers": tuple(with_full_buffers(before, after, buffers)),
            "contracts": tuple(x for x in there.contracts if x.contract not in ended),
            "fees": (*there.fees, *fees),
        }
    )


def _material(material: Material, periods: int) -> Material:
    """Return a material with the prices that are still to come."""
    path = material.price_path_usd_per_tonne
    if path is None:
        return material
    later = path[periods:]
    return material.model_copy(
        update={"price_path_usd_per_tonne": later, "price_usd_per_tonne": later[0]}
    )


def _product(product: Product, periods: int, years: float) -> Product:
    """Return a product whose demand has grown."""
    demand = product.demand_units_per_year
    grown = demand and demand * (1 + product.growth_per_year) ** years
    return product.model_copy(
        update={
            "demand_units_per_year": grown,
            "ramp": path_from(product.ramp, periods),
        }
    )


def _sourcing_option(option: SourcingOption, periods: int) -> SourcingOption:
    """Return an option that buys from the same day on, or from now on if that is past.

    Its start is a day like all others of the case, as that of a mine or a budget is. It
    stays on the menu once it is past: what is not begun can be begun later.
    """
    return option.model_copy(
        update={"start_period": max(option.start_period - periods, 0)}
    )


def _offers(case: Instance, periods: int) -> Iterator[EntitlementOffer]:
    """Yield the offers of rights that are not yet bought back."""
    for offer in case.entitlement_offers:
        end = offer.repurchase_period
        if end is None:
            yield offer
        elif end >= periods:
            yield offer.model_copy(update={"repurchase_period": end - periods})


def _contracts(case: Instance, periods: int) -> Iterator[OfftakeContract]:
    """Yield contracts with the deliveries that are still to come, if there are any."""
    for contract in case.contracts:
        start = contract.start_period - periods
        left = contract.term_periods + min(start, 0)
        if left > 0:
            yield contract.model_copy(
                update={"start_period": max(start, 0), "term_periods": left}
            )


def _financing(financing: Financing, periods: int) -> Financing:
    facilities = tuple(_facility(x, periods) for x in financing.facilities)
    return financing.model_copy(update={"facilities": facilities})


def _facility(facility: Facility, periods: int) -> Facility:
    """Return what can still be drawn of a facility, and how that is paid back.

    If that is nothing it stays, as debt of before may be owed to it. Instalments begin
    after the last draw, so those that have begun are none of new draws.
    """
    first, last = facility.first_draw_period, facility.last_draw_period
    repayment = facility.repayment_start_period
    update: dict[str, object] = {"first_draw_period": max(first - periods, 0)}
    if last is not None and last < periods:
        update |= {"limit_usd": 0.0, "last_draw_period": 0}
        update |= {"repayment_start_period": None, "number_of_instalments": None}
        return facility.model_copy(update=update)
    if last is not None:
        update["last_draw_period"] = last - periods
    if repayment is not None:
        update["repayment_start_period"] = repayment - periods
    return facility.model_copy(update=update)


def _events(case: Instance, periods: int, there: OpeningPosition) -> Iterator[Event]:
    """Yield events that are in force or can still happen."""
    start = case.horizon.start_of(periods)
    in_force = {x.event for x in there.disruptions}
    happened = {x.event for x in case.position.disruptions}
    for event in case.events:
        is_past = event.onset_date is not None and event.onset_date < start
        is_over = event.id in happened and event.recurs_after is None
        if event.id in in_force or not (is_past or is_over):
            yield event
