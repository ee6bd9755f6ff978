"""strongroom show: a plan as tables that a manager reads."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.case_argument import JsonOption
from service.cli.plan_tables.headline import headline
from service.cli.plan_tables.holdings import levels, rule_sentences, rule_table
from service.cli.plan_tables.remainder import provenance, shortfalls, unmodelled
from service.cli.plan_tables.terms import contracts, entitlements, financing
from service.cli.reporting import print_json, reported
from service.cli.screen import show
from service.files.plans import read_plan

PlanArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN",
        help="The file of a plan (solve --output).",
        show_default=False,
    ),
]


def command(path: PlanArgument, *, as_json: JsonOption = False) -> None:
    """Show a plan: headline, levels, rules, terms, financing, shortfalls."""
    with reported(as_json=as_json):
        plan = read_plan(path)
        if as_json:
            print_json(plan.model_dump(mode="json"))
            return
        show(
            headline(plan),
            levels(plan),
            rule_sentences(plan),
            rule_table(plan),
            entitlements(plan),
            contracts(plan),
            financing(plan),
            shortfalls(plan),
            unmodelled(plan),
            provenance(plan),
        )
