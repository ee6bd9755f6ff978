"""The answer to a solve: a plan, or the reason why there is none."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from models.plan import Plan
from models.record import Record


class Termination(StrEnum):
    """How a solve ended."""

    OPTIMAL = "OPTIMAL"
    GAP_REACHED = "GAP_REACHED"
    TIME_LIMIT = "TIME_LIMIT"
    INTERRUPTED = "INTERRUPTED"
    INFEASIBLE = "INFEASIBLE"
    NUMERICAL = "NUMERICAL"


class ProgressRecord(Record):
    """One line of a solve's log."""

    seconds: float = Field(ge=0, description="Since the start of the solve.")
    stage: str = Field(description="Step of the solve.")
    lower_bound_usd: float | None = Field(default=None, description="Bound so far.")
    upper_bound_usd: float | None = Field(default=None, description="Incumbent's cost.")
    gap: float | None = Field(default=None, description="Relative distance of the two.")
    cuts: int | None = Field(
        default=None, ge=0, description="Optimality cuts in the master."
    )
    message: str = Field(default="", description="In words.")


class SolveLog(Record):
    """The log of a solve."""

    records: tuple[ProgressRecord, ...] = ()


class SimplicityRow(Record):
    """The cost of a limit on the tranches of each material's pool."""

    max_tranches: int = Field(ge=1, description="Most tranches of a pool.")
    objective_usd: float = Field(description="Cost of the best plan found.")
    lower_bound_usd: float = Field(description="For this limit and every other.")
    gap: float = Field(description="Relative distance of the two.")
    tranches: int = Field(ge=0, description="Tranches that the plan has in all.")


class Outcome(Record):
    """The answer of a solve that ran to its end, feasible or not."""

    termination: Termination
    plan: Plan | None = Field(
        default=None, description="Checked plan, if there is one."
    )
    conflict: tuple[str, ...] = Field(
        default=(), description="Limits that cannot hold together, if infeasible."
    )
    seconds: float = Field(ge=0, description="Time to solve and check.")
    log: tuple[ProgressRecord, ...] = ()
    warnings: tuple[str, ...] = Field(
        default=(), description="What to know before the plan is used."
    )
    simplicity: tuple[SimplicityRow, ...] = Field(
        default=(), description="Cost of fewer tranches, if requested."
    )

    @model_validator(mode="after")
    def _plan_or_reason(self) -> Self:
        if self.termination is Termination.INFEASIBLE and self.plan is not None:
            msg = "an infeasible outcome has a plan, expected none"
            raise ValueError(msg)
        return self
