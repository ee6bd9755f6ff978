"""How a case is to be solved."""

from enum import StrEnum

from pydantic import Field

from models.record import Record, is_absent
from models.units import Fraction, Identifier, Levels

OptionValue = float | int | str | bool | dict[Identifier, tuple[float, ...]] | None


class Method(StrEnum):
    """The solution method; plans of each pass the same checks."""

    AUTOMATIC = "automatic"
    EXTENSIVE_FORM = "extensive_form"
    DECOMPOSITION = "decomposition"

    @property
    def name_in_words(self) -> str:
        """The name as plans and logs print it."""
        return self.value.replace("_", " ")


class SolveOptions(Record):
    """Sampling, tranches, risk and limits of a solve."""

    number_of_scenarios: int = Field(
        default=20, ge=1, le=1_000_000, description="Planning scenarios."
    )
    method: Method = Field(
        default=Method.AUTOMATIC,
        description="One program over all scenarios, or decomposition; by size if "
        "automatic.",
    )
    seed: int = Field(default=1, ge=0, description="Seed of the sampling.")
    max_tranches: int = Field(
        default=6, ge=1, le=100, description="Most tranches of a material's pool."
    )
    tranche_worth: Fraction = Field(
        default=0.001,
        description="A tranche worth less than this share of the cost is dropped.",
    )
    menu_refinements: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Times that levels next to those of the best plan are added "
        "and the case is solved again.",
    )
    added_levels_days_of_cover: dict[Identifier, Levels] = Field(
        default_factory=dict[Identifier, Levels],
        description="Further levels by material; refinements set them.",
    )
    gap: Fraction = Field(default=0.01, description="Relative gap at which to stop.")
    time_limit_s: float = Field(
        default=900.0, gt=0, description="Time limit in seconds."
    )
    cvar_weight: float = Field(
        default=0.0,
        ge=0,
        le=0.99,
        description="Weight of CVaR in the objective. The mean has the rest, at least "
        "a hundredth, so that costs outside the tail count.",
    )
    cost_of_holding_weight: float | None = Field(
        default=None,
        ge=0,
        le=1,
        exclude_if=is_absent,
        description="Dollars of shortage cost that a dollar of the cost of holding is "
        "worth: 1 minimises their sum. If absent, the cost of holding decides between "
        "plans whose shortage cost the gap does not tell apart; at 0 it never does.",
    )
    level_change_cap_days: float | None = Field(
        default=None,
        ge=0,
        exclude_if=is_absent,
        description="Most that the level of a material may move from that of the plan "
        "in force (position.levels), in days of members' need; any if absent.",
    )
    cvar_level: float = Field(
        default=0.95, ge=0, lt=1, description="CVaR is the mean of the worst 1 - level."
    )
