"""A plan for its lenders: schedule, covenants, collateral and stress tests.

The terms are those of published EXIM direct loans: exposure fee on draws, commitment
fee on the undrawn limit, fixed interest, equal instalments.
"""

import datetime as dt

from pydantic import Field

from models.record import Record, is_absent
from models.trajectories import Fan
from models.units import Fraction, Identifier


class SchedulePeriod(Record):
    """The financing of a plan in one period.

    Scheduled draws and what they cost are the same in every scenario; where the cash
    rule draws, all figures are means over the scenarios, and what is paid back is a
    draw below 0. Balances are those at the end of the period.
    """

    period: int = Field(ge=0)
    start: dt.date = Field(description="First day of the period.")
    draws_usd: dict[str, float] = Field(description="By facility.")
    balances_usd: dict[str, float] = Field(description="Owed or called, by facility.")
    debt_usd: float = Field(description="Balance of all loans.")
    capital_usd: float = Field(description="Capital called.")
    interest_usd: float = Field(description="Interest on loans.")
    return_on_capital_usd: float = Field(description="Return paid on capital called.")
    exposure_fees_usd: float = Field(description="On draws of the period.")
    commitment_fees_usd: float = Field(description="On the undrawn limit.")
    repayments_usd: float = Field(description="Instalments on loans.")
    capital_returned_usd: float = Field(description="Instalments on capital.")
    debt_service_usd: float = Field(description="Interest and instalments on loans.")
    debt_to_equity: float | None = Field(
        description="Debt for each dollar of capital called; null if none is called."
    )
    debt_headroom_usd: float | None = Field(
        description="Further debt that the limit allows; null without a limit."
    )


class FinancingFans(Record):
    """Money and collateral by period: the debt, and quantiles over scenarios."""

    period_starts: tuple[dt.date, ...] = Field(description="First day of each period.")
    debt_usd: tuple[float, ...] = Field(
        description="Balance of all loans by period; the mean if the cash rule draws."
    )
    debt_fan_usd: Fan | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Balance of all loans, if the cash rule draws.",
    )
    cash_usd: Fan = Field(description="Cash after all payments of the period.")
    collateral_usd: Fan = Field(description="Stock at the scenario's market price.")
    collateral_to_debt: Fan = Field(
        description=(
            "(Stock at market price + cash) / unguaranteed debt; null without any."
        )
    )
    debt_service_cover: Fan = Field(
        description=(
            "(Cash before debt service and without draws of the period) / debt "
            "service, below 0 where draws pay for purchases; null where none is due."
        )
    )


class WorstMoment(Record):
    """Where a figure is at its worst; the first moment if there are several."""

    period: int = Field(ge=0)
    start: dt.date = Field(description="First day of the period.")
    scenario: str | None = Field(
        description="Its name among the fresh scenarios; null if all have that figure."
    )


class Covenants(Record):
    """The covenants of the loans, and the distance of the plan from breaking them.

    A covenant is broken if more than 10 dollars are missing in any period.
    """

    debt_to_equity_limit: float | None = Field(description="Null if there is none.")
    highest_debt_to_equity: float | None = Field(
        description="Over all periods; null if no capital is called."
    )
    least_debt_headroom_usd: float | None = Field(
        description="Over all periods; broken if more than 10 dollars below 0."
    )
    collateral_cover_limit: float | None = Field(description="Null if there is none.")
    lowest_collateral_to_debt: float | None = Field(
        description="Over all scenarios and periods; null without debt."
    )
    collateral_broken_by_period: tuple[Fraction, ...] = Field(
        description="Probability that the cover is below its limit in each period."
    )
    collateral_broken_probability: Fraction | None = Field(
        description="Probability that it is in any period; null if there is no limit."
    )
    debt_uncovered_probability: Fraction = Field(
        description=(
            "Probability that stock and cash are ever less than the unguaranteed debt."
        )
    )
    cash_below_zero_probability: Fraction = Field(
        description=(
            "Probability that cash falls below 0 in any period or before the start: "
            "all facilities are exhausted, or scheduled draws do not suffice."
        )
    )
    lowest_cash_usd: float = Field(description="Over all scenarios and periods.")
    least_debt_headroom_at: WorstMoment | None = Field(
        default=None, exclude_if=is_absent, description="Of least_debt_headroom_usd."
    )
    lowest_collateral_to_debt_at: WorstMoment | None = Field(
        default=None, exclude_if=is_absent, description="Of lowest_collateral_to_debt."
    )
    lowest_cash_at: WorstMoment | None = Field(
        default=None, exclude_if=is_absent, description="Of lowest_cash_usd."
    )


class StressResult(Record):
    """Cash and covenants if prices fall or a participant defaults."""

    name: str
    price_fall: Fraction = Field(description="Share by which market prices fall.")
    price_fall_start_period: int = Field(ge=0, description="First period of the fall.")
    defaulted: Identifier | None = Field(
        description="Participant that pays, draws and takes nothing."
    )
    defaulted_name: str | None = Field(description="Name of the participant.")
    has_price_floors: bool = Field(
        description="Whether purchases pay the reference-price floors of the case."
    )
    lowest_cash_usd: float
    lowest_collateral_to_debt: float | None = Field(description="Null without debt.")
    collateral_broken_probability: Fraction | None = Field(
        description="Probability that it is ever below its limit; null without one."
    )
    debt_uncovered_probability: Fraction = Field(
        description=(
            "Probability that stock and cash are ever less than the unguaranteed debt."
        )
    )
    cash_below_zero_probability: Fraction


class CarryingCost(Record):
    """What a part of the stock costs to carry, and what is paid for it in fees.

    Expected over the horizon, not discounted.
    """

    offer: Identifier | None = Field(description="The right; null for all pools.")
    participant: Identifier | None = Field(
        description="Holder, who pays the fees; null for pools, paid for by members."
    )
    tonnes: float = Field(ge=0, description="Target.")
    storage_usd: float = Field(ge=0, description="Rent and handling.")
    insurance_usd: float = Field(ge=0, description="On the stock at market price.")
    interest_usd: float = Field(
        ge=0,
        description=(
            "On what the stock on hand cost, at the mean rate of all facilities, "
            "weighted by their limits."
        ),
    )
    fees_usd: float = Field(ge=0, description="Of the right, or of all members.")
    covered_share: float | None = Field(
        ge=0, description="Fees by all these costs; null where nothing is held."
    )

    @property
    def cost_usd(self) -> float:
        """Storage, insurance and interest."""
        return self.storage_usd + self.insurance_usd + self.interest_usd


class FinancingView(Record):
    """The financing of a plan on fresh scenarios."""

    instance_hash: str
    plan_hash: str
    scenarios: int = Field(ge=1, description="Number of scenarios.")
    seed: int
    schedule: tuple[SchedulePeriod, ...]
    fans: FinancingFans
    covenants: Covenants
    carrying: tuple[CarryingCost, ...] = Field(
        description="Who pays for what: each right, then all pools together."
    )
    stresses: tuple[StressResult, ...] = Field(
        description="The plan as it is, then under stress, on the same scenarios."
    )
