"""What simplicity costs: a row for each limit on tranches."""

from collections.abc import Sequence

from rich.table import Table

from models.outcome import SimplicityRow
from service.cli.quantities import money, percent
from service.cli.screen import table


def simplicity_table(rows: Sequence[SimplicityRow]) -> Table:
    """Return cost, bound and distance by most tranches of a material's pool."""
    found = table(
        "What fewer tranches cost",
        "most tranches",
        "objective",
        "lower bound",
        "gap",
        "tranches in all",
    )
    for row in rows:
        found.add_row(
            str(row.max_tranches),
            money(row.objective_usd),
            money(row.lower_bound_usd),
            percent(row.gap),
            str(row.tranches),
        )
    return found
