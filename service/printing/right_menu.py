"""What rights are worth to a participant, as tables."""

from collections.abc import Iterator

from rich.table import Table

from models.right_menu import RightMenu, RightMenus, RightQuantity
from service.printing.quantities import days, interval, money, percent, tonnes
from service.printing.table import add_note, table

IN_FORCE = "In force: awarded before the start, and its upfront fee is paid."


def right_tables(found: RightMenus) -> Iterator[Table]:
    """Yield a table for each right: quantities from the least to the largest."""
    for menu in found.rights:
        yield _menu(found, menu)


def _menu(found: RightMenus, menu: RightMenu) -> Table:
    title = (
        f"{menu.offer}: {menu.material_name}, a lot is {tonnes(menu.lot_tonnes)}; on "
        f"{found.scenarios:,} fresh scenarios, seed {found.seed}"
    )
    rows = table(
        title,
        *("lots", "days", "all there from period", "own cost", "avoided"),
        *("95 % interval", "fees", "net", "a lot adds", "pays from"),
    )
    rows.add_row("0", "0", "", money(menu.shortage_cost_usd))
    for quantity in menu.quantities:
        rows.add_row(*_cells(quantity))
    add_note(rows, "\n".join(_notes(found, menu)))
    return rows


def _cells(quantity: RightQuantity) -> tuple[str, ...]:
    pays_from = quantity.break_even_probability
    return (
        f"{quantity.lots:,}",
        days(quantity.days_of_own_cover),
        str(quantity.available_from_period),
        money(quantity.shortage_cost_usd),
        money(quantity.avoided_cost_usd),
        interval(quantity.avoided_cost_interval_usd),
        money(quantity.expected_fees_usd),
        money(quantity.net_benefit_usd),
        money(quantity.added_net_benefit_per_lot_usd),
        "never" if pays_from is None or pays_from > 1 else percent(pays_from),
    )


def _notes(found: RightMenus, menu: RightMenu) -> Iterator[str]:
    if menu.is_in_force:
        yield IN_FORCE
    best = next((x for x in menu.quantities if x.lots == menu.best_lots), None)
    if best is None:
        yield "No quantity avoids more than its fees."
    else:
        yield f"{best.lots:,} lots have the highest net benefit."
        tail = percent(1 - found.cvar_level)
        yield (
            f"They lower the mean of the worst {tail} from {money(menu.cvar_usd)} to "
            f"{money(best.cvar_usd)}."
        )
    yield f"Chance of a gap after the own buffer: {percent(menu.gap_probability)}."
    if menu.lots_not_available:
        lots = ", ".join(f"{x:,}" for x in menu.lots_not_available)
        yield f"Cannot be bought in time: {lots} lots."
    yield from menu.terms
