"""Where a reserve stands at the start: what it holds already."""

from pydantic import Field

from models.record import SourcedRecord, is_absent
from models.units import Country, Day, Identifier, PositiveTonnes, UsDollars


class StockLot(SourcedRecord):
    """A lot of free stock: held at the start, and for no right.

    It is not paid for again. Sourcing options with `is_held` take it.
    """

    id: Identifier = Field(description="Name of the lot.")
    material: Identifier = Field(description="Material held.")
    tonnes: PositiveTonnes = Field(description="What is there of it at the start.")
    form: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Form held, the traded form of the material; the same if absent.",
    )
    arrival: Day = Field(description="Day on which it arrived: shelf life counts on.")
    mining_country: Country = Field(description="Country in which it was mined.")
    refining_country: Country = Field(description="Country in which it was refined.")
    book_value_usd: UsDollars = Field(
        default=0.0, description="Value in the books; no cost of the plan."
    )


class OpeningPosition(SourcedRecord):
    """What is there at the start, before anything is decided."""

    stock: tuple[StockLot, ...] = Field(
        default=(), exclude_if=is_absent, description="Free stock, lot by lot."
    )


def is_empty(position: OpeningPosition) -> bool:
    """Say whether nothing is there: the case is then the same as without it."""
    return not position.stock
