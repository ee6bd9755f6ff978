"""Rights that were awarded before the start: their terms, their stock, their mistakes.

The lots of the position that name a right are what is there of it, and the purchases
that do what is on the way. What its holder has drawn is stated beside them, and all
together are at most the right.
"""

import math
from collections import Counter
from collections.abc import Iterator

from models.bill_of_materials import cycles, explode
from models.entitlement import EntitlementOffer
from models.held_stock import expired_parts_of, has_expired
from models.horizon import DAYS_PER_YEAR
from models.identifiers import KnownIdentifiers
from models.material import Material
from models.mistakes import Mistake
from models.on_order import purchases_for
from models.opening_position import OpeningPurchase, RightInForce, StockLot
from models.sections import Sections

ROUNDING = 1e-9  # of the right: lots are often written with a few digits


def right_in_force(case: Sections, offer: str) -> RightInForce | None:
    """Return the right of an offer that was awarded before the start, if it was."""
    return next((x for x in case.position.rights if x.offer == offer), None)


def terms_in_force(case: Sections, offer: EntitlementOffer) -> EntitlementOffer:
    """Return the terms that an offer has from the start on.

    For a right in force all lots are awarded and the upfront fee is paid.
    """
    right = right_in_force(case, offer.id)
    if right is None:
        return offer
    lots = {"minimum_lots": right.lots, "maximum_lots": right.lots}
    return offer.model_copy(update={**lots, "upfront_fee_usd_per_tonne": 0.0})


def stock_of(
    case: Sections, material: Material, right: RightInForce
) -> tuple[StockLot, ...]:
    """Return the lots that are there for a right and have not expired."""
    return tuple(
        lot
        for lot in case.position.stock
        if lot.right == right.offer and not has_expired(case.horizon, material, lot)
    )


def tonnes_of(case: Sections, material: Material, right: RightInForce) -> float:
    """Return what is there for a right; at most all of it."""
    there = math.fsum(lot.tonnes for lot in stock_of(case, material, right))
    return min(there, right.lots * material.lot_tonnes)


def on_order_for(case: Sections, right: RightInForce) -> float:
    """Return what is on the way for a right, tonnes."""
    return math.fsum(x.tonnes for x in purchases_for(case, right.offer))


def left_to_buy(case: Sections, material: Material, right: RightInForce) -> float:
    """Return what its build-up still has to buy, tonnes.

    What is neither there nor on the way nor drawn; 0 without periods of planned buying.
    """
    if right.build_up_periods == 0:
        return 0.0
    whole = right.lots * material.lot_tonnes
    missing = whole - tonnes_of(case, material, right) - right.drawn_tonnes
    missing -= on_order_for(case, right)
    return missing if missing > ROUNDING * whole else 0.0


def expired_parts_of_right(
    case: Sections, material: Material, right: RightInForce
) -> list[float]:
    """Return the part of a right's stock that has expired by the end of each period.

    0 throughout if nothing is there, or if the material keeps.
    """
    return expired_parts_of(case.horizon, material, stock_of(case, material, right))


def unpaid_years(case: Sections, right: RightInForce | None) -> list[float]:
    """Return the part of each period (t) for which a carrying fee is due, in years."""
    horizon = case.horizon
    lengths = list(horizon.period_lengths_years)
    if right is None or right.fees_paid_until is None:
        return lengths
    paid = (right.fees_paid_until - horizon.start).days
    return [
        min(max(horizon.days_between(0, t + 1) - paid, 0.0) / DAYS_PER_YEAR, years)
        for t, years in enumerate(lengths)
    ]


