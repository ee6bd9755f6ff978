"""Pre-purchase rights: participants offer to take them, the plan awards them."""

from pydantic import Field

from models.record import SourcedRecord
from models.units import (
    Fraction,
    Identifier,
    PeriodIndex,
    PositiveFraction,
    UsDollarsPerTonne,
)


class EntitlementOffer(SourcedRecord):
    """A participant's offer to take a right to a material at fixed terms.

    The participant pays the upfront fee and, while tonnes are held for it, the carrying
    fee (interest and storage). From the access alert on it draws on its own gap at the
    inventory price, within the draw limit; what was drawn is bought back within
    replenish_within_periods once the alert has cleared. With a repurchase period, it
    then takes all tonnes left at the inventory price. A right is awarded whole: its
    size is one of the levels of the case, in days of the participant's own need and to
    the nearest lot, or the largest award; coverage and draw limit are those given here.
    """

    id: Identifier = Field(description="Name of the offer.")
    participant: Identifier = Field(description="Participant that takes the right.")
    material: Identifier = Field(description="Material of the right.")
    minimum_lots: int = Field(default=1, ge=1, description="Least award, if any.")
    maximum_lots: int = Field(ge=1, description="Largest award.")
    inventory_price_usd_per_tonne: UsDollarsPerTonne = Field(
        description="Fixed price of draws and of the repurchase."
    )
    upfront_fee_usd_per_tonne: UsDollarsPerTonne = Field(
        description="Paid at the start."
    )
    carrying_fee_usd_per_tonne_year: UsDollarsPerTonne = Field(
        description="Paid on tonnes held."
    )
    draw_limit_per_month: PositiveFraction = Field(
        default=1.0, description="Most that is drawn in a month, share of the quantity."
    )
    coverage: Fraction = Field(
        default=1.0, description="Share of its own gap that it may draw."
    )
    access_alert: int = Field(
        default=1, ge=0, le=3, description="Alert level from which it may draw."
    )
    replenish_within_periods: int = Field(
        default=12, ge=1, description="Periods in which a full draw is bought back."
    )
    repurchase_period: PeriodIndex | None = Field(
        default=None,
        description=(
            "Period in which what is left is taken at the price; if absent, it never "
            "is, not even at the end."
        ),
    )
