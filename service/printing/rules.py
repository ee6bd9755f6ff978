"""Release rules compared, and the value of information, as tables."""

from rich.table import Table

from models.instance import Instance
from models.rule_comparison import RuleComparison, RuleKind
from service.printing.quantities import interval, money, percent
from service.printing.scenarios import scenarios_in_words
from service.printing.table import add_note, figures_table, table


def rule_tables(
    found: RuleComparison, instance: Instance
) -> tuple[Table | str | None, ...]:
    """Return all tables of a comparison, or why there is no value of information."""
    return rules(found), best_rules(found, instance), value(found)


def rules(found: RuleComparison) -> Table:
    """Return a row for each rule."""
    title = (
        f"Shortage cost by rule with the levels of the plan, "
        f"{scenarios_in_words(found.scenarios, found.seed, found.scenarios_hash)}"
    )
    compared = table(
        title,
        *("rule", "cost", "more than the plan", "95 % interval"),
        *(f"worst {percent(1 - found.cvar_level)}", "lowest cash"),
    )
    for row in found.rows:
        compared.add_row(
            row.name,
            money(row.expected_shortage_cost_usd),
            money(row.difference_usd),
            interval(row.difference_interval_usd),
            money(row.cvar_usd),
            money(row.lowest_cash_usd),
        )
    own = interval(found.row(RuleKind.PLAN).confidence_interval_usd)
    note = (
        f"The intervals are those of the differences; that of the plan's cost is {own}."
    )
    add_note(compared, note)
    return compared


def best_rules(found: RuleComparison, instance: Instance) -> Table | None:
    """Return the best single rule of each material."""
    if not found.best_rules:
        return None
    materials = {material.id: material.name for material in instance.materials}
    names = {rule.id: rule.name for rule in instance.rules}
    chosen = table(
        "Best single rules",
        *("material", f"rule, chosen on {found.choosing_scenarios} other scenarios"),
        left=2,
    )
    for material, rule in found.best_rules.items():
        chosen.add_row(materials[material], names[rule])
    return chosen


def value(found: RuleComparison) -> Table | str | None:
    """Return VSS and EVPI with the costs behind them, or why they are unknown."""
    x = found.value
    if x is None:
        reason = found.no_value_because
        return None if reason is None else f"No value of information: {reason}"
    of_file, kind = found.scenarios_hash, "planning"
    words = scenarios_in_words(x.number_of_scenarios, x.seed, of_file, kind)
    title = f"On {words}"
    is_short = x.expected_value_plan_is_affordable is False
    cash = f" (its cash falls to {money(x.expected_value_plan_lowest_cash_usd)})"
    rows = {
        "Wait and see, at least": money(x.wait_and_see_usd),
        "No plan is below": money(x.lower_bound_usd),
        "Best plan found": money(x.plan_usd),
        "Plan for the mean scenario": money(x.expected_value_plan_usd)
        + (cash if is_short else ""),
        "It promised": money(x.expected_value_plan_promise_usd),
        "Value of the stochastic solution, at least": money(
            x.value_of_stochastic_solution_usd
        ),
        "Value of perfect information, at most": money(
            x.value_of_perfect_information_usd
        ),
    }
    return figures_table(title, rows.items())
