"""Purchases on the way: which are free, what is due for them when; their mistakes.

A purchase becomes a lot when it arrives, at the end of a period as all that is bought
(FORMULATION.md, section 1).
"""

import datetime as dt
import math
from collections.abc import Iterator

from models.identifiers import KnownIdentifiers
from models.material import Material
from models.mistakes import Mistake
from models.opening_position import OpeningPurchase, StockLot
from models.sections import Sections
from models.supply import Route


def free_purchases(case: Sections, material: Material) -> tuple[OpeningPurchase, ...]:
    """Return what is on the way of a material and can be taken as free stock."""
    return tuple(
        x
        for x in case.position.purchases
        if x.material == material.id and x.right is None
    )


def purchases_for(case: Sections, offer: str) -> tuple[OpeningPurchase, ...]:
    """Return what is on the way for the right in force of an offer."""
    return tuple(x for x in case.position.purchases if x.right == offer)


def due_usd(case: Sections) -> list[float]:
    """Return what is paid for purchases on the way in each period (t), US dollars."""
    return [
        math.fsum(
            x.value_usd
            for x in case.position.purchases
            if x.arrival_period == t and not x.is_paid
        )
        for t in range(case.horizon.number_of_periods)
    ]


def lot_of(
    purchase: OpeningPurchase, route: Route, arrival: dt.date, tonnes: float
) -> StockLot:
    """Return the lot that so many tonnes of a purchase make when they arrive."""
    return StockLot(
        id=purchase.id,
        material=purchase.material,
        tonnes=tonnes,
        form=purchase.form,
        right=purchase.right,
        arrival=arrival,
        mining_country=route.mining_country,
        refining_country=route.refining_country,
        book_value_usd=tonnes * purchase.price_usd_per_tonne,
        tranche=purchase.tranche,
    )


def left_of_purchase(
    purchase: OpeningPurchase, tonnes: float, periods: int
) -> OpeningPurchase:
    """Return what is still on the way of a purchase some periods later.

    What was due before is paid.
    """
    return purchase.model_copy(
        update={
            "tonnes": tonnes,
            "arrival_period": max(purchase.arrival_period - periods, 0),
            "is_paid": purchase.is_paid or purchase.arrival_period < periods,
        }
    )


def wrong_purchases_on_order(
    case: Sections, known: KnownIdentifiers
) -> Iterator[Mistake]:
    """Find purchases of unknown materials, over wrong routes, or after the horizon."""
    routes = {x.id: x for x in case.routes}
    materials = {m.id: m for m in case.materials}
    lots = {lot.id for lot in case.position.stock}
    last = case.horizon.number_of_periods - 1
    for x in case.position.purchases:
        path = f"position.purchases[{x.id}]"
        yield from known.missing("materials", f"{path}.material", x.material)
        yield from known.missing("routes", f"{path}.route", x.route)
        route, material = routes.get(x.route), materials.get(x.material)
        if route is not None and route.material != x.material:
            expected = f"a route of {x.material}, not of {route.material}"
            yield Mistake(f"{path}.route", x.route, expected)
        if x.arrival_period > last:
            expected = f"a period up to {last}"
            yield Mistake(f"{path}.arrival_period", x.arrival_period, expected)
        if x.id in lots:
            expected = "another name than that of a lot of position.stock: it makes one"
            yield Mistake(f"{path}.id", x.id, expected)
        if x.tranche is not None and x.right is not None:
            expected = f"absent: the purchase is for right {x.right}"
            yield Mistake(f"{path}.tranche", x.tranche, expected)
        if material and x.form is not None and x.form != material.traded_form:
            expected = (
                f"the traded form of {material.id}, {material.traded_form!r}; stock in "
                "another form cannot be released"
            )
            yield Mistake(f"{path}.form", x.form, expected)


def idle_purchases(case: Sections) -> Iterator[Mistake]:
    """Find purchases that no tranche can take, and options that find none."""
    takers = [option for option in case.sourcing_options if option.is_on_order]
    free = [x for x in case.position.purchases if x.right is None]
    for x in free if not takers else ():
        expected = (
            "a sourcing option with is_on_order: true; no tranche can take this "
            "purchase, which is paid for all the same"
        )
        yield Mistake(f"position.purchases[{x.id}]", x.tonnes, expected)
    for option in takers if not free else ():
        path = f"sourcing_options[{option.id}].is_on_order"
        expected = "false: the position has no free purchases; it has no effect"
        yield Mistake(path, option.is_on_order, expected)
