"""Disruptions: events that may happen, their phases, and historic replays."""

import operator
from typing import Literal, Self

from pydantic import Field, model_validator

from models.duration import Duration
from models.horizon import DAYS_PER_YEAR
from models.record import Record, SourcedRecord, is_absent
from models.units import Country, Day, Days, Fraction, Identifier, RatePerYear


class Phase(Record):
    """A phase of a disruption: its duration, remaining flow and price."""

    name: str = Field(description="Licence delay, quota, ban, suspension ...")
    duration_days_low: float | None = Field(
        default=None, gt=0, exclude_if=is_absent, description="Shortest duration."
    )
    duration_days_high: float | None = Field(
        default=None,
        gt=0,
        exclude_if=is_absent,
        description="Longest duration; any between the two is as likely.",
    )
    duration: Duration | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Another law of the duration: geometric, or a table.",
    )
    availability: Fraction = Field(description="Share of normal flow that remains.")
    price_multiplier: float = Field(
        default=1.0, gt=0, description="Price as a multiple of the undisrupted one."
    )

    @model_validator(mode="after")
    def _durations(self) -> Self:
        mistake = self._mistake_of_duration()
        if mistake is not None:
            raise ValueError(mistake)
        return self

    def _mistake_of_duration(self) -> str | None:
        low, high = self.duration_days_low, self.duration_days_high
        if self.duration is not None:
            if low is not None or high is not None:
                return "either duration_days_low and duration_days_high, or duration"
            is_short = self.duration.shortest_days <= 0
            return "a duration above 0 days" if is_short else None
        if low is None or high is None:
            return "duration_days_low and duration_days_high, or duration"
        if high < low:
            return (
                f"duration_days_high is {high:g}, expected at least "
                f"duration_days_low = {low:g}"
            )
        return None

    @property
    def law(self) -> Duration:
        """Law of the duration, however it is given."""
        return self.duration or Duration(
            low_days=self.duration_days_low, high_days=self.duration_days_high
        )


def _is_world(scope: object) -> bool:
    """Say whether all of a flow is cut, as by every disruption of earlier versions."""
    return scope == "world"


class Disruption(SourcedRecord):
    """A bundle of materials of one country and stage, hit on the same day."""

    country: Country = Field(description="Country whose supply is cut.")
    stage: Literal["mining", "refining", "both"] = Field(
        description="Which step of the routes through that country is cut."
    )
    materials: tuple[Identifier, ...] = Field(min_length=1, description="Bundle hit.")
    scope: Literal["world", "direct_trade"] = Field(
        default="world",
        exclude_if=_is_world,
        description=(
            "What is cut of a route: all of its flow, or only what the country sells "
            "directly (a ban on exports to the participants' country alone)."
        ),
    )
    notice_days: Days = Field(
        default=0.0, description="Days between announcement and onset."
    )
    phases: tuple[Phase, ...] = Field(min_length=1, description="In order of time.")


class Event(Disruption):
    """A disruption that may happen within the horizon, once or again after a rest.

    Either at any time with a hazard a year, or on a known date with a probability (the
    end of a suspension).
    """

    id: Identifier = Field(description="Name of the event.")
    name: str = Field(description="Name for people.")
    hazard_per_year: RatePerYear | None = Field(
        default=None, description="Constant hazard of its onset."
    )
    onset_date: Day | None = Field(default=None, description="Known possible onset.")
    probability: Fraction | None = Field(
        default=None, description="Probability that it happens on that date."
    )
    begins_with_period: bool = Field(
        default=False,
        exclude_if=operator.not_,
        description=(
            "Whether it begins on the first day of a period only: of the one in which "
            "its time comes."
        ),
    )
    recurs_after: Duration | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Rest after its last phase, from whose end on the hazard counts again; it "
            "happens at most once if absent."
        ),
    )

    @model_validator(mode="after")
    def _one_clock(self) -> Self:
        dated = self.onset_date is not None and self.probability is not None
        undated = self.onset_date is None and self.probability is None
        if not (dated if self.hazard_per_year is None else undated):
            msg = "give either hazard_per_year, or onset_date and probability"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _undated(self) -> Self:
        if self.hazard_per_year is not None:
            return self
        given = [
            name
            for name, is_given in (
                ("begins_with_period", self.begins_with_period),
                ("recurs_after", self.recurs_after is not None),
            )
            if is_given
        ]
        if given:
            msg = (
                f"no {' and no '.join(given)}: a dated event happens on its date and "
                "once (these need hazard_per_year)"
            )
            raise ValueError(msg)
        return self

    @property
    def mean_days(self) -> float:
        """Mean days of all phases together."""
        return sum(phase.law.average_days for phase in self.phases)

    @property
    def mean_cycle_days(self) -> float | None:
        """Mean days from one onset to the next; None if it does not recur."""
        if self.recurs_after is None or not self.hazard_per_year:
            return None
        wait = DAYS_PER_YEAR / self.hazard_per_year
        return self.mean_days + self.recurs_after.average_days + wait


class ReplayDisruption(Disruption):
    """A disruption of a replay, on a known day of the horizon."""

    onset_day: Days = Field(description="Day of the horizon on which it starts.")


class Replay(SourcedRecord):
    """A historic disruption as a named scenario."""

    id: Identifier = Field(description="Name of the replay.")
    name: str = Field(description="Name for people.")
    disruptions: tuple[ReplayDisruption, ...] = Field(
        min_length=1, description="What happened."
    )
