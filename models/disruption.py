"""Disruptions: events that may happen, their phases, and historic replays."""

from typing import Literal, Self

from pydantic import Field, model_validator

from models.record import Record, SourcedRecord
from models.units import Country, Day, Days, Fraction, Identifier, RatePerYear


class Phase(Record):
    """A phase of a disruption: its duration, remaining flow and price."""

    name: str = Field(description="Licence delay, quota, ban, suspension ...")
    duration_days_low: float = Field(gt=0, description="Shortest duration.")
    duration_days_high: float = Field(gt=0, description="Longest duration.")
    availability: Fraction = Field(description="Share of normal flow that remains.")
    price_multiplier: float = Field(
        default=1.0, gt=0, description="Price as a multiple of the undisrupted one."
    )

    @model_validator(mode="after")
    def _durations(self) -> Self:
        if self.duration_days_high < self.duration_days_low:
            msg = (
                f"duration_days_high is {self.duration_days_high:g}, expected at least "
                f"duration_days_low = {self.duration_days_low:g}"
            )
            raise ValueError(msg)
        return self


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
    """A disruption that may happen once within the horizon.

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

    @model_validator(mode="after")
    def _one_clock(self) -> Self:
        dated = self.onset_date is not None and self.probability is not None
        undated = self.onset_date is None and self.probability is None
        if not (dated if self.hazard_per_year is None else undated):
            msg = "give either hazard_per_year, or onset_date and probability"
            raise ValueError(msg)
        return self


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
