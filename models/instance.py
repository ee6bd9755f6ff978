"""A case: its sections, the checks across them and the content hash."""

from typing import Self

from pydantic import ValidationInfo, model_validator

from models.bill_of_materials import explode
from models.consistency import mistakes_in
from models.content import content_hash
from models.demand import Product
from models.horizon import DAYS_PER_YEAR
from models.mistakes import Collector
from models.sections import Sections


class Instance(Sections):
    """A case: everything that a solve needs to know."""

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, Collector):
            info.context.mistakes += mistakes_in(self, info.context.left_out)
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