def wrong_rights(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find unknown and double rights, more than was offered, drawn or held than is."""
    offers = {x.id: x for x in case.entitlement_offers}
    held = {x.id for x in case.sourcing_options if not x.buys}
    found = case.position.rights
    for name, count in Counter(x.offer for x in found).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.rights", name, expected)
    for right in found:
        path = f"position.rights[{right.offer}]"
        place = "entitlement_offers"
        yield from known.missing(place, f"{path}.offer", right.offer)
        place = "sourcing_options"
        yield from known.missing(place, f"{path}.sourcing", right.sourcing)
        if right.build_up_periods > 0 and right.sourcing in held:
            expected = f"0: {right.sourcing} takes what was bought before"
            yield Mistake(f"{path}.build_up_periods", right.build_up_periods, expected)
        if offer := offers.get(right.offer):
            yield from _beyond(case, path, offer, right)
    are_all_known = not known.are_partial_in("position.rights")
    yield from _wrong_lots(case, offers, are_all_known=are_all_known)
    if not known.are_partial:
        yield from _unneeded(case, offers)


def _beyond(
    case: Sections, path: str, offer: EntitlementOffer, right: RightInForce
) -> Iterator[Mistake]:
    """Find more lots than the offer has, and more tonnes than the right."""
    if right.lots > offer.maximum_lots:
        expected = f"at most maximum_lots = {offer.maximum_lots} of the offer"
        yield Mistake(f"{path}.lots", right.lots, expected)
    end = case.horizon.number_of_periods
    if offer.repurchase_period is not None:
        end = min(end, offer.repurchase_period)
    if right.build_up_periods > end:
        expected = f"at most {end}: it ends within horizon and term of the right"
        yield Mistake(f"{path}.build_up_periods", right.build_up_periods, expected)
    materials = {m.id: m for m in case.materials}
    material = materials.get(offer.material)
    if material is None:
        return
    whole = right.lots * material.lot_tonnes
    if right.drawn_tonnes > whole * (1 + ROUNDING):
        expected = f"at most the right of {whole:g} t"
        yield Mistake(f"{path}.drawn_tonnes", right.drawn_tonnes, expected)
        return
    there = _there_or_coming(case, right)
    if there + right.drawn_tonnes > whole * (1 + ROUNDING):
        expected = (
            f"lots for it of at most {whole - right.drawn_tonnes:g} t: the right is of "
            f"{whole:g} t, of which {right.drawn_tonnes:g} t are drawn"
        )
        yield Mistake(path, f"{there:g} t in {_places(case, right)}", expected)


def _there_or_coming(case: Sections, right: RightInForce) -> float:
    """Return what the position has for a right, good or not, on the way included."""
    there = (x.tonnes for x in case.position.stock if x.right == right.offer)
    return math.fsum((*there, on_order_for(case, right)))


def _places(case: Sections, right: RightInForce) -> str:
    """Return where the position has it."""
    purchases = " and position.purchases" if on_order_for(case, right) > 0 else ""
    return f"position.stock{purchases}"


def _wrong_lots(
    case: Sections, offers: dict[str, EntitlementOffer], *, are_all_known: bool
) -> Iterator[Mistake]:
    """Find lots and purchases for rights not in force, or of another material."""
    in_force = {x.offer for x in case.position.rights}
    parts: list[tuple[str, StockLot | OpeningPurchase]] = [
        *((f"position.stock[{x.id}]", x) for x in case.position.stock),
        *((f"position.purchases[{x.id}]", x) for x in case.position.purchases),
    ]
    for path, lot in parts:
        if lot.right is None:
            continue
        if lot.right not in in_force and not are_all_known:
            continue
        if lot.right not in in_force:
            named = ", ".join(sorted(in_force)) or "none is in force"
            expected = f"a right of position.rights ({named})"
            yield Mistake(f"{path}.right", lot.right, expected)
        elif (offer := offers.get(lot.right)) and offer.material != lot.material:
            expected = f"a right to {lot.material}, not to {offer.material}"
            yield Mistake(f"{path}.right", lot.right, expected)


def _unneeded(case: Sections, offers: dict[str, EntitlementOffer]) -> Iterator[Mistake]:
    """Find rights to materials that their participant does not need."""
    lines = [line for p in case.products for line in p.bill_of_materials]
    components = {x.component for x in lines if x.component is not None}
    is_whole = components <= {p.id for p in case.products}
    if not case.position.rights or not is_whole or cycles(case.products):
        return
    tonnes = explode(case.products)
    needed = {(p.participant, m) for p in case.products for m in tonnes[p.id]}
    for right in case.position.rights:
        offer = offers.get(right.offer)
        if offer and (offer.participant, offer.material) not in needed:
            expected = (
                f"an offer of a material that {offer.participant} needs, not "
                f"{offer.material}"
            )
            yield Mistake(
                f"position.rights[{right.offer}].offer", right.offer, expected
            )


def idle_rights(case: Sections) -> Iterator[Mistake]:
    """Find rights of which a part is neither there nor drawn, and fees long paid."""
    materials = {m.id: m for m in case.materials}
    offers = {x.id: x for x in case.entitlement_offers}
    for right in case.position.rights:
        path = f"position.rights[{right.offer}]"
        material = materials[offers[right.offer].material]
        whole = right.lots * material.lot_tonnes
        there = _there_or_coming(case, right)
        missing = whole - there - right.drawn_tonnes
        if missing > whole * ROUNDING and right.build_up_periods == 0:
            expected = (
                f"{whole - there:g}, the rest of {whole:g} t of which {there:g} t are "
                f"in {_places(case, right)}; it is bought back as if it were drawn"
            )
            yield Mistake(f"{path}.drawn_tonnes", right.drawn_tonnes, expected)
        if missing <= whole * ROUNDING and right.build_up_periods > 0:
            expected = "0: all of it is there or drawn; no effect"
            yield Mistake(f"{path}.build_up_periods", right.build_up_periods, expected)
        paid = right.fees_paid_until
        if paid is not None and paid <= case.horizon.start:
            expected = f"a day after the start, {case.horizon.start}; no effect"
            yield Mistake(f"{path}.fees_paid_until", str(paid), expected)
