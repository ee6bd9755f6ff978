"""An independent check of a plan: recomputed figures and checked limits."""

from pydantic import Field

from models.record import Record, is_absent


class RecomputedFigure(Record):
    """A promised figure beside the one recomputed by replaying the rules."""

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
    """One check of an audit: its statement and all violations."""

    name: str = Field(description="Subject of the check.")
    statement: str = Field(description="Statement that must hold.")
    is_passed: bool
    violations: tuple[str, ...] = Field(
        description="Row, place, value found and value expected of each."
    )


class Verification(Record):
    """A plan replayed on its planning scenarios, without the model.

    The scenarios are sampled again from the provenance of the plan; no result of the
    solver is used.
    """

    instance_hash: str = Field(
        description="Content hash of the case with the options of the plan."
    )
    plan_hash: str
    scenarios: int = Field(ge=1, description="Planning scenarios, sampled again.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    scenarios_hash: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Content hash of the scenarios, if they are those of a file.",
    )
    figures: tuple[RecomputedFigure, ...]
    checks: tuple[CheckResult, ...]
    versions: dict[str, str] = Field(description="Of the software of the check.")

    @property
    def is_passed(self) -> bool:
        """Whether every figure is kept and every check passed."""
        kept = all(figure.is_kept for figure in self.figures)
        return kept and all(check.is_passed for check in self.checks)
