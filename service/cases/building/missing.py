"""What the shipped data do not have for a case, and what is assumed instead."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.cases.building.countries import in_sentence
from service.cases.building.flows import recycled_share
from service.cases.building.further import further_of
from service.cases.building.order import CaseOrder
from service.cases.writing.tables import Part, content, data

FEW_YEARS = 6


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that was not found, of a mineral or of all, and what stands for it."""

    mineral: str
    what: str
    instead: str


def missing_of(case: Part, order: CaseOrder) -> tuple[Missing, ...]:
    """Return what was not found for a case, mineral by mineral."""
    return tuple(
        found
        for material in case["materials"]
        for found in _of_material(material, case, order)
    ) + tuple(_of_contracts(order))


def _of_contracts(order: CaseOrder) -> Iterator[Missing]:
    if not order.has_contracts:
        yield Missing(
            "all",
            "contracts and rights that you can have",
            "none; --with-contracts offers those that are known for "
            f"{in_sentence(order.country)}, if there are any",
        )


def _of_material(material: Part, case: Part, order: CaseOrder) -> Iterator[Missing]:
    m, sources, users = material["id"], material["sources"], in_sentence(order.country)
    need = sources["participants_need"].partition("; ")[2]
    is_own = order.country == "USA" or _is_of_japan(m, order.country)
    if m not in order.needs and "assumption" in need:
        yield Missing(m, f"what {users} needs in a year", _plain(need))
    if "assumption" in sources["price_usd_per_tonne"]:
        yield Missing(m, "a price", _plain(sources["price_usd_per_tonne"]))
    years = max(int(x["n_returns"]) for x in data("price_volatility", mineral_id=m))
    if years < FEW_YEARS:
        yield Missing(
            m,
            "a long series of prices",
            f"that of {years} years ({sources['price_volatility_per_year']})",
        )
    if not is_own:
        yield Missing(
            m, f"where {users} imports it from", "imports as the world makes it"
        )
        if not data("recycling_byproduct", mineral_id=m):
            yield Missing(m, "a rate of recycling", recycled_share(m)[1])
    if f"{m}_supplier_stops" in {x["id"] for x in case["events"]}:
        yield Missing(
            m,
            "a disruption of the past",
            "its largest supplier halves its exports once in 20 years",
        )
    if further_of([m]):
        yield Missing(
            m, "what its users lose", "one product that loses five times its price"
        )


def _is_of_japan(m: str, country: str) -> bool:
    return country == "JPN" and bool(content("japan/materials", id=m))


def _plain(source: str) -> str:
    return source.removeprefix("assumption: ")
