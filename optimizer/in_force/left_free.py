"""Free stock that no tranche has and no sale: which part of each pile."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.held_stock import Pile, free_stock
from models.instance import Instance
from models.material import Material
from models.on_order import free_purchases
from models.opening_position import OpeningPurchase, StockLot
from models.tranche_in_force import (
    SaleInForce,
    TrancheInForce,
    lots_for_sale,
    tranche_name,
)
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import HoldingReplay, PlanReplay
from optimizer.in_force.lots import DUST


@dataclass(frozen=True, slots=True)
class LeftFree:
    """What is left free of a material: of each lot and each purchase the same part."""

    material: Material
    lots: tuple[StockLot, ...]
    part_of_lots: float
    purchases: tuple[OpeningPurchase, ...]
    part_of_purchases: float


def left_of_piles(
    instance: Instance, decisions: Decisions, happened: PlanReplay
) -> Iterator[LeftFree]:
    """Yield what is left of the piles of each material at the start."""
    named = {
        tranche_name(x) for x in decisions.tranches if isinstance(x, TrancheInForce)
    }
    named |= {
        lots_for_sale(x.material) for x in decisions.sales if isinstance(x, SaleInForce)
    }
    sold = {
        x.material: x.tonnes for x in decisions.sales if not isinstance(x, SaleInForce)
    }
    for material in instance.materials:
        mine = [x for x in happened.held if x.holding.material == material]
        lots = [x for x in free_stock(instance, material) if x.tranche not in named]
        coming = [
            x for x in free_purchases(instance, material) if x.tranche not in named
        ]
        taken = _taken(mine, "stock") + sold.get(material.id, 0.0)
        yield LeftFree(
            material,
            tuple(lots),
            _left(taken, [x.tonnes for x in lots]),
            tuple(coming),
            _left(_taken(mine, "purchases"), [x.tonnes for x in coming]),
        )


def _left(taken: float, tonnes: Iterable[float]) -> float:
    """Return the part of some tonnes that is not taken; rounding is none."""
    there = math.fsum(tonnes)
    left = 1 - taken / there if there > 0 else 0.0
    return left if left > DUST else 0.0


def _taken(parts: Iterable[HoldingReplay], pile: Pile) -> float:
    """Return what tranches take of a pile which were not in force before."""
    return math.fsum(
        tonnes
        for part in parts
        for tranche, tonnes, takes in zip(
            part.tranches,
            part.holding.taken(part.policies, pile).tolist(),
            part.holding.takes(part.policies.sourcing, pile).tolist(),
            strict=True,
        )
        if takes and not isinstance(tranche, TrancheInForce)
    )
