"""Warnings about a case: parts without effect, and figures that look misread.

A case with warnings is valid and is solved as it stands.
"""

from collections.abc import Callable, Iterator

from models.alerts_before import idle_alerts
from models.capped_origins import capped_origins
from models.contracts_in_force import idle_contracts
from models.debt_in_force import idle_debt
from models.event_warnings import (
    cuts_without_route,
    events_across_periods,
    events_outside,
    idle_rests,
    replays_outside,
    unstated_alerts,
)
from models.figure_warnings import (
    Parts,
    fractions_as_per_cent,
    parts_in,
    parts_of,
    unknown_figures,
)
from models.financing_warnings import idle_collateral_terms, limits_out_of_reach
from models.held_stock import idle_stock
from models.holding_warnings import (
    blocks_below_metal,
    idle_impacts,
    idle_membership,
    lots_above_menu,
    short_shelf_lives,
    shut_stores,
)
from models.instance import Instance
from models.level_changes import idle_levels
from models.member_fees import idle_fees
from models.mistakes import Mistake
from models.on_order import idle_purchases
from models.opening_buffers import idle_buffers
from models.prices_today import idle_prices
from models.rights_in_force import idle_rights
from models.supply_warnings import (
    closed_routes,
    idle_buyers,
    idle_paths,
    idle_sourcing,
    idle_terms,
    rights_without_route,
    supply_unlike_need,
    trade_countries,
)
from models.surplus_sale import idle_sales


def warnings_of(case: Instance) -> list[Mistake]:
    """Return the warnings of a consistent case.

    Each has the place, the value found, and what was expected with the effect.
    """
    found = [warning for find in FINDERS for warning in find(case)]
    return found + [x for find in FINDERS_IN_PARTS for x in find(parts_of(case, ""))]


def added_warnings(base: Instance, known: set[str], case: Instance) -> list[Mistake]:
    """Return the warnings of a variant that its base, with those known, has not.

    A section that is the same object in both is not searched part by part.
    """
    changed = [
        part
        for name in type(case).model_fields
        if (value := getattr(case, name)) is not getattr(base, name)
        for part in parts_in(value, name)
    ]
    found = [x for find in FINDERS for x in find(case)]
    parts = [("", case), *changed]
    found += [x for find in FINDERS_IN_PARTS for x in find(parts)]
    return [x for x in found if str(x) not in known]


FINDERS: tuple[Callable[[Instance], Iterator[Mistake]], ...] = (
    events_outside,
    events_across_periods,
    idle_rests,
    idle_impacts,
    replays_outside,
    cuts_without_route,
    trade_countries,
    idle_sourcing,
    rights_without_route,
    idle_buyers,
    supply_unlike_need,
    idle_terms,
    closed_routes,
    idle_membership,
    idle_collateral_terms,
    idle_paths,
    lots_above_menu,
    capped_origins,
    short_shelf_lives,
    shut_stores,
    blocks_below_metal,
    limits_out_of_reach,
    idle_stock,
    idle_purchases,
    idle_sales,
    idle_debt,
    idle_contracts,
    idle_buffers,
    idle_fees,
    idle_alerts,
    unstated_alerts,
    idle_prices,
    idle_rights,
    idle_levels,
)
FINDERS_IN_PARTS: tuple[Callable[[Parts], Iterator[Mistake]], ...] = (
    unknown_figures,
    fractions_as_per_cent,
)
