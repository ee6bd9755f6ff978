"""The whole input of a solve, its cross-field checks and its content hash."""

from typing import Self

from pydantic import Field, ValidationInfo, model_validator

from models.bill_of_materials import explode
from models.content import content_hash
from models.demand import Participant, PriorityClass, Product
from models.disruption import Event, Replay
from models.entitlement import EntitlementOffer
from models.finance import Financing
from models.horizon import DAYS_PER_YEAR, Horizon
from models.material import Material, StorageClass
from models.mistakes import Collector
from models.options import SolveOptions
from models.record import Record, SourcedRecord
from models.rule import ReleaseRule
from models.supply import OfftakeContract, Route, SourcingOption, TradePolicy
from models.units import Country, Identifier, Levels


class PublishedLoss(SourcedRecord):
    """A loss that somebody published for a one-year cut-off; calibration meets it."""

    materials: tuple[Identifier, ...] = Field(min_length=1, description="Cut together.")
    country: Country = Field(description="Supplier that is cut off completely.")
    loss_usd: float | None = Field(default=None, ge=0, description="Central figure.")
    loss_usd_low: float | None = Field(default=None, ge=0, description="Low end.")
    loss_usd_high: float | None = Field(default=None, ge=0, description="High end.")
    rank: int | None = Field(default=None, ge=1, description="Published rank by loss.")


class UnmodelledMineral(SourcedRecord):
    """A critical mineral that the case leaves out, and what is known of its risk."""

    id: Identifier = Field(description="Name of the mineral.")
    name: str = Field(description="Name for people.")
    reason: str = Field(description="Why it is not modelled.")
    known_risk: str = Field(default="", description="What is known of its risk.")


class Instance(Record):
    """A case: everything that a solve needs to know."""

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
    financing: Financing
    events: tuple[Event, ...] = ()
    replays: tuple[Replay, ...] = ()
    published_losses: tuple[PublishedLoss, ...] = ()
    unmodelled: tuple[UnmodelledMineral, ...] = ()
    options: SolveOptions = Field(default=SolveOptions())

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Self:
        # Imported here because the checks need the class that they check.
        from models.consistency import mistakes_in  # noqa: PLC0415 - as said

        if isinstance(info.context, Collector):
            info.context.mistakes += mistakes_in(self, info.context.known)
        elif mistakes := mistakes_in(self):
            raise ValueError("; ".join(str(mistake) for mistake in mistakes))
        return self

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of the case."""
        return content_hash(self)

    def pool_levels_days_of_cover(self, material: str) -> tuple[float, ...]:
        """Return the levels of the menu for a material's pool, added ones too."""
        added = self.options.added_levels_days_of_cover.get(material, ())
        return tuple(sorted({*self.levels_days_of_cover, *added}))

    def tonnes_per_unit(self) -> dict[str, dict[str, float]]:
        """Return tonnes of material in one unit, by product and material."""
        return explode(self.products)

    def final_products(self) -> tuple[Product, ...]:
        """Return the products that somebody makes, without mere components."""
        return tuple(p for p in self.products if p.participant is not None)

    def need_tonnes_per_day(self) -> dict[str, float]:
        """Return participants' need of each material at the start, tonnes a day."""
        return {
            m: sum(by_participant.values())
            for m, by_participant in self.need_by_participant_tonnes_per_day().items()
        }

    def need_by_participant_tonnes_per_day(self) -> dict[str, dict[str, float]]:
        """Return need at the start in tonnes a day, by material and participant."""
        tonnes = self.tonnes_per_unit()
        need: dict[str, dict[str, float]] = {m.id: {} for m in self.materials}
        for product in self.final_products():
            units_per_day = (product.demand_units_per_year or 0.0) / DAYS_PER_YEAR
            for m, quantity in tonnes[product.id].items():
                o = product.participant or ""
                need[m][o] = need[m].get(o, 0.0) + quantity * units_per_day
        return need
