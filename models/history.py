"""What a plan does in pieces of history: who runs how many days, what runs out."""

import datetime as dt

from pydantic import Field

from models.record import Record
from models.units import Identifier, Tonnes


class RunningDays(Record):
    """How a line runs over the horizon; a period counts whole, by its worst.

    The first three add up to the horizon. Days within a period are not known, so a
    period with a little of the last shortage block counts as stopped; lost_output_days
    says how much that is.
    """

    full_output_days: float = Field(
        ge=0, description="Days of the periods in which nothing is missing."
    )
    reduced_output_days: float = Field(
        ge=0,
        description=(
            "Days of the periods in which something is missing, but thrift and "
            "substitution are enough."
        ),
    )
    stopped_days: float = Field(
        ge=0,
        description=(
            "Days of the periods in which the last shortage block, line_stop, is in "
            "use."
        ),
    )
    lost_output_days: float = Field(
        ge=0,
        description=(
            "Units not made in the usual way (any block), in days of planned output."
        ),
    )


class ProductRun(Record):
    """A product of a participant in one replay."""

    participant: Identifier
    participant_name: str
    product: Identifier
    name: str
    with_vault: RunningDays
    without_vault: RunningDays

    @property
    def is_touched(self) -> bool:
        """Whether anything is ever missing, with the vault or without it."""
        runs = (self.with_vault, self.without_vault)
        return any(x.reduced_output_days + x.stopped_days > 0 for x in runs)


class MaterialRun(Record):
    """The stock of a material in one replay."""

    material: Identifier
    name: str
    pool_tonnes: Tonnes = Field(description="What the pool is to hold, tonnes.")
    gap_days: float = Field(
        ge=0, description="Days of the periods in which some participant has a gap."
    )
    gap_tonnes: Tonnes = Field(description="Missing after own buffers, tonnes.")
    released_tonnes: Tonnes = Field(description="Released from the pool, tonnes.")
    drawn_tonnes: Tonnes = Field(description="Drawn under rights, tonnes.")
    delivered_tonnes: Tonnes = Field(
        description="Delivered by signed contracts while there is a gap, tonnes."
    )
    unused_tonnes: Tonnes = Field(
        description=(
            "Released or drawn and in no unit that is made, tonnes; deliveries of "
            "contracts are taken up last."
        )
    )
    first_empty_period: int | None = Field(
        ge=0,
        description=(
            "First period, from 0, with a gap and less than a lot left in the pool at "
            "its end; null if there is none, or if the pool is to hold less than a lot."
        ),
    )
    first_empty_date: dt.date | None = Field(description="First day of that period.")


class ReplayRun(Record):
    """A plan in one historic replay."""

    replay: Identifier
    name: str
    shortage_cost_usd: float = Field(description="With the vault, discounted.")
    cost_without_vault_usd: float = Field(description="Nothing held, discounted.")
    lowest_cash_usd: float = Field(description="Lowest cash at the end of a period.")
    products: tuple[ProductRun, ...] = Field(description="Every final product.")
    materials: tuple[MaterialRun, ...] = Field(description="Every material.")


class History(Record):
    """A plan in the historic replays of its case."""

    instance_hash: str = Field(description="Content hash of the case.")
    plan_hash: str = Field(description="Content hash of the plan.")
    period_days: float = Field(gt=0, description="Length of a period in days.")
    number_of_periods: int = Field(ge=1, description="Periods of the horizon.")
    replays: tuple[ReplayRun, ...] = Field(description="In the order of the case.")
