"""Financing: facilities with their terms, covenants, opening cash."""

import operator
from typing import Literal, Self

from pydantic import Field, model_validator

from models.record import SourcedRecord, is_zero
from models.units import Fraction, Identifier, PeriodIndex, RatePerYear, UsDollars

# What a buyer of a whole stock takes off its market value: an assumption.
FINAL_VALUE_HAIRCUT = 0.2
BY_SCHEDULE = "by_schedule"
REVOLVING = "revolving"


def _is_by_schedule(value: object) -> bool:
    # Cases of before, all of whose draws were scheduled, keep their hash.
    return value == BY_SCHEDULE


class Facility(SourcedRecord):
    """A loan or a capital line f."""

    id: Identifier = Field(description="Name of the facility.")
    name: str = Field(description="Name for people.")
    kind: Literal["loan", "equity"] = Field(description="Debt, or capital.")
    limit_usd: UsDollars = Field(
        description="Most that can be drawn in all, from the start on."
    )
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
    drawn: Literal["by_schedule", "when_needed", "revolving"] = Field(
        default=BY_SCHEDULE,
        exclude_if=_is_by_schedule,
        description=(
            "by_schedule: the plan fixes the draws, the same in every scenario. "
            "when_needed: drawn as far as cash would fall below 0. revolving: the "
            "same, and paid back by all cash above 0."
        ),
    )
    order: int = Field(
        default=0,
        ge=0,
        exclude_if=is_zero,
        description=(
            "Of facilities that are not drawn by schedule: a lower order is drawn "
            "first, the same order in proportion to the limits."
        ),
    )

    accrues: bool = Field(
        default=False,
        exclude_if=operator.not_,
        description=(
            "Only of capital not drawn by schedule: its return is not paid in cash but "
            "owed after the end, without interest on it."
        ),
    )

    guaranteed: bool = Field(
        default=False,
        exclude_if=operator.not_,
        description=(
            "Only of a loan: a third party pays it back if the vault cannot, so that "
            "it needs no collateral."
        ),
    )

    @property
    def needs_collateral(self) -> bool:
        """Say whether a collateral cover counts what is owed."""
        return self.kind == "loan" and not self.guaranteed

    @property
    def cash_rate_per_year(self) -> float:
        """Interest or return that is paid in cash in each period."""
        return 0.0 if self.accrues else self.rate_per_year

    @property
    def is_drawn_by_rule(self) -> bool:
        """Say whether cash decides about the draws, not the plan."""
        return self.drawn != BY_SCHEDULE

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
        description=(
            "Least (stock at market price + cash) for each dollar of debt that is not "
            "guaranteed."
        ),
    )
    final_value_haircut: Fraction = Field(
        default=FINAL_VALUE_HAIRCUT,
        exclude_if=lambda haircut: haircut == FINAL_VALUE_HAIRCUT,
        description="Taken off the market value of what is held at the end of the "
        "horizon, in the cost of holding.",
    )
    pool_sale_price: Literal["book", "market"] = Field(
        default="book",
        description="Price of pool releases: undisrupted, or the scenario's.",
    )

    def drawn_by_rule(self) -> tuple[Facility, ...]:
        """Return the facilities that are drawn as cash needs them."""
        return tuple(x for x in self.facilities if x.is_drawn_by_rule)

    def limits_usd(self) -> float:
        """Return the most that can be drawn from all facilities."""
        return sum(facility.limit_usd for facility in self.facilities)

    def budget_usd(self) -> float:
        """Return the limits of all facilities and the opening cash."""
        return self.limits_usd() + self.opening_cash_usd
