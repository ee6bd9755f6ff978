"""A material in the form in which it is traded and held."""

from pydantic import Field

from models.record import Record, SourcedRecord, is_absent
from models.units import (
    Days,
    Fraction,
    Identifier,
    PositiveFraction,
    PositiveTonnes,
    RatePerYear,
    Tonnes,
)

# Of a period: a shelf life of 365 days is 12 months of 365.25 / 12 days, or those of a
# leap year. All else is rounded down, so that stock is not kept longer than it lasts.
SHELF_LIFE_ROUNDING = 0.05


class PriceImpactBlock(Record):
    """A block of own buying: up to `tonnes_per_year` at `premium` above the price."""

    tonnes_per_year: PositiveTonnes = Field(
        description="Width of the block, tonnes a year of own planned buying."
    )
    premium: float = Field(ge=0, description="Fraction of the price paid on top.")


class SaleImpactBlock(Record):
    """A block of own sales: up to `tonnes_per_year` at `discount` below the price."""

    tonnes_per_year: PositiveTonnes = Field(
        description="Width of the block, tonnes a year that the pool sells."
    )
    discount: Fraction = Field(description="Fraction of the price lost.")


class Material(SourcedRecord):
    """A material m: its form, price, market, storage and alert thresholds."""

    id: Identifier = Field(description="Name of the material in the case.")
    name: str = Field(description="Name for people.")
    traded_form: str = Field(description="Form that is bought, stored and released.")
    stage: Identifier = Field(
        description="Production stage of the traded form (ore, oxide, metal ...)."
    )
    lot_tonnes: PositiveTonnes = Field(description="Tonnes in one trading lot.")
    price_usd_per_tonne: float = Field(
        gt=0, description="Price of the traded form at the start, US dollars a tonne."
    )
    price_path_usd_per_tonne: tuple[float, ...] | None = Field(
        default=None,
        description="Undisrupted price by period, US dollars a tonne; else constant.",
    )
    price_volatility_per_year: float = Field(
        default=0.0, ge=0, le=5, description="Standard deviation of yearly log returns."
    )
    storage_class: Identifier = Field(description="Storage class that can hold it.")
    shelf_life_days: float | None = Field(
        default=None,
        gt=0,
        description=(
            "Days until a lot has expired; none if stable. Rounded down to whole "
            "periods, at least one; up to a twentieth of a period may be missing."
        ),
    )
    rotation_spread: Fraction | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Fraction of the price lost on a tonne that is sold before it expires and "
            "bought anew; not rotated, and lost when it expires, if absent."
        ),
    )
    market_capacity_tonnes_per_year: Tonnes = Field(
        description="Most that the vault may buy in a year."
    )
    price_impact: tuple[PriceImpactBlock, ...] = Field(
        default=(),
        description=(
            "Convex premium on planned buying, cheapest block first; beyond the last "
            "block its premium goes on."
        ),
    )
    refill_impact: tuple[PriceImpactBlock, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description=(
            "Convex premium on buying back what was released, on the price of the "
            "scenario, cheapest block first; the last goes on."
        ),
    )
    sale_impact: tuple[SaleImpactBlock, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description=(
            "What the pool's own releases take off the price that they are sold at, "
            "smallest discount first; the last goes on."
        ),
    )
    alert_thresholds: tuple[PositiveFraction, PositiveFraction, PositiveFraction] = (
        Field(
            default=(0.05, 0.20, 0.50),
            description="Loss of normal supply at which alert level 1, 2 and 3 begins.",
        )
    )
    emergency_tonnes_per_year: Tonnes = Field(
        default=0.0,
        description="Most that all participants can buy in a year at emergency terms.",
    )
    emergency_premium: float = Field(
        default=2.0,
        ge=0,
        description="Multiple of the scenario's price lost on an emergency purchase.",
    )
    minimum_days_of_cover: Days = Field(
        default=0.0, description="Least stock, in days of members' need."
    )
    origin_share_cap: Fraction = Field(
        default=1.0,
        description=(
            "Largest share of planned buying from any one refining country; at least "
            "an even split over those that can supply: a sole one may supply all."
        ),
    )


class StorageClass(SourcedRecord):
    """A kind of storage site: its capacity, cost and outload limit."""

    id: Identifier = Field(description="Name of the storage class.")
    name: str = Field(description="Name for people.")
    capacity_tonnes: Tonnes = Field(
        description="Tonnes that fit in all sites together."
    )
    cost_usd_per_tonne_year: float = Field(ge=0, description="Rent and handling.")
    insurance_rate_per_year: RatePerYear = Field(
        default=0.0, description="Insurance premium, fraction of the stock's value."
    )
    outload_tonnes_per_day: PositiveTonnes = Field(
        description="Most that one material can be loaded out in a day."
    )
    notice_days: Days = Field(
        default=0.0,
        description=(
            "Days from the alert to the first outload; a store that needs a whole "
            "period or more is shut before."
        ),
    )
