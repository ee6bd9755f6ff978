"""Modelled against published losses of a one-year cut-off."""

from pydantic import Field

from models.record import Record
from models.units import Country, Identifier


class CalibrationRow(Record):
    """One cut-off: the loss of a year without vault, modelled and published."""

    materials: tuple[Identifier, ...] = Field(description="Cut off together.")
    country: Country = Field(description="Dominant supplier, cut off completely.")
    modelled_loss_usd: float = Field(ge=0, description="Shortage cost of the year.")
    published_loss_usd: float | None = Field(
        description="Central figure, if there is one."
    )
    published_low_usd: float | None = Field(description="Low end, if there is one.")
    published_high_usd: float | None = Field(description="High end, if there is one.")
    published_rank: int | None = Field(description="Rank by loss, if there is one.")
    source: str = Field(description="Where the published figure stands.")


class Calibration(Record):
    """All cut-offs, and how far losses agree with published ranks."""

    rows: tuple[CalibrationRow, ...]
    rank_correlation: float | None = Field(
        ge=-1, le=1, description="Spearman's rho of modelled loss and published rank."
    )
