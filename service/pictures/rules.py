"""Shortage cost of each rule on the same scenarios, as bars with intervals."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from matplotlib.figure import Figure

from models.rule_comparison import RuleComparison, RuleCost, RuleKind
from service.pictures.style import (
    BEHIND_TEXT,
    BLUE,
    GREY,
    INK,
    VERMILION,
    WIDTH_INCHES,
    heading,
    money_unit,
)

ROW_INCHES = 0.3
FRAME_INCHES = 1.1
COLOURS = {
    RuleKind.PLAN: BLUE,
    RuleKind.NO_VAULT: VERMILION,
    RuleKind.CLAIRVOYANT: INK,
}


def rules_picture(found: RuleComparison) -> Figure:
    """Return a bar per rule, the most expensive on top; a line at the plan's cost."""
    rows = sorted(found.rows, key=lambda row: -row.expected_shortage_cost_usd)
    height = len(rows) * ROW_INCHES + FRAME_INCHES
    figure = Figure(figsize=(WIDTH_INCHES, height))
    heading(
        figure,
        f"Shortage cost by rule, levels of the plan, {found.scenarios:,} scenarios",
        "Whiskers: 95 % intervals of each cost; differences between rows are more "
        "certain. Line: the plan.",
    )
    axes = figure.subplots()
    divisor, unit = money_unit(max(map(_upper, rows)))
    for position, row in enumerate(rows):
        axes.barh(
            position,
            row.expected_shortage_cost_usd / divisor,
            height=0.62,
            color=COLOURS.get(row.kind, GREY),
        )
        if row.confidence_interval_usd is not None:
            low, high = (end / divisor for end in row.confidence_interval_usd)
            axes.plot([max(low, 0.0), high], [position] * 2, color=INK, linewidth=0.9)
        axes.annotate(
            # The same number of digits in each row: 0.390 and 0.389.
            f"{row.expected_shortage_cost_usd / divisor:#.3g}".rstrip("."),
            xy=(_upper(row) / divisor, position),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.0,
            bbox=BEHIND_TEXT,
        )
    plan = found.row(RuleKind.PLAN).expected_shortage_cost_usd / divisor
    axes.axvline(plan, color=BLUE, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.invert_yaxis()
    axes.tick_params(left=False)
    axes.set_xlim(0, 1.08 * max(map(_upper, rows)) / divisor or 1.0)
    axes.set_xlabel(f"Expected discounted shortage cost, {unit}")
    return figure


def _upper(row: RuleCost) -> float:
    """Return the end of the bar or of its interval."""
    interval = row.confidence_interval_usd
    cost = row.expected_shortage_cost_usd
    return cost if interval is None else max(cost, interval[1])
