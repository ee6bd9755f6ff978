"""strongroom show: a plan as tables."""

from service.cli.options import JsonOption, PlanArgument
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.files.plans import read_plan
from service.printing.plan import (
    contracts,
    cost_of_holding,
    entitlements,
    financing,
    free_stock,
    headline,
    levels,
    provenance,
    purchases,
    rule_sentences,
    rule_table,
    shortfalls,
    unmodelled,
)


def command(path: PlanArgument, *, as_json: JsonOption = False) -> None:
    """Show a plan: headline, levels, rules, terms, financing, shortfalls."""
    with reported(as_json=as_json):
        plan = read_plan(path)
        if as_json:
            print_json(plan.model_dump(mode="json"))
            return
        print_tables(
            headline(plan),
            cost_of_holding(plan),
            levels(plan),
            purchases(plan),
            free_stock(plan),
            rule_sentences(plan),
            rule_table(plan),
            entitlements(plan),
            contracts(plan),
            financing(plan),
            shortfalls(plan),
            unmodelled(plan),
            provenance(plan),
        )
