"""A case that was built: its minerals, what was not found, its figures by kind."""

from rich.table import Table

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from service.cases.building.build import BuiltCase
from service.printing.quantities import tonnes
from service.printing.table import add_note, table

NO_MORE = "Other figures have a source; `strongroom sources CASE` lists all."


def built_case_tables(built: BuiltCase, case: Instance) -> list[Table]:
    """Return the tables of a case that was built."""
    return [_minerals(case), _missing(built)]


def _minerals(case: Instance) -> Table:
    made = table(
        case.name,
        "mineral",
        "largest supplier",
        "its share",
        "need a year",
        "USD a tonne",
        "for the vault a year",
        left=2,
    )
    for material in case.materials:
        suppliers: dict[str, float] = {}
        for route in case.routes:
            if route.material == material.id and not route.ramp:
                origin, share = route.refining_country, case.index.normal_share(route)
                suppliers[origin] = suppliers.get(origin, 0.0) + share
        country = max(suppliers, key=lambda x: suppliers[x])
        made.add_row(
            material.name,
            country,
            f"{100 * suppliers[country]:.3g} %",
            tonnes(DAYS_PER_YEAR * case.index.need_tonnes_per_day[material.id]),
            f"{material.price_usd_per_tonne:,.0f}",
            tonnes(material.market_capacity_tonnes_per_year),
        )
    return made


def _missing(built: BuiltCase) -> Table:
    made = table(
        "Not in the shipped data", "mineral", "what", "assumed instead", left=3
    )
    for missing in built.missing:
        made.add_row(missing.mineral, missing.what, missing.instead)
    add_note(made, NO_MORE)
    return made
