"""What was observed in one period: the facts that rules read, and what was done."""

import operator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.content import content_hash
from models.record import Record, is_absent
from models.units import Day, Fraction, Identifier, Tonnes, UsDollars

AS_PLANNED = "as_planned"

TonnesBy = dict[Identifier, Tonnes]
PositiveUsDollars = Annotated[float, Field(gt=0, description="US dollars, above 0")]
Units = Annotated[float, Field(ge=0, description="units of a product")]


class ObservedEvent(Record):
    """A phase of an event that was in force in the period, or in a part of it."""

    event: Identifier = Field(description="Event that has happened.")
    phase: int = Field(
        default=0, ge=0, description="Phase that it was in, counted from 0."
    )
    since: Day = Field(description="Day on which this phase began.")
    until: Day | None = Field(
        default=None,
        exclude_if=is_absent,
        description="First day on which it was over; still in force if absent.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until <= self.since:
            msg = f"until = {self.until}, expected a day after since = {self.since}"
            raise ValueError(msg)
        return self


class WhatHappened(Record):
    """What was really done and found, where it differs from the orders.

    What is not named here went as ordered. Tonnes are those of the period; stock and
    cash are counted at its end.
    """

    released_tonnes: TonnesBy = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Released from the pool, by material.",
    )
    drawn_tonnes: TonnesBy = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Drawn under rights, by offer.",
    )
    arrived_tonnes: TonnesBy = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Arrived of what was bought, by route.",
    )
    sold_tonnes: TonnesBy = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Sold of free stock that no tranche takes, by material.",
    )
    sold_at_usd_per_tonne: dict[Identifier, UsDollars] = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Mean price that these sales brought, US dollars a tonne, by "
        "material; the market price less the discount of the terms if absent.",
    )
    free_stock_tonnes: TonnesBy = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Counted at the end of free stock that no tranche takes, be it "
        "for sale or not, by material.",
    )
    stock_tonnes: TonnesBy = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Counted at the end in tranches, pool and rights together, by "
        "material.",
    )
    cash_usd: UsDollars | None = Field(
        default=None, exclude_if=is_absent, description="Cash counted at the end."
    )


class Observation(Record):
    """The facts of one period, which is the first of the case.

    Give what events were in force, or the availability of routes that events can cut;
    the price of each material; the demand for each product. What is not given is asked
    for, or as planned if `otherwise` says so.
    """

    start: Day = Field(description="First day of the period.")
    otherwise: Literal["as_planned"] | None = Field(
        default=None,
        exclude_if=is_absent,
        description="as_planned: of what is not given here, events in force at the "
        "start go on, prices are undisrupted but for events, demand is as planned, and "
        "cash is as ordered.",
    )
    events: tuple[ObservedEvent, ...] | None = Field(
        default=None,
        exclude_if=lambda events: events is None,
        description="Every event in force in the period, phase by phase.",
    )
    availability: dict[Identifier, Fraction] = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Share of the normal flow that came, mean of the period, by route.",
    )
    announced: tuple[Identifier, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Materials of which a disruption is announced in the period.",
    )
    prices_usd_per_tonne: dict[Identifier, PositiveUsDollars] = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Mean price of the period, US dollars a tonne, by material.",
    )
    demand_units: dict[Identifier, Units] = Field(
        default_factory=dict,
        exclude_if=operator.not_,
        description="Units wanted in the period, by final product.",
    )
    happened: WhatHappened = Field(
        default=WhatHappened(),
        exclude_if=lambda happened: happened == WhatHappened(),
        description="What was done and found otherwise than ordered.",
    )

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of the observation."""
        return content_hash(self)
