"""Financing: facilities with their terms, covenants, opening cash."""

from typing import Literal, Self

from pydantic import Field, model_validator

from models.record import SourcedRecord
from models.units import Fraction, Identifier, PeriodIndex, RatePerYear, UsDollars


class Facility(SourcedRecord):
    """A loan or a capital line f."""

    id: Identifier = Field(description="Name of the facility.")
    name: str = Field(description="Name for people.")
    kind: Literal["loan", "equity"] = Field(description="Debt, or capital.")
    limit_usd: UsDollars = Field(description="Most that can be drawn in all.")
    rate_per_year: RatePerYear = Field(
        description="Interest, or the capped return paid on capital."
    )
    exposure_fee: Fraction = Field(
        default=0.0, description="Paid on each draw, fraction of it."
    )
    commitment_fee_per_year: RatePerYear = Field(
        default=0.0,
        description="Paid on the undrawn limit until the last possible draw.",
    )
    first_draw_period: PeriodIndex = Field(
        default=0, description="First possible draw."
    )
    last_draw_period: PeriodIndex | None = Field(
        default=None, description="Last possible draw; the end if absent."
    )
    repayment_start_period: PeriodIndex | None = Field(
        default=None, description="First instalment; a bullet after the end if absent."
    )
    number_of_instalments: int | None = Field(
        default=None, ge=1, description="Equal instalments from the start of repayment."
    )

    @model_validator(mode="after")
    def _instalments(self) -> Self:
        if (self.repayment_start_period is None) != (
            self.number_of_instalments is None
        ):
            msg = "repayment_start_period and number_of_instalments go together"
            raise ValueError(msg)
        return self


class Financing(SourcedRecord):
    """All facilities, their common covenants and opening cash."""

    facilities: tuple[Facility, ...] = Field(description="Loans and capital lines.")
    opening_cash_usd: UsDollars = Field(default=0.0, description="Cash at the start.")
    debt_to_equity_limit: float | None = Field(
        default=None, gt=0, description="Most debt for each dollar of capital called."
    )
    collateral_cover: float | None = Field(
        default=None,
        gt=0,
        description="Least (stock at market price + cash) for each dollar of debt.",
    )
    pool_sale_price: Literal["book", "market"] = Field(
        default="book",
        description="Price of pool releases: undisrupted, or the scenario's.",
    )

    def limits_usd(self) -> float:
        """Return the most that can be drawn from all facilities."""
        return sum(facility.limit_usd for facility in self.facilities)

    def budget_usd(self) -> float:
        """Return the limits of all facilities and the opening cash."""
        return self.limits_usd() + self.opening_cash_usd
