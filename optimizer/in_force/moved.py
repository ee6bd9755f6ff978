"""The case that comes next: moved on, with what the reserve is then as its position."""

from models.instance import Instance
from models.moved_on import MovedCase, moved_on
from models.moved_position import position_after
from models.reading import read_stored_instance
from models.supply import SourcingOption
from optimizer.in_force.changed_orders import changed_orders
from optimizer.in_force.reserve_state import ReserveState

TAKER = "held"


def with_taker(case: Instance) -> Instance:
    """Return the case with an option by which a new plan takes what is held."""
    options = case.sourcing_options
    if any(option.is_held for option in options):
        return case
    taken = {option.id for option in options}
    names = (f"{TAKER}{number}" for number in ("", *range(2, len(taken) + 3)))
    taker = SourcingOption(
        id=next(name for name in names if name not in taken),
        name="Taken from what is held",
        origins="any",
        build_up_periods=0,
        is_held=True,
    )
    return case.model_copy(update={"sourcing_options": (*options, taker)})


def moved_case(case: Instance, reserve: ReserveState) -> MovedCase:
    """Return a case after the periods of a reserve, with that reserve as its position.

    Disruptions in force are those of the case that need not be over. Raises
    InvalidCaseError if the later case has mistakes, as `moved_on` does.
    """
    facilities = tuple(
        x.model_copy(update={"limit_usd": reserve.undrawn_usd[x.id]})
        for x in case.financing.facilities
    )
    financing = case.financing.model_copy(
        update={"facilities": facilities, "opening_cash_usd": reserve.cash_usd}
    )
    position = position_after(case, reserve.periods).model_copy(
        update={
            "stock": reserve.stock,
            "rights": reserve.rights,
            "debt": reserve.debt,
            "contracts": reserve.contracts,
            "alerts": reserve.alerts,
            "buffers": (),
        }
    )
    moved = moved_on(
        case.model_copy(update={"financing": financing}),
        reserve.periods,
        position=position,
    )
    # What is in buffers is known to the tonne, by the need that was observed.
    position = moved.case.position.model_copy(update={"buffers": reserve.buffers})
    content = moved.case.model_copy(update={"position": position}).model_dump()
    later = read_stored_instance(content)
    return MovedCase(later, (*moved.notes, *changed_orders(case, later)))
