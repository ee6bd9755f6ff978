"""The sections of a case; `models.instance` checks them against one another."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from models.demand import Participant, PriorityClass, Product
from models.disruption import Event, Replay
from models.entitlement import EntitlementOffer
from models.finance import Financing
from models.horizon import Horizon
from models.material import Material, StorageClass
from models.membership import Membership
from models.mistakes import Collector
from models.opening_position import OpeningPosition, is_empty
from models.options import SolveOptions
from models.record import Record, SourcedRecord, is_absent, is_zero
from models.rule import ReleaseRule
from models.supply import (
    CompetingBuyer,
    OfftakeContract,
    Route,
    SourcingOption,
    TradePolicy,
    TreatmentCharge,
)
from models.units import (
    CaseIdentifier,
    Country,
    Fraction,
    Identifier,
    Levels,
    PositiveFraction,
)


class PublishedLoss(SourcedRecord):
    """A published loss of a one-year cut-off, which calibration compares with."""

    materials: tuple[Identifier, ...] = Field(min_length=1, description="Cut together.")
    country: Country = Field(description="Supplier that is cut off completely.")
    basis: Literal["conditional", "weighted", "unweighted"] | None = Field(
        default=None,
        exclude_if=is_absent,
        description=(
            "Kind of the loss: conditional on the cut-off, weighted by the probability "
            "that it happens in a year, or the worst of several scenarios, unweighted."
        ),
    )
    probability: PositiveFraction | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Probability a year that a weighted loss is of.",
    )
    loss_usd: float | None = Field(default=None, ge=0, description="Central figure.")
    loss_usd_low: float | None = Field(default=None, ge=0, description="Low end.")
    loss_usd_high: float | None = Field(default=None, ge=0, description="High end.")
    rank: int | None = Field(
        default=None, ge=1, description="Published rank by weighted loss."
    )
    is_fitted: bool = Field(
        default=False,
        exclude_if=is_zero,
        description="Whether the shortage costs were fitted to it.",
    )
    products: tuple[Identifier, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Products that a published share of the loss falls on.",
    )
    products_share_low: Fraction | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Least share of the loss that falls on them.",
    )

    @property
    def conditional_loss_usd(self) -> float | None:
        """Central loss on the condition that the cut-off happens, where it is known."""
        if self.loss_usd is None or self.basis == "unweighted":
            return None
        if self.basis == "weighted":
            known = self.probability
            return None if known is None else self.loss_usd / known
        return self.loss_usd

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo) -> Self:
        # Cases that were stored before a loss had a kind are read as they are.
        is_new = isinstance(info.context, Collector) and not info.context.is_stored
        mistakes = list(self._mistakes(needs_basis=is_new))
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _mistakes(self, *, needs_basis: bool) -> Iterator[str]:
        figures = (self.loss_usd_low, self.loss_usd, self.loss_usd_high)
        known = [figure for figure in figures if figure is not None]
        if known and self.basis is None and needs_basis:
            yield "a loss needs its basis: conditional, weighted or unweighted"
        if known != sorted(known):
            yield "loss_usd_low, loss_usd and loss_usd_high in rising order"
        if self.probability is not None and self.basis != "weighted":
            yield "probability goes with basis weighted only"
        if self.is_fitted and self.conditional_loss_usd is None:
            yield "is_fitted needs loss_usd, conditional or with its probability"
        if bool(self.products) != (self.products_share_low is not None):
            yield "products and products_share_low go together"


class UnmodelledMineral(SourcedRecord):
    """A critical mineral outside the case, with its known risk."""

    id: Identifier = Field(description="Name of the mineral.")
    name: str = Field(description="Name for people.")
    reason: str = Field(description="Why it is not modelled.")
    known_risk: str = Field(default="", description="Known supply risk.")


class Sections(Record):
    """The sections of a case, each valid alone."""

    id: CaseIdentifier = Field(description="Name of the case.")
    name: str = Field(description="Name for people.")
    description: str = Field(default="", description="What the case is about.")
    horizon: Horizon
    materials: tuple[Material, ...] = Field(min_length=1)
    storage_classes: tuple[StorageClass, ...] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)
    treatment_charges: tuple[TreatmentCharge, ...] = Field(
        default=(), exclude_if=is_absent
    )
    trade: TradePolicy = Field(default=TradePolicy())
    priority_classes: tuple[PriorityClass, ...] = Field(min_length=1)
    participants: tuple[Participant, ...] = Field(min_length=1)
    membership: Membership | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Who may draw from the pools; all participants if absent.",
    )
    products: tuple[Product, ...] = Field(min_length=1)
    sourcing_options: tuple[SourcingOption, ...] = Field(min_length=1)
    rules: tuple[ReleaseRule, ...] = Field(min_length=1)
    position: OpeningPosition = Field(
        default=OpeningPosition(),
        exclude_if=is_empty,
        description="What is there at the start; nothing if absent.",
    )
    levels_days_of_cover: Levels = Field(
        min_length=1, description="Menu of target levels, days of members' need."
    )
    entitlement_offers: tuple[EntitlementOffer, ...] = ()
    contracts: tuple[OfftakeContract, ...] = ()
    competing_buyers: tuple[CompetingBuyer, ...] = Field(
        default=(), exclude_if=is_absent
    )
    financing: Financing
    events: tuple[Event, ...] = ()
    replays: tuple[Replay, ...] = ()
    published_losses: tuple[PublishedLoss, ...] = ()
    unmodelled: tuple[UnmodelledMineral, ...] = ()
    options: SolveOptions = Field(default=SolveOptions())
