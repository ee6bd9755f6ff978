"""Historic rehearsals: a plan in a replay month by month, with what was known then."""

import datetime as dt

from pydantic import Field

from models.disruption import ReplayDisruption
from models.orders import Allotment
from models.record import Record, is_absent
from models.rehearsal import RehearsedCost, Replanning
from models.units import Fraction, Identifier, PeriodIndex, Tonnes


class HistoricDisruption(Record):
    """A disruption of a replay, on the dates of the case."""

    history: ReplayDisruption = Field(description="What happened, with its sources.")
    event: Identifier = Field(
        description="Event of the case that it is: by its law a date expects the rest."
    )
    announced: dt.date | None = Field(
        description="Day on which it was announced; null if it came at once."
    )
    onset: dt.date | None = Field(description="First day; null if after the horizon.")
    end: dt.date | None = Field(
        description="First day on which all is as before; null if after the horizon."
    )


class StockInPeriod(Record):
    """What a plan does with a material in a period, pool and rights together."""

    on_hand_tonnes: Tonnes = Field(description="In stock at the end of the period.")
    released_tonnes: Tonnes = Field(description="Released from pool and rights.")
    delivered_tonnes: Tonnes = Field(
        description="Delivered by signed contracts while there is a gap."
    )
    covered_tonnes: Tonnes = Field(
        description="Of the gap: what the units made took of both."
    )
    received: tuple[Allotment, ...] = Field(
        description="Who got how much of both, in the order of the case."
    )


class MaterialInPeriod(Record):
    """What happened to a material in a period."""

    material: Identifier
    is_announced: bool = Field(description="Whether a cut is announced in it.")
    alert: int = Field(ge=0, le=3, description="Alert level of the period.")
    cut_routes: Fraction = Field(
        description="Share of their normal flow that the routes cut by the replay have."
    )
    all_routes: float = Field(
        ge=0, description="What open routes can deliver, as a share of the need."
    )
    price_usd_per_tonne: float = Field(ge=0, description="Mean price of the period.")
    need_tonnes: Tonnes = Field(description="What participants need.")
    gap_tonnes: Tonnes = Field(description="Missing after own buffers.")
    printed: StockInPeriod = Field(description="With the plan as printed.")
    planned_again: StockInPeriod = Field(description="With planning again.")


class RehearsedPeriod(Record):
    """A period of a replay; costs are of shortages up to its end, discounted."""

    period: PeriodIndex
    start: dt.date = Field(description="First day.")
    materials: tuple[MaterialInPeriod, ...] = Field(
        description="Those that the replay cuts, in the order of the case."
    )
    without_vault_usd: float = Field(ge=0, description="Nothing held.")
    printed_usd: float = Field(ge=0, description="With the plan as printed.")
    planned_again_usd: float = Field(ge=0, description="With planning again.")


class SeenDisruption(Record):
    """A disruption as it is seen at a date: in force, or announced."""

    event: Identifier = Field(description="Event of the case that it is.")
    since: dt.date = Field(
        description="Day on which this phase began; of what is announced, on which it "
        "is to come."
    )
    counted_since: dt.date = Field(
        description="Day from which the law of the event counts how long its phase has "
        "lasted: later phases of history than it has are its last one."
    )
    is_in_force: bool = Field(description="Else it is announced.")
    phase: str = Field(description="Name of the phase.")
    availability: Fraction | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Flow that is left, as seen; absent if it is only announced.",
    )


class RightMove(Record):
    """How far a new plan moves the tonnes of a right."""

    offer: Identifier
    material: Identifier
    tonnes: float = Field(description="Held for it, less that of the plan before.")


class PlanOnDate(Replanning):
    """A new plan of a date: what was known, what it changes, promises and brought.

    Shortage costs are those from the date to the end, at the value of the date.
    """

    date: dt.date = Field(description="First day of the period.")
    known: tuple[SeenDisruption, ...] = Field(
        description="Disruptions in force or announced. Nothing else of the replay."
    )
    rights: tuple[RightMove, ...] = Field(
        default=(), description="Rights of which another quantity is to be held."
    )
    promised_usd: float | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Expected shortage cost that it promises; absent without a plan.",
    )
    gap: float | None = Field(
        default=None,
        ge=0,
        exclude_if=is_absent,
        description="Between its objective and its bound: large if time ran out.",
    )
    came_usd: float | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Shortage cost that it then has, if it is followed to the end.",
    )


class RehearsedReplay(Record):
    """A plan in one replay: as printed, planned again, and for who knows the rest."""

    replay: Identifier
    name: str
    disruptions: tuple[HistoricDisruption, ...]
    printed: RehearsedCost = Field(description="With the plan as printed.")
    planned_again: RehearsedCost = Field(description="With planning again.")
    without_vault_usd: float = Field(ge=0, description="Shortage cost, nothing held.")
    clairvoyant_usd: float = Field(
        ge=0,
        description="Shortage cost that neither is below: what they have at most, "
        "released by somebody who knows the path.",
    )
    promised_usd: float = Field(description="Shortage cost that the plan promises.")
    periods: tuple[RehearsedPeriod, ...] = Field(description="All of the horizon.")
    dates: tuple[PlanOnDate, ...] = Field(description="Each with a new solve.")
    seconds: float = Field(ge=0, description="Time of its solves together.")


class HistoricRehearsal(Record):
    """Historic replays, each followed with a plan as printed and planned again.

    A replay is one path and has no probability, so no figure has an interval.
    """

    instance_hash: str
    plan_hash: str
    replan_every: int = Field(ge=1, description="Periods from one plan to the next.")
    number_of_scenarios: int = Field(ge=1, description="Of each new solve.")
    seed: int = Field(ge=0, description="Seed that these are drawn with.")
    replays: tuple[RehearsedReplay, ...] = Field(description="Those that are finished.")
