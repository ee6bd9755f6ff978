"""Printed tranches and sales in a later month: what is there then, by which names."""

import math
from collections.abc import Iterator

from pydantic import Field

from models.opening_position import OpeningPurchase, StockLot
from models.plan import Sale, Tranche

# Of the name of a tranche: what it keeps, rule, sourcing option, and level.
NUMBER_OF_PARTS = 4


class TrancheInForce(Tranche):
    """A tranche of a pool some periods after its plan was made.

    Its rule is as printed. What it holds at the start is neither bought nor taken from
    free stock: it is there, and as old as its lots are.
    """

    build_up_start_period: int = Field(
        description="First period of planned buying; below 0 if it began before."
    )
    in_place: tuple[StockLot, ...] = Field(
        description="What it holds at the start, lot by lot."
    )
    on_the_way: tuple[OpeningPurchase, ...] = Field(
        default=(), description="What was bought for it before and is on the way."
    )

    @property
    def initial_tonnes(self) -> float:
        """What it holds at the start; the sum does not depend on lots."""
        return math.fsum(lot.tonnes for lot in self.in_place)


class SaleInForce(Sale):
    """A sale of free stock some periods after its plan was made: what is left of it."""

    in_place: tuple[StockLot, ...] = Field(
        description="What is still for sale at the start, lot by lot."
    )


def lots_for_sale(material: str) -> str:
    """Return the name by which lots of the position are for sale."""
    return f"{material}/sale"


def tranche_name(tranche: Tranche) -> str:
    """Return the name by which lots of the position refer to a tranche.

    A plan has one tranche at most of each candidate, so its names are unique.
    """
    kept = tranche.offer or tranche.material
    level = f"{tranche.level_days_of_cover:.10g}"
    return f"{kept}/{tranche.rule}/{tranche.sourcing}/{level}"


def sourcing_in(name: str) -> Iterator[str]:
    """Yield the sourcing option that the name of a tranche has; a sale has none."""
    parts = name.split("/")
    if len(parts) == NUMBER_OF_PARTS:
        yield parts[2]
