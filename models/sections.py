"""The sections of a case; `models.instance` checks them against one another."""

from pydantic import Field

from models.demand import Participant, PriorityClass, Product
from models.disruption import Event, Replay
from models.entitlement import EntitlementOffer
from models.finance import Financing
from models.horizon import Horizon
from models.material import Material, StorageClass
from models.options import SolveOptions
from models.record import Record, SourcedRecord, is_absent
from models.rule import ReleaseRule
from models.supply import (
    CompetingBuyer,
    OfftakeContract,
    Route,
    SourcingOption,
    TradePolicy,
)
from models.units import Country, Identifier, Levels


class PublishedLoss(SourcedRecord):
    """A published loss of a one-year cut-off, which calibration compares with."""

    materials: tuple[Identifier, ...] = Field(min_length=1, description="Cut together.")
    country: Country = Field(description="Supplier that is cut off completely.")
    loss_usd: float | None = Field(default=None, ge=0, description="Central figure.")
    loss_usd_low: float | None = Field(default=None, ge=0, description="Low end.")
    loss_usd_high: float | None = Field(default=None, ge=0, description="High end.")
    rank: int | None = Field(default=None, ge=1, description="Published rank by loss.")


class UnmodelledMineral(SourcedRecord):
    """A critical mineral outside the case, with its known risk."""

    id: Identifier = Field(description="Name of the mineral.")
    name: str = Field(description="Name for people.")
    reason: str = Field(description="Why it is not modelled.")
    known_risk: str = Field(default="", description="Known supply risk.")


class Sections(Record):
    """The sections of a case, each valid alone."""

    id: Identifier = Field(description="Name of the case.")
    name: str = Field(description="Name for people.")
    description: str = Field(default="", description="What the case is about.")
    horizon: Horizon
    materials: tuple[Material, ...] = Field(min_length=1)
    storage_classes: tuple[StorageClass, ...] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)
    trade: TradePolicy = Field(default=TradePolicy())
    priority_classes: tuple[PriorityClass, ...] = Field(min_length=1)
    participants: tuple[Participant, ...] = Field(min_length=1)
    products: tuple[Product, ...] = Field(min_length=1)
    sourcing_options: tuple[SourcingOption, ...] = Field(min_length=1)
    rules: tuple[ReleaseRule, ...] = Field(min_length=1)
    levels_days_of_cover: Levels = Field(
        min_length=1, description="Menu of target levels, days of participants' need."
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
