"""Supply: routes, sourcing options, contracts, trade policy."""

from typing import Literal, Self

from pydantic import Field, model_validator

from models.record import SourcedRecord, is_absent, is_zero
from models.time_path import Ramp, TimePath
from models.units import (
    Country,
    Fraction,
    Identifier,
    PeriodIndex,
    PositiveFraction,
    PositiveTonnes,
    Tonnes,
    UsDollars,
    UsDollarsPerTonne,
)


class Route(SourcedRecord):
    """A supply route of a material: one country mines it, one refines it.

    Its availability is the smaller of the two. Its normal volume is a share of the
    participants' need, or tonnes a year.
    """

    id: Identifier = Field(description="Name of the route.")
    material: Identifier = Field(description="Material delivered.")
    kind: Literal["primary", "recycling"] = Field(
        default="primary", description="Primary production, or recycling."
    )
    mining_country: Country = Field(description="Where it is mined or collected.")
    refining_country: Country = Field(description="Where it becomes the traded form.")
    purchase_stage: Identifier | None = Field(
        default=None,
        description=(
            "Stage at which it is bought, at parity with the traded form; the "
            "material's own stage if absent."
        ),
    )
    conversion_yield: PositiveFraction = Field(
        default=1.0, description="Tonnes of traded form from one tonne bought."
    )
    fee_usd_per_tonne: UsDollarsPerTonne = Field(
        default=0.0,
        description="Conversion and logistics fee per tonne of traded form.",
    )
    operating_cost_usd_per_tonne: UsDollarsPerTonne | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Cost of running it, per tonne of the stage at which it is bought. In a "
            "period in which it earns less at undisrupted prices it is closed; never "
            "if absent. A contract or a sourcing option that pays enough holds it open "
            "for its own tonnes."
        ),
    )
    treatment_charge: Identifier | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Treatment charge of its feed. Bought at the stage of the feed, it pays "
            "the charge beside the fee; selling the traded form it is a custom "
            "refiner, which earns the charge, and not the price."
        ),
    )
    ramp: Ramp = Field(
        default=(),
        exclude_if=is_absent,
        description=(
            "How much of its volume it delivers and has for the vault, by period, "
            "between 0 and 1; all of it if absent."
        ),
    )
    share: Fraction | None = Field(
        default=None, description="Normal share of the participants' need."
    )
    tonnes_per_year: Tonnes | None = Field(
        default=None, description="Normal deliveries, tonnes a year."
    )
    capacity_factor: float = Field(
        default=1.0,
        ge=1,
        le=10,
        description="Capacity as a multiple of normal deliveries, when others are cut.",
    )
    vault_tonnes_per_year: Tonnes | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Most that the vault and competing buyers may take in a year, beside the "
            "normal deliveries; no limit of its own if absent. Of spare capacity the "
            "participants take first what they are short of."
        ),
    )
    direct_share: Fraction | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Share of the flow bought from the origin directly, all if absent; the "
            "rest comes through third countries, and a ban on direct trade leaves it."
        ),
    )

    @model_validator(mode="after")
    def _one_volume(self) -> Self:
        if (self.share is None) == (self.tonnes_per_year is None):
            msg = (
                "give either share or tonnes_per_year, expected exactly one of the two"
            )
            raise ValueError(msg)
        return self


class TreatmentCharge(SourcedRecord):
    """What refiners are paid to turn feed into the traded form: an index over time.

    Below 0 refiners pay for the feed more than what it makes is worth.
    """

    id: Identifier = Field(description="Name of the charge.")
    name: str = Field(description="Name for people.")
    material: Identifier = Field(description="Material that is refined.")
    stage: Identifier = Field(description="Stage of the feed.")
    conversion_yield: PositiveFraction = Field(
        default=1.0, description="Tonnes of traded form from one tonne of feed."
    )
    usd_per_tonne: TimePath = Field(
        min_length=1,
        description="Charge by period, US dollars a tonne of traded form.",
    )


