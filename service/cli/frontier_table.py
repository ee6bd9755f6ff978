"""What each budget buys, as a table."""

from rich.table import Table

from models.frontier import Frontier, FrontierPoint
from models.outcome import Termination
from service.cli.quantities import days, money, percent
from service.cli.screen import table

AS_GIVEN = "*"
SOLVED_ANEW = (
    "Each budget is solved anew: its plan may be another than the one explained, of "
    "much the same cost."
)


def budgets(found: Frontier, note: str = "") -> Table:
    """Return a row for each budget, the smallest first, and a note below."""
    rows = table(
        "What a budget buys",
        *("budget", "spent", "shortage cost", *_of_objective(found), "no plan below"),
        *("gap", "next dollar avoids", "held"),
        *("least days held", "mean days held", "mean days of all"),
        left=0,
    )
    mark = any(x.is_as_given for x in found.points)
    lines = [f"{AS_GIVEN} The budget of the case."] if mark else []
    rows.caption = "\n".join([*lines, note]).strip() or None
    rows.caption_justify = "left"
    for x in found.points:
        rows.add_row(
            money(x.budget_usd) + (AS_GIVEN if x.is_as_given else ""),
            money(x.spent_usd),
            _cost(x),
            *([money(x.objective_usd)] if _of_objective(found) else []),
            money(x.lower_bound_usd),
            percent(x.gap),
            money(x.budget_shadow_price),
            _held(x, found.materials),
            _days(x.least_days_of_cover_held),
            _days(x.mean_days_of_cover_held),
            _days(x.mean_days_of_cover),
        )
    return rows


def told(point: FrontierPoint) -> str:
    """Return a point as a line."""
    line = f"budget {money(point.budget_usd)}: {_cost(point)}"
    if point.gap is not None:
        line += f", gap {percent(point.gap)}"
    return line


def _of_objective(found: Frontier) -> tuple[str, ...]:
    """Return the column of the objective, none where it is the expected cost."""
    is_other = any(
        money(x.objective_usd) != money(x.expected_shortage_cost_usd)
        for x in found.points
    )
    return ("objective",) if is_other else ()


def _cost(point: FrontierPoint) -> str:
    if point.expected_shortage_cost_usd is not None:
        return money(point.expected_shortage_cost_usd)
    is_infeasible = point.termination is Termination.INFEASIBLE
    return "infeasible" if is_infeasible else "no plan"


def _held(point: FrontierPoint, materials: int) -> str:
    number = point.materials_held
    return "-" if number is None else f"{number} of {materials}"


def _days(quantity: float | None) -> str:
    return "-" if quantity is None else days(quantity)
