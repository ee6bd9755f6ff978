"""A plan in historic replays: days of output, stock that runs out, period by period."""

import datetime as dt

from pydantic import Field

from models.record import Record, is_absent
from models.units import Fraction, Identifier, Tonnes


class RunningDays(Record):
    """Days of full, reduced and no output of a line; they add up to the horizon.

    Each period counts as a whole: with any use of the last shortage block it counts as
    stopped. lost_output_days is the output lost.
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
        ge=0, description=("Units in any shortage block, in days of planned output.")
    )


class LineCourse(Record):
    """How a line runs in each period of a replay."""

    lost_output: tuple[Fraction, ...] = Field(
        description="Share of the planned output that is lost, by period."
    )
    is_stopped: tuple[bool, ...] = Field(
        description="Whether the last shortage block, line_stop, is in use, by period."
    )


class StockCourse(Record):
    """The stock of a material in each period of a replay, and what it covers."""

    on_hand_tonnes: tuple[Tonnes, ...] = Field(
        description="In stock at the end of each period: pool, rights, free stock."
    )
    gap_tonnes: tuple[Tonnes, ...] = Field(
        description="Missing after own buffers, by period."
    )
    covered_tonnes: tuple[Tonnes, ...] = Field(
        description="Of the gap: what the units made took of releases and contracts."
    )


class ProductRun(Record):
    """A product of a participant in one replay."""

    participant: Identifier
    participant_name: str
    product: Identifier
    name: str
    with_vault: RunningDays
    without_vault: RunningDays
    course_with_vault: LineCourse | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Period by period; absent if nothing is ever missing.",
    )
    course_without_vault: LineCourse | None = Field(
        default=None, exclude_if=is_absent, description="The same with nothing held."
    )

    @property
    def is_touched(self) -> bool:
        """Whether anything is ever missing, with the vault or without it."""
        runs = (self.with_vault, self.without_vault)
        return any(x.reduced_output_days + x.stopped_days > 0 for x in runs)


class MaterialRun(Record):
    """The stock of a material in one replay."""

    material: Identifier
    name: str
    pool_tonnes: Tonnes = Field(description="Target of the pool, tonnes.")
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
            "Released or drawn but not used in any unit made, tonnes; deliveries of "
            "contracts are used last."
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
    course: StockCourse | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Period by period; absent if no participant ever has a gap.",
    )


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
    period_days: float = Field(
        gt=0, description="Length of a period in days, 30.4375 for a calendar month."
    )
    number_of_periods: int = Field(ge=1, description="Periods of the horizon.")
    period_starts: tuple[dt.date, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="First day of each period; absent in answers of earlier versions.",
    )
    replays: tuple[ReplayRun, ...] = Field(description="In the order of the case.")