class SourcingOption(SourcedRecord):
    """The origins and the pace of building up a tranche."""

    id: Identifier = Field(description="Name of the sourcing option.")
    name: str = Field(description="Name for people.")
    origins: Literal["any", "zone", "recycling"] | tuple[Country, ...] = Field(
        description=(
            "Any eligible route; only those wholly inside the trusted zone; only "
            "recycling; or only those that are refined in the listed countries."
        )
    )
    build_up_periods: int = Field(
        ge=0,
        description=(
            "Periods over which the target is bought, in equal parts; 0 if it is "
            "bought before the horizon and in place at its start."
        ),
    )
    start_period: PeriodIndex = Field(default=0, description="First period of buying.")
    price_cap: float | None = Field(
        default=None,
        gt=0,
        description=(
            "Planned buying waits while the price is above this multiple of the "
            "undisrupted one; replenishment buys what is missed."
        ),
    )
    pays_operating_cost: bool = Field(
        default=False,
        exclude_if=is_zero,
        description=(
            "Whether it pays at least what it costs to run a route, and so also buys "
            "over routes that the market closes."
        ),
    )
    is_held: bool = Field(
        default=False,
        exclude_if=is_zero,
        description=(
            "Whether its tranches take free stock of the position instead of buying. "
            "What they release is bought back over its routes."
        ),
    )
    is_on_order: bool = Field(
        default=False,
        exclude_if=is_zero,
        description=(
            "Whether its tranches take purchases of the position, which are on the "
            "way, instead of buying. What they release is bought back over its routes."
        ),
    )

    @property
    def buys(self) -> bool:
        """Whether it buys what it is to hold, and takes nothing bought before."""
        return not (self.is_held or self.is_on_order)


class CompetingBuyer(SourcedRecord):
    """A buyer beside the vault, such as a defence stockpile or an ally's reserve.

    What it takes is no longer there for the vault, on each route in proportion to what
    the vault may take.
    """

    id: Identifier = Field(description="Name of the buyer.")
    name: str = Field(description="Name for people.")
    material: Identifier = Field(description="Material that it buys.")
    countries: tuple[Country, ...] = Field(
        default=(), description="Refining countries that it buys from; all if empty."
    )
    tonnes_per_year: Tonnes = Field(description="What it takes in a year.")


class OfftakeContract(SourcedRecord):
    """A firm purchase with a floor and an upside share, sold on at the market price.

    The buyer pays max(floor, price) and gets back upside_share of what the price is
    above upside_threshold, at most upside_cap a year (Lynas-JARE, 10 March 2026).
    """

    id: Identifier = Field(description="Name of the contract.")
    name: str = Field(description="Name for people.")
    material: Identifier = Field(description="Material delivered.")
    route: Identifier = Field(description="Origin route; cut together with it.")
    volume_tonnes_per_year: PositiveTonnes = Field(description="Firm volume.")
    start_period: PeriodIndex = Field(default=0, description="First delivery.")
    term_periods: int = Field(ge=1, description="Number of periods of delivery.")
    floor_usd_per_tonne: UsDollarsPerTonne = Field(
        default=0.0, description="Least price that the buyer pays."
    )
    upside_threshold_usd_per_tonne: UsDollarsPerTonne | None = Field(
        default=None, description="Price above which the buyer is paid back a share."
    )
    upside_share: Fraction = Field(default=0.0, description="Share paid back.")
    upside_cap_usd_per_year: UsDollars | None = Field(
        default=None,
        description=(
            "Most that is paid back in a calendar year; a period belongs to the year "
            "in which it starts."
        ),
    )
    signing_cost_usd: UsDollars = Field(
        default=0.0, description="Paid at the start, unless it is in force already."
    )
    capacity_tonnes_per_year: Tonnes | None = Field(
        default=None, description="Output of the origin; unlimited if absent."
    )
    senior_claims_tonnes_per_year: Tonnes = Field(
        default=0.0, description="Tonnes of that output that others may take first."
    )
    beneficiary: Identifier | None = Field(
        default=None, description="Participant with first call; the pool if absent."
    )


class PriceFloor(SourcedRecord):
    """A least price of trade within the zone at one stage (FORGE)."""

    material: Identifier = Field(description="Material.")
    stage: Identifier = Field(description="Production stage.")
    floor_usd_per_tonne: float = Field(gt=0, description="Floor of that stage.")


class TradePolicy(SourcedRecord):
    """Trusted zone, eligibility, reference-price floors and border adjustment."""

    zone_countries: frozenset[Country] = Field(
        default=frozenset(), description="Countries of the trusted zone."
    )
    ineligible_countries: frozenset[Country] = Field(
        default=frozenset(), description="Origins that the vault may not buy from."
    )
    price_floors: tuple[PriceFloor, ...] = Field(
        default=(), description="Reference prices by material and stage."
    )
    border_adjustment_rate: float = Field(
        default=0.0,
        ge=0,
        le=10,
        description="Duty on out-of-zone trade, fraction of price, on top of a floor.",
    )
