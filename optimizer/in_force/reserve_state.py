"""What a reserve is at the end of a period, as a position states it."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.opening_position import (
    AlertsBefore,
    OpeningBuffer,
    OpeningContract,
    OpeningDebt,
    OpeningPurchase,
    RightInForce,
    StockLot,
)


@dataclass(frozen=True, slots=True)
class ReserveState:
    """What is there, owed and agreed after some periods of a case.

    stock is all that is left, lot by lot: free stock that no tranche took, lots with
    the names of tranches, and those of rights; purchases is all that is on the way for
    them. undrawn_usd is what may still be drawn
    by facility, or owed at a time on a revolving one. alerts are of the last periods,
    as far as notice reaches back; buffers are in days of the need of the next period.
    """

    periods: int
    stock: tuple[StockLot, ...]
    purchases: tuple[OpeningPurchase, ...]
    rights: tuple[RightInForce, ...]
    debt: tuple[OpeningDebt, ...]
    contracts: tuple[OpeningContract, ...]
    alerts: tuple[AlertsBefore, ...]
    buffers: tuple[OpeningBuffer, ...]
    cash_usd: float
    undrawn_usd: Mapping[str, float]
