"""A round: rights that a reserve offers to participants, and their sealed offers.

The operator states the terms. A participant says only how many lots it would take.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from models.instance import Instance
from models.mistakes import Mistake
from models.reading import read_instance
from models.record import Record
from models.units import (
    Fraction,
    Identifier,
    PeriodIndex,
    PositiveFraction,
    RatePerYear,
    Tonnes,
    UsDollarsPerTonne,
)

# What the database holds as a whole number.
MOST_LOTS = 2**31 - 1
PRICE_FIELDS = ("inventory_price_usd_per_tonne", "inventory_price_factor")


class RoundRight(Record):
    """A right on offer: its material, its price rule and the rules of draws.

    Fees are shares of the inventory price, which is fixed or a multiple of the market
    price at the start of the case.
    """

    id: Identifier = Field(description="Name of the right in the round.")
    material: Identifier = Field(description="Material of the right.")
    inventory_price_usd_per_tonne: UsDollarsPerTonne | None = Field(
        default=None, description="Fixed price of draws and of the repurchase."
    )
    inventory_price_factor: float | None = Field(
        default=None,
        gt=0,
        le=100,
        description="Or the price as a multiple of the market price at the start.",
    )
    upfront_fee_rate: Fraction = Field(
        default=0.0, description="Paid at the start, share of the inventory price."
    )
    carrying_fee_rate_per_year: RatePerYear = Field(
        default=0.0, description="Paid on tonnes held, share of the inventory price."
    )
    maximum_lots: int | None = Field(
        default=None,
        ge=1,
        le=MOST_LOTS,
        description="Most that one participant may ask for.",
    )
    draw_limit_per_month: PositiveFraction = Field(
        default=1.0, description="Most that is drawn in a month, share of the quantity."
    )
    coverage: Fraction = Field(
        default=1.0, description="Share of its own gap that the holder may draw."
    )
    access_alert: int = Field(
        default=1, ge=0, le=3, description="Alert level from which it may draw."
    )
    replenish_within_periods: int = Field(
        default=12, ge=1, description="Periods in which a full draw is bought back."
    )
    repurchase_period: PeriodIndex | None = Field(
        default=None, description="Period in which what is left is taken; else never."
    )

    @model_validator(mode="after")
    def _one_price(self) -> Self:
        given = [name for name in PRICE_FIELDS if getattr(self, name) is not None]
        if len(given) != 1:
            msg = f"{' and '.join(given) or 'no price'}, expected one of {PRICE_FIELDS}"
            raise ValueError(msg)
        return self


class OfferedRight(RoundRight):
    """A right as it is on offer: its terms, with what the case says of its material."""

    price_usd_per_tonne: UsDollarsPerTonne = Field(
        description="The inventory price: of draws, and of the repurchase."
    )
    lot_tonnes: Tonnes = Field(description="Tonnes of a lot.")

    def upfront_fee_usd(self, lots: int) -> float:
        """Return what so many lots cost at the start, US dollars."""
        return self.upfront_fee_rate * self.price_usd_per_tonne * lots * self.lot_tonnes

    def carrying_fee_usd_per_year(self, lots: int) -> float:
        """Return what so many lots cost a year while they are held, US dollars."""
        value = self.price_usd_per_tonne * lots * self.lot_tonnes
        return self.carrying_fee_rate_per_year * value


def offered_right(right: RoundRight, case: Instance) -> OfferedRight:
    """Return a right of a round for a case that has its material."""
    material = case.materials[case.index.material[right.material]]
    path = material.price_path_usd_per_tonne
    market = material.price_usd_per_tonne if path is None else path[0]
    fixed = right.inventory_price_usd_per_tonne
    return OfferedRight(
        **dict(right),
        price_usd_per_tonne=(
            (right.inventory_price_factor or 0.0) * market if fixed is None else fixed
        ),
        lot_tonnes=material.lot_tonnes,
    )


class SealedOffer(Record):
    """What a participant would take of a right."""

    minimum_lots: int = Field(
        default=1, ge=1, le=MOST_LOTS, description="Least award, if any."
    )
    maximum_lots: int = Field(ge=1, le=MOST_LOTS, description="Largest award.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.minimum_lots > self.maximum_lots:
            given = f"{self.minimum_lots} to {self.maximum_lots} lots"
            msg = f"{given}, expected minimum_lots up to maximum_lots"
            raise ValueError(msg)
        return self


class OfferKey(NamedTuple):
    """Whose offer it is, and for which right of the round."""

    participant: str
    right: str

    @property
    def offer(self) -> str:
        """The name of the offer in the case of the round."""
        return f"{self.participant}_{self.right}"


def case_of_round(
    case: Instance,
    rights: Sequence[OfferedRight],
    offers: Mapping[OfferKey, SealedOffer],
) -> Instance:
    """Return the case with the offers of a round in place of its own.

    Raises InvalidCaseError if the case does not allow the terms of an offer.
    """
    terms = {right.id: right for right in rights}
    written = [
        _written(key, terms[key.right], offer) for key, offer in sorted(offers.items())
    ]
    content = case.model_dump(mode="json", by_alias=True)
    return read_instance({**content, "entitlement_offers": written})


def round_mistakes(
    case: Instance, rights: Sequence[RoundRight], invited: Sequence[str]
) -> Iterator[Mistake]:
    """Yield what a round asks of a case that the case does not have."""
    if not invited:
        yield Mistake("case", case.id, "a case that has participants")
    if case.position.rights:
        expected = "a case without position.rights: a round awards all that it has"
        yield Mistake("case", case.id, expected)
    materials = set(case.index.material)
    for r, right in enumerate(rights):
        path = f"rights[{r}]"
        if right.id in {x.id for x in rights[:r]}:
            yield Mistake(f"{path}.id", right.id, "another name for each right")
        if right.material not in materials:
            known = ", ".join(sorted(materials))
            yield Mistake(f"{path}.material", right.material, f"one of {known}")
    for p, name in enumerate(invited):
        if name not in case.index.participant:
            expected = f"one of {', '.join(case.index.participant)}"
            yield Mistake(f"participants[{p}]", name, expected)


def _written(
    key: OfferKey, right: OfferedRight, offer: SealedOffer
) -> dict[str, object]:
    """Return an EntitlementOffer as a case has it, which checks it."""
    price = right.price_usd_per_tonne
    return {
        "id": key.offer,
        "participant": key.participant,
        "material": right.material,
        "minimum_lots": offer.minimum_lots,
        "maximum_lots": offer.maximum_lots,
        "inventory_price_usd_per_tonne": price,
        "upfront_fee_usd_per_tonne": right.upfront_fee_rate * price,
        "carrying_fee_usd_per_tonne_year": right.carrying_fee_rate_per_year * price,
        "draw_limit_per_month": right.draw_limit_per_month,
        "coverage": right.coverage,
        "access_alert": right.access_alert,
        "replenish_within_periods": right.replenish_within_periods,
        "repurchase_period": right.repurchase_period,
        "sources": {"maximum_lots": "offer of the participant in a round"},
    }
