"""The answer for other budgets and under other assumptions, as tables."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from models.frontier import Frontier, FrontierPoint
from models.instance import Instance
from models.outcome import Termination
from models.sensitivity import Sensitivity, SensitivityVariant
from service.printing.quantities import days, money, percent
from service.printing.table import add_note, table

AS_GIVEN = "*"
SOLVED_ANEW = (
    "Each budget is solved again: its plan may differ from the one explained, at much "
    "the same cost."
)


def budgets(found: Frontier, note: str = "") -> Table:
    """Return a row per budget, the smallest first, with a note below."""
    objective = _of_objective(found.points)
    rows = table(
        "What a budget buys",
        *("budget", "spent", "shortage cost", *objective, "no plan below"),
        *("cost of holding", "net benefit", "gap", "next dollar avoids", "held"),
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
            *([money(x.objective_usd)] if objective else []),
            money(x.lower_bound_usd),
            money(x.cost_of_holding_usd),
            money(x.net_benefit_usd),
            percent(x.gap),
            money(x.budget_shadow_price),
            _held(x, found.materials),
            days(x.least_days_of_cover_held),
            days(x.mean_days_of_cover_held),
            days(x.mean_days_of_cover),
        )
    return rows


def point_line(point: FrontierPoint) -> str:
    """Return the answer for a budget as a line."""
    line = f"budget {money(point.budget_usd)}: {_cost(point)}"
    if point.gap is not None:
        line += f", gap {percent(point.gap)}"
    return line


def _of_objective(
    solved: Sequence[FrontierPoint | SensitivityVariant],
) -> tuple[str, ...]:
    """Return the objective's column, or none if it equals the expected cost."""
    is_other = any(
        money(x.objective_usd) != money(x.expected_shortage_cost_usd) for x in solved
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


UNKNOWN = "no plan"
UNPAID = "*"
LITTLE_CASH_USD = -10.0  # cash rows may be violated by this tolerance


def sensitivity_tables(
    found: Sensitivity, instance: Instance
) -> tuple[Table | None, ...]:
    """Return all tables of a sensitivity analysis."""
    names = {material.id: material.name for material in instance.materials}
    return tornado(found), combinations(found), flips(found, names)


def tornado(found: Sensitivity) -> Table:
    """Return the single changes of assumptions, largest effect first."""
    title = (
        f"Expected shortage cost as assumed: {money(found.expected_shortage_cost_usd)} "
        f"(gap {percent(found.gap)}), net benefit {money(found.net_benefit_usd)}"
    )
    singles = [x for x in found.variants if x.assumption is not None]
    costs = _costs(title, sorted(singles, key=lambda x: -_moved(found, x)))
    if sentence := found.headline():
        add_note(costs, "\n".join(filter(None, [str(costs.caption or ""), sentence])))
    return costs


def combinations(found: Sensitivity) -> Table | None:
    """Return the changes of several assumptions together."""
    together = [x for x in found.variants if len(x.factors) > 1]
    return _costs("Several assumptions", together) if together else None


def flips(found: Sensitivity, names: Mapping[str, str]) -> Table | None:
    """Return which materials change ranks by money spent."""
    if not any(variant.flips for variant in found.variants):
        return None
    turned = table("Changed ranks by money spent", "change", "now above", "before")
    for variant in found.variants:
        for flip in variant.flips:
            turned.add_row(variant.name, names[flip.is_above], names[flip.was_above])
    note = (
        "Plans whose costs differ by less than the gap may rank materials otherwise:\n"
        "a flip may be due to that alone."
    )
    add_note(turned, note)
    return turned


def _costs(title: str, variants: Sequence[SensitivityVariant]) -> Table:
    objective = tuple(f"its {name}" for name in _of_objective(variants))
    costs = table(
        title,
        *("change", "without vault", "plan of the base", "new plan"),
        *(*objective, "no plan below"),
        *("cost of holding", "net benefit", "flips"),
    )
    for variant in variants:
        costs.add_row(
            variant.name,
            _money(variant.cost_without_vault_usd),
            money(variant.base_plan_cost_usd) + (UNPAID if _is_unpaid(variant) else ""),
            _money(variant.expected_shortage_cost_usd),
            *([_money(variant.objective_usd)] if objective else []),
            _money(variant.lower_bound_usd),
            money(variant.cost_of_holding_usd),
            money(variant.net_benefit_usd),
            str(len(variant.flips)),
        )
    if any(map(_is_unpaid, variants)):
        note = f"{UNPAID} Its cash runs out there: it is no plan for the changed case."
        add_note(costs, note)
    return costs


def _is_unpaid(variant: SensitivityVariant) -> bool:
    return variant.base_plan_lowest_cash_usd < LITTLE_CASH_USD


def _moved(found: Sensitivity, variant: SensitivityVariant) -> float:
    cost = variant.expected_shortage_cost_usd
    return 0.0 if cost is None else abs(cost - found.expected_shortage_cost_usd)


def _money(amount: float | None) -> str:
    return UNKNOWN if amount is None else money(amount)
