"""Modelled against published losses of a one-year cut-off, in and out of sample."""

from typing import Literal

from pydantic import Field

from models.record import Record
from models.units import Country, Fraction, Identifier


class CalibrationRow(Record):
    """One cut-off: the loss of a year without vault, modelled and published."""

    materials: tuple[Identifier, ...] = Field(description="Cut off together.")
    country: Country = Field(description="Dominant supplier, cut off completely.")
    modelled_loss_usd: float = Field(
        ge=0, description="Shortage cost of the year, given the cut-off."
    )
    cutoff_years_per_year: float = Field(
        ge=0,
        description=(
            "Expected share of a year that the supplier is cut off, by the events of "
            "the case; a phase that leaves half of the flow counts half."
        ),
    )
    expected_loss_usd: float = Field(
        ge=0, description="That share times the modelled loss."
    )
    basis: Literal["conditional", "weighted", "unweighted"] | None = Field(
        default=None,
        description="Kind of the published loss; absent if nothing is published.",
    )
    probability: float | None = Field(
        default=None,
        description="Probability a year that a published weighted loss is of.",
    )
    published_loss_usd: float | None = Field(
        default=None, description="Central figure, if there is one."
    )
    published_low_usd: float | None = Field(
        default=None, description="Low end, if there is one."
    )
    published_high_usd: float | None = Field(
        default=None, description="High end, if there is one."
    )
    published_rank: int | None = Field(
        default=None, description="Rank by weighted loss, if there is one."
    )
    is_fitted: bool = Field(
        default=False,
        description="Whether the shortage costs of the case were fitted to the figure.",
    )
    products_share: Fraction | None = Field(
        default=None,
        description="Modelled share of the loss that falls on the products named.",
    )
    products_share_low: Fraction | None = Field(
        default=None, description="Published least share that falls on them."
    )
    source: str = Field(default="", description="Where the published figure stands.")

    @property
    def comparable_loss_usd(self) -> float:
        """The modelled loss of the same kind as the published one.

        A weighted loss whose probability is published is known given the cut-off, too.
        """
        is_weighted = self.basis == "weighted" and self.probability is None
        return self.expected_loss_usd if is_weighted else self.modelled_loss_usd

    @property
    def published_conditional_usd(self) -> float | None:
        """The central figure of the same kind as the comparable loss."""
        if self.published_loss_usd is None:
            return None
        return self.published_loss_usd / (self.probability or 1.0)

    @property
    def ratio(self) -> float | None:
        """Modelled over published loss of one kind."""
        published = self.published_conditional_usd
        return self.comparable_loss_usd / published if published else None


class Prediction(Record):
    """A published loss that was left out, and the loss that the others predict."""

    materials: tuple[Identifier, ...] = Field(description="Cut off together.")
    country: Country = Field(description="Supplier that is cut off.")
    published_loss_usd: float = Field(gt=0, description="Given the cut-off.")
    predicted_loss_usd: float = Field(ge=0, description="Given the cut-off.")


class SplitHalf(Record):
    """Predictions of one half of the figures from the other, over all splits."""

    splits: int = Field(ge=1, description="Number of halves predicted.")
    error_factor: float = Field(
        ge=1, description="Typical factor between prediction and figure, median."
    )
    rank_correlation: float | None = Field(
        ge=-1, le=1, description="Spearman's rho within the half predicted, median."
    )


class OutOfSample(Record):
    """How well two parameters predict what they have not seen: scale and elasticity.

    An error factor is exp of the root mean square of log(modelled / published).
    """

    figures: int = Field(ge=0, description="Number of figures fitted.")
    scale: float = Field(
        gt=0, description="Best scale of the case's losses; 1 if kept."
    )
    elasticity: float = Field(
        ge=0, description="Best exponent of the curve in the case's terms; 1 if kept."
    )
    error_factor: float = Field(ge=1, description="Of the case as it stands.")
    leave_one_out: tuple[Prediction, ...] = ()
    leave_one_out_error_factor: float = Field(ge=1, description="Of those predictions.")
    naive_error_factor: float = Field(
        ge=1, description="Of the geometric mean of the other figures, without a model."
    )
    split_half: SplitHalf | None = Field(
        description="Absent with fewer than four figures."
    )


class RankCorrelation(Record):
    """Spearman's rho of modelled losses and published ranks: 1 if the order agrees."""

    name: str = Field(description="What is compared.")
    materials: int = Field(ge=0, description="Number of materials.")
    rho: float = Field(ge=-1, le=1, description="Spearman's rho.")
    low: float = Field(ge=-1, le=1, description="Low end of its 95 % interval.")
    high: float = Field(ge=-1, le=1, description="High end of its 95 % interval.")
    p_value: Fraction = Field(description="Of no association, two-sided.")


class Calibration(Record):
    """All cut-offs, and how far losses agree with what was published."""

    rows: tuple[CalibrationRow, ...]
    out_of_sample: OutOfSample | None = Field(
        description="Absent with fewer than three figures that were fitted."
    )
    rank_correlations: tuple[RankCorrelation, ...] = ()
