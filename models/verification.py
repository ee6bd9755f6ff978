"""A plan checked anew: its figures recomputed, each limit looked at again."""

from pydantic import Field

from models.record import Record


class RecomputedFigure(Record):
    """A figure that the plan promises, beside what its rules give when replayed."""

    name: str = Field(description="Field of the promise.")
    promised_usd: float = Field(description="As the plan prints it.")
    recomputed_usd: float = Field(description="By the replay on the same scenarios.")
    relative_difference: float = Field(
        description="(promised - recomputed) / recomputed, which counts as 1 dollar "
        "at least."
    )
    tolerance_usd: float = Field(ge=0, description="Difference that rounding allows.")
    is_kept: bool = Field(description="Whether the difference is within it.")


class CheckResult(Record):
    """One check of an audit: what is to hold, and everything that does not."""

    name: str = Field(description="What is looked at.")
    statement: str = Field(description="What is to hold.")
    is_passed: bool
    violations: tuple[str, ...] = Field(
        description="What does not hold: the row, where, what is there, what may be."
    )


class Verification(Record):
    """A plan followed again through its planning scenarios, without the model.

    The scenarios are sampled again from the provenance of the plan. Nothing that the
    solver computed is used.
    """

    instance_hash: str = Field(
        description="Content hash of the case with the options of the plan."
    )
    plan_hash: str
    scenarios: int = Field(ge=1, description="Planning scenarios, sampled again.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    figures: tuple[RecomputedFigure, ...]
    checks: tuple[CheckResult, ...]
    versions: dict[str, str] = Field(description="Of what checked it.")

    @property
    def is_passed(self) -> bool:
        """Whether every figure is kept and every check passed."""
        kept = all(figure.is_kept for figure in self.figures)
        return kept and all(check.is_passed for check in self.checks)
