"""The story of a scenario: what is cut, which stocks run out, which lines stop."""

import datetime as dt
from typing import Literal

from pydantic import Field

from models.record import Record
from models.units import Country, Fraction, Identifier, Tonnes


class ToldCut(Record):
    """A disruption that happens."""

    event: Identifier | None = Field(description="Of the case; null in a replay.")
    name: str = Field(description="Of the event for people; empty in a replay.")
    country: Country = Field(description="Country whose supply is cut.")
    stage: Literal["mining", "refining", "both"] = Field(
        description="Step of the routes that is cut."
    )
    materials: tuple[str, ...] = Field(description="Names of the materials hit.")
    onset: dt.date = Field(description="First day; that of the horizon if before.")
    period: int = Field(ge=1, description="Period of that day, from 1.")
    days: float = Field(ge=0, description="Days of it within the horizon.")
    least_flow: Fraction = Field(
        description="Share of the normal flow that remains in its worst phase."
    )


class ToldStock(Record):
    """A material of which some participant is short."""

    material: Identifier
    name: str
    short_from: dt.date = Field(description="First day of the first period with a gap.")
    gap_tonnes: Tonnes = Field(description="Missing after own buffers.")
    covered_tonnes: Tonnes = Field(description="Of the gap, by the plan.")
    empty_from: dt.date | None = Field(
        description="First day of the period in which the pool runs out; null if it "
        "does not, or is to hold less than a lot."
    )


class ToldLine(Record):
    """A line that misses something, with the vault or without it."""

    participant: Identifier
    participant_name: str
    product: Identifier
    name: str
    stopped_from: dt.date | None = Field(
        description="First day of the first period in which it stops; null if never."
    )
    stopped_days: float = Field(ge=0, description="Days of the periods with a stop.")
    stopped_days_without_vault: float = Field(ge=0, description="With nothing held.")
    lost_output_days: float = Field(
        ge=0, description="Output lost, in days of planned output."
    )
    lost_output_days_without_vault: float = Field(ge=0, description="Nothing held.")


class Story(Record):
    """What happens in one scenario, each part from the first to the last."""

    cuts: tuple[ToldCut, ...] = Field(description="The earliest first.")
    stocks: tuple[ToldStock, ...] = Field(description="The earliest short first.")
    lines: tuple[ToldLine, ...] = Field(description="Those that stop longest first.")


class WorstScenario(Record):
    """A scenario that costs more than almost all others, with its story."""

    name: str = Field(description="Name of the scenario among those drawn.")
    probability: Fraction = Field(description="Of this scenario alone.")
    probability_of_worse: Fraction = Field(
        description="That a scenario costs as much as this one or more."
    )
    shortage_cost_usd: float = Field(description="With the plan, discounted.")
    cost_without_vault_usd: float = Field(description="Nothing held, discounted.")
    story: Story
