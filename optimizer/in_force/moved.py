"""The case that comes next: moved on, with what the reserve is then as its position."""

from collections.abc import Iterable

from models.held_stock import Pile
from models.instance import Instance
from models.moved_on import MovedCase, moved_on
from models.moved_position import position_after
from models.reading import read_stored_instance
from models.supply import SourcingOption
from optimizer.in_force.changed_orders import changed_orders
from optimizer.in_force.reserve_state import ReserveState

# What a new plan takes of what was bought before, by pile.
TAKERS: dict[Pile, tuple[str, str]] = {
    "stock": ("held", "Taken from what is held"),
    "purchases": ("on-the-way", "Taken from what is on the way"),
}


def with_takers(case: Instance, piles: Iterable[Pile]) -> Instance:
    """Return the case with options by which a new plan takes of some piles."""
    for pile in piles:
        options = case.sourcing_options
        if any(_takes(option, pile) for option in options):
            continue
        stem, name = TAKERS[pile]
        taken = {option.id for option in options}
        names = (f"{stem}{number}" for number in ("", *range(2, len(taken) + 3)))
        taker = SourcingOption(
            id=next(name for name in names if name not in taken),
            name=name,
            origins="any",
            build_up_periods=0,
            is_held=pile == "stock",
            is_on_order=pile == "purchases",
        )
        case = case.model_copy(update={"sourcing_options": (*options, taker)})
    return case


def _takes(option: SourcingOption, pile: Pile) -> bool:
    return option.is_held if pile == "stock" else option.is_on_order


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
            "purchases": reserve.purchases,
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
