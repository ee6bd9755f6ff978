"""Where a reserve stands at the start: what it holds and owes, what is cut."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from models.record import SourcedRecord, is_absent, is_zero
from models.units import (
    Country,
    Day,
    Days,
    Fraction,
    Identifier,
    PeriodIndex,
    PositiveTonnes,
    Tonnes,
    UsDollars,
    UsDollarsPerTonne,
)


class StockLot(SourcedRecord):
    """A lot that is held at the start, free or for a right in force.

    It is not paid for again. Sourcing options with `is_held` take free lots; one that
    is held for a right serves that right alone.
    """

    id: Identifier = Field(description="Name of the lot.")
    material: Identifier = Field(description="Material held.")
    tonnes: PositiveTonnes = Field(description="What is there of it at the start.")
    form: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Form held, the traded form of the material; the same if absent.",
    )
    right: Identifier | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Offer of the right in force that it is held for; free if absent.",
    )
    arrival: Day = Field(description="Day on which it arrived: shelf life counts on.")
    mining_country: Country = Field(description="Country in which it was mined.")
    refining_country: Country = Field(description="Country in which it was refined.")
    book_value_usd: UsDollars = Field(
        default=0.0, description="Value in the books; no cost of the plan."
    )
    tranche: str | None = Field(
        default=None,
        min_length=1,
        exclude_if=is_absent,
        description="Tranche of the plan in force that holds it, or its sale; a new "
        "plan may take it as it takes all free stock.",
    )


class OpeningPurchase(SourcedRecord):
    """A purchase of before the start that has not arrived yet.

    It sails on what disruptions leave of its route: what they hold back is late and
    arrives as the route delivers again; nothing of it is lost. It is paid for in the
    period that was agreed, late or not. Sourcing options with `is_on_order` take it;
    what is for a right in force serves that right alone.
    """

    id: Identifier = Field(description="Name of the purchase, and of the lot it makes.")
    material: Identifier = Field(description="Material bought.")
    route: Identifier = Field(
        description="Route it comes over; its countries are those of the lot."
    )
    tonnes: PositiveTonnes = Field(description="What has not arrived of it.")
    form: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Form bought, the traded form of the material; the same if absent.",
    )
    arrival_period: PeriodIndex = Field(
        description="Period in which it is to arrive; 0 for what is late already."
    )
    price_usd_per_tonne: UsDollarsPerTonne = Field(
        description="Agreed for a tonne as delivered, freight and duties included."
    )
    is_paid: bool = Field(
        default=False,
        exclude_if=is_zero,
        description="Whether it is paid for; else that is due in arrival_period.",
    )
    right: Identifier | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Offer of the right in force that it is for; free if absent.",
    )
    tranche: str | None = Field(
        default=None,
        min_length=1,
        exclude_if=is_absent,
        description="Tranche of the plan in force that it is for; a new plan may take "
        "it as it takes all that is free.",
    )

    @property
    def value_usd(self) -> float:
        """What it costs in all."""
        return self.tonnes * self.price_usd_per_tonne


class RightInForce(SourcedRecord):
    """A right that was awarded before the start: not awarded anew, not cancelled.

    Its terms are those of its offer; the upfront fee has been paid. What is there of it
    are the lots of `stock` that name it. What was never bought is bought in the periods
    of its build-up that are left; the rest is bought back by its rule.
    """

    offer: Identifier = Field(description="Offer whose terms it has.")
    lots: int = Field(ge=1, description="Whole lots awarded, drawn ones included.")
    drawn_tonnes: Tonnes = Field(
        default=0.0, description="What its holder drew that is not bought back yet."
    )
    sourcing: Identifier = Field(description="Sourcing option that buys back.")
    build_up_periods: int = Field(
        default=0,
        ge=0,
        exclude_if=is_zero,
        description="Periods of planned buying that are left, from the first on: in "
        "equal parts all that is neither there nor drawn.",
    )
    fees_paid_until: Day | None = Field(
        default=None,
        exclude_if=is_absent,
        description="First day for which the carrying fee is not paid yet; the start "
        "if absent.",
    )


class SaleTerms(SourcedRecord):
    """On which terms free stock of a material that no tranche takes can be sold.

    A plan sells any part of it or keeps it, whichever it prefers. What is sold goes in
    equal parts from the start on, at the market price less the discount.
    """

    material: Identifier = Field(description="Material that can be sold.")
    within_periods: int = Field(
        ge=1, description="In how many periods, counted from the start, all is sold."
    )
    most_tonnes_per_year: PositiveTonnes | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Most that is sold in a year; no limit of its own if absent.",
    )
    discount: Fraction = Field(
        default=0.0, description="Taken off the market price of each tonne."
    )


class OpeningDebt(SourcedRecord):
    """What a facility lent before the start.

    Its `limit_usd` is what may be drawn from the start on; that of a revolving facility
    is what may be owed at a time, so what is owed at the start counts in it. Interest
    and return go on at the facility's rate.
    """

    facility: Identifier = Field(description="Facility that lent it.")
    drawn_usd: UsDollars = Field(description="All that was drawn before the start.")
    repaid_usd: UsDollars = Field(default=0.0, description="What is paid back of it.")
    agreed_usd: UsDollars | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Limit of all draws, before the start and after it; not checked "
        "if absent.",
    )
    accrued_usd: UsDollars = Field(
        default=0.0,
        exclude_if=is_zero,
        description="Return that has accrued so far; only of a facility that accrues.",
    )
    repayment_start_period: PeriodIndex | None = Field(
        default=None,
        exclude_if=is_absent,
        description="First instalment; a bullet after the end if absent.",
    )
    number_of_instalments: int | None = Field(
        default=None,
        ge=1,
        exclude_if=is_absent,
        description="Equal instalments of what is still owed.",
    )

    @property
    def balance_usd(self) -> float:
        """What is owed, or called, at the start."""
        return self.drawn_usd - self.repaid_usd

    @model_validator(mode="after")
    def _instalments(self) -> Self:
        if (self.repayment_start_period is None) != (
            self.number_of_instalments is None
        ):
            msg = "repayment_start_period and number_of_instalments go together"
            raise ValueError(msg)
        return self


class OpeningContract(SourcedRecord):
    """An offtake contract that was signed before the start, and is in force.

    The terms are those of the contract of the case, with the deliveries that are still
    to come. It delivers in every plan, and its signing cost is not paid again.
    """

    contract: Identifier = Field(description="Contract that was signed.")
    paid_back_usd: UsDollars = Field(
        default=0.0,
        description="Paid back of the upside before the start, in the calendar year "
        "of the start; counts in upside_cap_usd_per_year.",
    )


class OpeningDisruption(SourcedRecord):
    """An event that is in force at the start, in every scenario.

    How long its phase still lasts is drawn given that it has lasted so long. It happens
    again only if it recurs.
    """

    event: Identifier = Field(description="Event that has happened.")
    phase: int = Field(
        default=0, ge=0, description="Phase that it is in, counted from 0."
    )
    since: Day = Field(description="Day on which this phase began.")


class OpeningBuffer(SourcedRecord):
    """What a participant has in its working buffer of a material at the start."""

    participant: Identifier = Field(description="Whose buffer it is.")
    material: Identifier = Field(description="Material in it.")
    days: Days = Field(
        description="Days of the participant's need at the start; the rest of its "
        "full buffer is refilled as others are."
    )
    full_days: Days | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Days of the same need that a full buffer has, if it was laid in "
        "when the need was another; its working_buffer_days if absent.",
    )


class AgreedFee(SourcedRecord):
    """The fee that a member agreed to when it joined, by need and price of that day."""

    participant: Identifier = Field(description="Member that pays it.")
    usd_per_year: UsDollars = Field(description="What it pays in a year, US dollars.")


class AlertsBefore(SourcedRecord):
    """Alert levels of a material before the start: notice counts from when they began.

    They are what the operator saw in the last periods, announcements included.
    """

    material: Identifier = Field(description="Material of the alerts.")
    levels: tuple[Annotated[int, Field(ge=0, le=3)], ...] = Field(
        min_length=1,
        max_length=600,
        description="Level of each of the last periods before the start, the latest "
        "one last; 0 before these.",
    )


class PriceToday(SourcedRecord):
    """How far the price of a material is from its path at the start.

    What moved it is noise, which goes on from there: later prices are expected to be as
    far from the path. Routes, price caps and books go by the path as ever.
    """

    material: Identifier = Field(description="Material with that price.")
    multiple_of_path: float = Field(
        gt=0,
        le=1_000,
        description="Price at the start over that of the path, without what events in "
        "force do to it: 1.1 is 10 % above.",
    )


class LevelInForce(SourcedRecord):
    """What the plan in force is to hold of a material."""

    material: Identifier = Field(description="Material held.")
    tonnes: Tonnes = Field(description="Target of all its tranches, pool and rights.")


class OpeningPosition(SourcedRecord):
    """What is there at the start, before anything is decided."""

    stock: tuple[StockLot, ...] = Field(
        default=(), exclude_if=is_absent, description="What is held, lot by lot."
    )
    purchases: tuple[OpeningPurchase, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="What was bought before the start and is still on the way.",
    )
    rights: tuple[RightInForce, ...] = Field(
        default=(), exclude_if=is_absent, description="Rights awarded before the start."
    )
    sales: tuple[SaleTerms, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Terms on which what is left of free stock can be sold.",
    )
    debt: tuple[OpeningDebt, ...] = Field(
        default=(), exclude_if=is_absent, description="What facilities lent before."
    )
    contracts: tuple[OpeningContract, ...] = Field(
        default=(), exclude_if=is_absent, description="Contracts in force."
    )
    disruptions: tuple[OpeningDisruption, ...] = Field(
        default=(), exclude_if=is_absent, description="Events in force at the start."
    )
    buffers: tuple[OpeningBuffer, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Working buffers that are not full; all others are.",
    )
    fees: tuple[AgreedFee, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Agreed fees of members, in place of those by need and price as "
        "at the start.",
    )
    alerts: tuple[AlertsBefore, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Alerts of the last periods before the start; all others were 0.",
    )
    prices: tuple[PriceToday, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Prices at the start that differ from their paths; all others are "
        "on them.",
    )
    levels: tuple[LevelInForce, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Levels of the plan in force, from which those of a new plan move "
        "no further than options.level_change_cap_days says.",
    )


def is_empty(position: OpeningPosition) -> bool:
    """Say whether nothing is there: the case is then the same as without it."""
    return position == OpeningPosition(sources=position.sources)
