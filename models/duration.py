"""How long something lasts: a law of its length in days."""

from math import fsum, inf

from pydantic import Field, model_validator

from models.record import Record, is_absent
from models.units import Days, Fraction

ROUNDING = 1e-9


class DurationChance(Record):
    """A length and its probability."""

    days: Days = Field(description="Length in days.")
    probability: Fraction = Field(description="Probability of this length.")


class Duration(Record):
    """A law of a length: uniform, geometric in whole steps, or a table."""

    low_days: Days | None = Field(
        default=None, exclude_if=is_absent, description="Uniform: shortest length."
    )
    high_days: Days | None = Field(
        default=None, exclude_if=is_absent, description="Uniform: longest length."
    )
    mean_days: float | None = Field(
        default=None,
        gt=0,
        exclude_if=is_absent,
        description=(
            "Geometric: mean length. It ends with each step with the same probability, "
            "however long it has lasted."
        ),
    )
    step_days: float | None = Field(
        default=None,
        gt=0,
        exclude_if=is_absent,
        description="Geometric: length of a step; a day if absent.",
    )
    table: tuple[DurationChance, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Table: lengths, ascending, and their probabilities.",
    )

    @model_validator(mode="after")
    def _one_law(self) -> "Duration":
        mistakes = [*self._mistakes_of_choice(), *self._mistakes_of_table()]
        low, high = self.low_days, self.high_days
        if low is not None and high is not None and high < low:
            mistakes.append(f"high_days of at least low_days = {low:g}, not {high:g}")
        if self.mean_days is not None and self.mean_days < self.geometric_step_days:
            mistakes.append(
                f"mean_days of at least step_days = {self.geometric_step_days:g}, "
                f"not {self.mean_days:g}"
            )
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _mistakes_of_choice(self) -> list[str]:
        is_uniform = self.low_days is not None or self.high_days is not None
        is_geometric = self.mean_days is not None or self.step_days is not None
        if is_uniform + is_geometric + bool(self.table) != 1:
            return ["low_days and high_days, or mean_days, or table"]
        if is_uniform and (self.low_days is None or self.high_days is None):
            return ["both low_days and high_days"]
        if is_geometric and self.mean_days is None:
            return ["mean_days beside step_days"]
        return []

    def _mistakes_of_table(self) -> list[str]:
        if not self.table:
            return []
        mistakes: list[str] = []
        days = [x.days for x in self.table]
        if days != sorted(set(days)):
            mistakes.append(f"lengths each above the one before, not {days}")
        total = fsum(x.probability for x in self.table)
        if abs(total - 1) > ROUNDING:
            mistakes.append(f"probabilities that sum to 1, not {total:g}")
        return mistakes

    @property
    def geometric_step_days(self) -> float:
        """Length of a step of a geometric law."""
        return 1.0 if self.step_days is None else self.step_days

    @property
    def average_days(self) -> float:
        """Mean of the law."""
        if self.table:
            return fsum(x.days * x.probability for x in self.table)
        if self.mean_days is not None:
            return self.mean_days
        return ((self.low_days or 0.0) + (self.high_days or 0.0)) / 2

    @property
    def shortest_days(self) -> float:
        """Least length that the law allows."""
        if self.table:
            return min(x.days for x in self.table if x.probability > 0)
        if self.mean_days is not None:
            return self.geometric_step_days
        return self.low_days or 0.0

    @property
    def longest_days(self) -> float:
        """Greatest length that the law allows; infinite for a geometric one."""
        if self.table:
            return max(x.days for x in self.table if x.probability > 0)
        return inf if self.mean_days is not None else self.high_days or 0.0

    def outlasts(self, days: float) -> bool:
        """Say whether it can be longer than this."""
        step = self.geometric_step_days
        if self.mean_days is not None and self.mean_days <= step:
            return step > days  # one step is all there is
        return self.longest_days > days

    def __str__(self) -> str:
        if self.table:
            return " or ".join(
                f"{x.days:g} days ({100 * x.probability:.4g} %)" for x in self.table
            )
        if self.mean_days is not None:
            step = self.geometric_step_days
            return f"{self.mean_days:g} days on average, in steps of {step:g}"
        if self.low_days == self.high_days:
            return f"{self.low_days:g} days"
        return f"{self.low_days:g} to {self.high_days:g} days"

    def scaled(self, factor: float) -> "Duration":
        """Return the law of a length that is this many times as long."""
        if self.table:
            table = tuple(
                x.model_copy(update={"days": factor * x.days}) for x in self.table
            )
            return Duration(table=table)
        if self.mean_days is not None:
            return Duration(
                mean_days=factor * self.mean_days,
                step_days=factor * self.geometric_step_days,
            )
        return Duration(
            low_days=factor * (self.low_days or 0.0),
            high_days=factor * (self.high_days or 0.0),
        )
