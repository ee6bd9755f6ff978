"""A rehearsal: a plan as printed beside planning again, on the same fresh paths."""

from pydantic import Field

from models.benefit import Estimate
from models.record import Record
from models.units import Identifier


class RehearsedCost(Record):
    """What one fresh path costs, discounted US dollars."""

    shortage_cost_usd: float = Field(ge=0, description="Of all shortages.")
    cost_of_holding_usd: float = Field(
        description="All that is paid less all that is received and less what is left."
    )


class LevelMove(Record):
    """How far a new plan moves what is to be held of a material."""

    material: Identifier
    tonnes: float = Field(description="Its target less that of the plan before.")
    days: float = Field(description="The same in days of the need at that date.")


class Replanning(Record):
    """A solve in the middle of a path."""

    period: int = Field(ge=1, description="First period of the new plan.")
    failed_because: str | None = Field(
        default=None,
        description="Why there is no new plan; the plan before was followed on.",
    )
    changes: tuple[LevelMove, ...] = Field(
        default=(), description="Materials of which another quantity is to be held."
    )


class RehearsedPath(Record):
    """One fresh path, followed with the plan as printed and with planning again."""

    number: int = Field(ge=0, description="Number of the path, from 0.")
    probability: float = Field(gt=0, le=1, description="Among all paths.")
    batch: int = Field(
        ge=0, description="Batches are drawn independently; for intervals."
    )
    printed: RehearsedCost = Field(description="With the plan as printed.")
    planned_again: RehearsedCost = Field(description="With planning again.")
    clairvoyant_usd: float = Field(
        ge=0,
        description="Shortage cost that neither is below: what they have at most, "
        "released by somebody who knows the path.",
    )
    replannings: tuple[Replanning, ...]
    seconds: float = Field(ge=0, description="Time of its solves together.")


class RehearsedCosts(Record):
    """Expected costs with intervals, discounted US dollars."""

    shortage_cost_usd: Estimate
    cost_of_holding_usd: Estimate
    total_usd: Estimate = Field(description="Both together.")


class MaterialMoves(Record):
    """How much the plans of a material move, in the mean over all new plans."""

    material: Identifier
    tonnes: float = Field(ge=0, description="Mean size of the change.")
    days: float = Field(ge=0, description="The same in days of need.")


class Rehearsal(Record):
    """What planning again is worth: fresh paths, each followed in both ways.

    Differences are taken path by path, so their intervals are those of paired figures.
    """

    instance_hash: str
    plan_hash: str
    replan_every: int = Field(ge=1, description="Periods from one plan to the next.")
    number_of_paths: int = Field(ge=1, description="Fresh paths asked for.")
    number_of_scenarios: int = Field(ge=1, description="Of each new solve.")
    seed: int = Field(ge=0, description="Seed that all are drawn with.")
    printed: RehearsedCosts = Field(description="With the plan as printed.")
    planned_again: RehearsedCosts = Field(description="With planning again.")
    worth: RehearsedCosts = Field(
        description="Of planning again: the former less the latter."
    )
    clairvoyant_usd: Estimate = Field(
        description="Lower bound on the shortage cost of both."
    )
    solves: int = Field(ge=0, description="Number of dates with a solve.")
    failed_solves: int = Field(
        ge=0, description="Of these, without a new plan: the old one was followed."
    )
    seconds: float = Field(ge=0, description="Time of all solves together.")
    moves: tuple[MaterialMoves, ...] = Field(
        description="By material, those that move most first."
    )
    paths: tuple[RehearsedPath, ...] = Field(description="Those that are finished.")
