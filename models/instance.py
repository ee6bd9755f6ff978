"""A case: its sections, the checks across them and the content hash."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import ValidationInfo, model_validator

from models.case_index import CaseIndex, index_of
from models.consistency import mistakes_in
from models.content import content_hash
from models.demand import Product
from models.mistakes import Collector
from models.sections import Sections


class Instance(Sections):
    """A case: the whole input of a solve."""

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, Collector):
            info.context.mistakes += mistakes_in(self, info.context.left_out)
        elif mistakes := mistakes_in(self):
            raise ValueError("; ".join(str(mistake) for mistake in mistakes))
        return self

    @cached_property
    def index(self) -> CaseIndex:
        """Positions, needs and tonnes per unit, computed once."""
        return index_of(self)

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """Return a copy without the index, which may not fit what was updated."""
        copied = super().model_copy(update=update, deep=deep)
        vars(copied).pop("index", None)
        return copied

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of the case."""
        return content_hash(self)

    def pool_levels_days_of_cover(self, material: str) -> tuple[float, ...]:
        """Return the levels of the menu for a material's pool, with added ones."""
        added = self.options.added_levels_days_of_cover.get(material, ())
        return tuple(sorted({*self.levels_days_of_cover, *added}))

    def final_products(self) -> tuple[Product, ...]:
        """Return the products with a participant; components have none."""
        return tuple(p for p in self.products if p.participant is not None)
