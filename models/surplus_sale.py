"""The sale of free stock that no tranche takes, and mistakes in its terms."""

from collections import Counter
from collections.abc import Iterator

from models.held_stock import free_tonnes
from models.identifiers import KnownIdentifiers
from models.material import Material
from models.mistakes import Mistake
from models.opening_position import SaleTerms
from models.sections import Sections


def sale_terms(case: Sections, material: Material) -> SaleTerms | None:
    """Return the terms on which free stock of a material is sold.

    None if there are none, or nothing that could be sold.
    """
    found = next((x for x in case.position.sales if x.material == material.id), None)
    return found if found and free_tonnes(case, material) > 0 else None


def most_sold(case: Sections, material: Material, terms: SaleTerms) -> float:
    """Return the most tonnes of free stock that terms of sale allow to be sold."""
    free = free_tonnes(case, material)
    if terms.most_tonnes_per_year is None:
        return free
    years = terms.within_periods * case.horizon.average_period_years
    return min(free, terms.most_tonnes_per_year * years)


def wrong_sales(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find terms of unknown materials, and two for the same one."""
    for name, count in Counter(x.material for x in case.position.sales).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.sales", name, expected)
    for terms in case.position.sales:
        path = f"position.sales[{terms.material}].material"
        yield from known.missing("materials", path, terms.material)


def idle_sales(case: Sections) -> Iterator[Mistake]:
    """Find terms by which nothing is sold, brings nothing or is not sold in time."""
    materials = {m.id: m for m in case.materials}
    periods = case.horizon.number_of_periods
    for terms in case.position.sales:
        path = f"position.sales[{terms.material}]"
        if sale_terms(case, materials[terms.material]) is None:
            expected = (
                "a material with free stock in position.stock that has not expired; "
                "there is nothing to sell"
            )
            yield Mistake(f"{path}.material", terms.material, expected)
        if terms.discount == 1:
            expected = "less than 1; a sale brings nothing"
            yield Mistake(f"{path}.discount", terms.discount, expected)
        if terms.within_periods > periods:
            expected = (
                f"at most the {periods} periods of the horizon; the rest is still "
                "there at its end"
            )
            yield Mistake(f"{path}.within_periods", terms.within_periods, expected)
