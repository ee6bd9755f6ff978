"""The results of a batch, as tables."""

from collections.abc import Callable, Mapping

from rich.table import Table

from models.batch import BASE, BatchResult, VariantRow, name_of_values
from models.figures import Measure
from models.outcome import Termination
from service.printing.quantities import days, money, percent
from service.printing.table import add_note, table

MOST_ROWS = 60
PARETO_MARK = "*"
ALWAYS_SHOWN = (Measure.COST_OF_HOLDING, Measure.NET_BENEFIT)


def _count(number: float | None) -> str:
    return "-" if number is None else f"{number:.0f}"


MEASURES: Mapping[Measure, tuple[str, Callable[[float | None], str]]] = {
    Measure.EXPECTED_SHORTAGE_COST: ("shortage cost", money),
    Measure.OBJECTIVE: ("objective", money),
    Measure.CVAR: ("CVaR", money),
    Measure.DRAWN: ("drawn", money),
    Measure.BUDGET: ("budget", money),
    Measure.SPENT: ("spent", money),
    Measure.COST_OF_HOLDING: ("cost of holding", money),
    Measure.NET_BENEFIT: ("net benefit", money),
    Measure.MATERIALS_HELD: ("materials held", _count),
    Measure.LEAST_DAYS_OF_COVER: ("least days", days),
    Measure.MEAN_DAYS_OF_COVER: ("mean days", days),
}


def variants_table(batch: BatchResult) -> Table:
    """Return a row per variant; of many, only of the Pareto-optimal ones."""
    pareto = set(batch.comparison.pareto)
    is_long = len(batch.rows) > MOST_ROWS
    shown = [x for x in batch.rows if not is_long or x.number in {0, *pareto}]
    compared = [MEASURES[x][0] for x in batch.comparison.measures]
    title = "Pareto-optimal variants" if is_long else "Variants"
    rows = table(
        f"{title} ({len(shown)} of {len(batch.rows)})" if is_long else title,
        *("number", "variant", *compared),
        *("to base", "no plan below", "gap"),
        *(MEASURES[x][0] for x in _further(batch)),
        left=2,
    )
    words = " and ".join(compared)
    add_note(rows, f"{PARETO_MARK} No other variant is as good in {words}.")
    base = _cost(batch.rows[0]) if batch.rows and batch.rows[0].name == BASE else None
    for row in shown:
        mark = PARETO_MARK if row.number in pareto else ""
        rows.add_row(str(row.number) + mark, row.name, *_cells(row, batch, base))
    return rows


def frontier_table(batch: BatchResult) -> Table | None:
    """Return least and mean cost by value, or None for fewer than two axes."""
    if len(batch.axes) < 2 or not batch.comparison.frontier:  # noqa: PLR2004 - as documented
        return None
    rows = table(
        "Shortage cost by value, over all values of the other axes",
        *("value", "plans", "least", "mean", "least in"),
    )
    for x in batch.comparison.frontier:
        value = name_of_values({x.path: x.value})
        least, mean = money(x.least_cost_usd), money(x.mean_cost_usd)
        rows.add_row(value, str(x.number_of_plans), least, mean, str(x.best))
    return rows


def row_line(row: VariantRow, place: int, total: int) -> str:
    """Return the answer to a variant as a line."""
    line = f"{place} of {total}: {row.name}: {_ending(row) or money(_cost(row))}"
    if row.figures is not None:
        line += f", gap {percent(row.figures.gap)}"
    return line


def _cells(row: VariantRow, batch: BatchResult, base: float | None) -> list[str]:
    measures, further = batch.comparison.measures, _further(batch)
    figures = row.figures
    if figures is None:
        return [_ending(row), *[""] * (len(measures) + len(further) + 2)]
    return [
        *(MEASURES[x][1](x.of(figures)) for x in measures),
        _change(figures.expected_shortage_cost_usd, base),
        money(figures.lower_bound_usd),
        percent(figures.gap),
        *(MEASURES[x][1](x.of(figures)) for x in further),
    ]


def _further(batch: BatchResult) -> list[Measure]:
    """Return what is always shown, unless it is compared by."""
    return [x for x in ALWAYS_SHOWN if x not in batch.comparison.measures]


def _ending(row: VariantRow) -> str:
    """Return why there is no plan, or an empty text if there is one."""
    if row.figures is not None:
        return ""
    if row.failure is not None:
        return "failed"
    if row.termination is Termination.INFEASIBLE:
        return "infeasible"
    return "no plan" if row.termination is not None else "not solved"


def _cost(row: VariantRow) -> float | None:
    return row.figures and row.figures.expected_shortage_cost_usd


def _change(cost: float, base: float | None) -> str:
    if not base:
        return "-"
    return f"{100 * (cost / base - 1):+.1f} %"
