"""Stock that is held at the start: what of it is free and still good; its mistakes.

What would be older than its shelf life at the end of a period has expired by the end of
the period before, as all stock has (FORMULATION.md, section 1).
"""

import math
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from models.horizon import Horizon
from models.identifiers import KnownIdentifiers
from models.material import SHELF_LIFE_ROUNDING, Material
from models.mistakes import Mistake
from models.on_order import free_purchases
from models.opening_position import StockLot
from models.sections import Sections

# What tranches can take instead of buying it: what is there, and what is on the way.
Pile = Literal["stock", "purchases"]
PILES: tuple[Pile, ...] = get_args(Pile)


def free_stock(case: Sections, material: Material) -> tuple[StockLot, ...]:
    """Return the lots of a material that tranches can take at the start."""
    return tuple(
        lot
        for lot in case.position.stock
        if lot.material == material.id
        and lot.right is None
        and not has_expired(case.horizon, material, lot)
    )


def free_tonnes(case: Sections, material: Material) -> float:
    """Return the free stock of a material; the sum does not depend on lots."""
    return math.fsum(lot.tonnes for lot in free_stock(case, material))


def pile_tonnes(case: Sections, material: Material, pile: Pile) -> float:
    """Return how much of a material tranches can take of what was bought before."""
    if pile == "stock":
        return free_tonnes(case, material)
    return math.fsum(x.tonnes for x in free_purchases(case, material))


def expired_parts(case: Sections, material: Material) -> list[float]:
    """Return the part of free stock that has expired by the end of each period (t).

    0 throughout if the material keeps; the material must have free stock.
    """
    return expired_parts_of(case.horizon, material, free_stock(case, material))


def expired_parts_of(
    horizon: Horizon, material: Material, lots: Sequence[StockLot]
) -> list[float]:
    """Return the part of a pile that has expired by the end of each period (t).

    0 throughout if nothing is there.
    """
    total = math.fsum(lot.tonnes for lot in lots) or 1.0
    return [
        math.fsum(x.tonnes for x in lots if has_expired(horizon, material, x, t))
        / total
        for t in range(horizon.number_of_periods)
    ]


def has_expired(
    horizon: Horizon, material: Material, lot: StockLot, t: int = -1
) -> bool:
    """Say whether a lot has expired by the end of period t, or before the start.

    What arrives on the first day is kept for a period at least.
    """
    if material.shelf_life_days is None:
        return False
    age = (horizon.start - lot.arrival).days
    if t < 0 and age == 0:
        return False
    rounding = SHELF_LIFE_ROUNDING * horizon.days_between(t + 1, t + 2)
    oldest = horizon.days_between(0, t + 2) - material.shelf_life_days - rounding
    return -age < oldest


def wrong_position(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find stock of unknown materials, in other forms, or not yet there."""
    materials = {m.id: m for m in case.materials}
    for lot in case.position.stock:
        path = f"position.stock[{lot.id}]"
        yield from known.missing("materials", f"{path}.material", lot.material)
        if lot.arrival > case.horizon.start:
            expected = f"a day up to the start, {case.horizon.start}"
            yield Mistake(f"{path}.arrival", str(lot.arrival), expected)
        if lot.tranche is not None and lot.right is not None:
            expected = f"absent: the lot is held for right {lot.right}"
            yield Mistake(f"{path}.tranche", lot.tranche, expected)
        material = materials.get(lot.material)
        if material and lot.form is not None and lot.form != material.traded_form:
            expected = (
                f"the traded form of {material.id}, {material.traded_form!r}; stock in "
                "another form cannot be released"
            )
            yield Mistake(f"{path}.form", lot.form, expected)


def wrong_held_options(case: Sections, _known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find options that take what was bought before and have terms of buying it."""
    for option in case.sourcing_options:
        if option.buys:
            continue
        path = f"sourcing_options[{option.id}]"
        if option.is_held and option.is_on_order:
            expected = "false: is_held is true; what is there and what is on the way "
            expected += "are taken by two options"
            yield Mistake(f"{path}.is_on_order", option.is_on_order, expected)
        for name, value in (
            ("build_up_periods", option.build_up_periods),
            ("start_period", option.start_period),
        ):
            if value > 0:
                expected = "0: what it takes was bought before the start"
                yield Mistake(f"{path}.{name}", value, expected)
        if option.price_cap is not None:
            expected = "absent: what it takes was bought before the start"
            yield Mistake(f"{path}.price_cap", option.price_cap, expected)


def idle_stock(case: Sections) -> Iterator[Mistake]:
    """Find stock that no tranche can take, and options that find none."""
    materials = {m.id: m for m in case.materials}
    sold = {terms.material for terms in case.position.sales}
    takes = any(option.is_held for option in case.sourcing_options)
    for lot in case.position.stock:
        path = f"position.stock[{lot.id}]"
        material = materials[lot.material]
        if not takes and lot.right is None and lot.material not in sold:
            expected = (
                "a sourcing option with is_held: true, or terms of sale; no tranche "
                "can take this stock"
            )
            yield Mistake(path, lot.tonnes, expected)
        elif has_expired(case.horizon, material, lot):
            expected = (
                f"a day within the shelf life of {material.shelf_life_days:g} days; "
                "the lot has expired at the start, and cannot be released"
            )
            yield Mistake(f"{path}.arrival", str(lot.arrival), expected)
    if any(free_stock(case, material) for material in case.materials):
        return
    for option in case.sourcing_options:
        if option.is_held:
            path = f"sourcing_options[{option.id}].is_held"
            expected = "false: the position has no free stock; it has no effect"
            yield Mistake(path, option.is_held, expected)
