"""strongroom show: a plan as tables."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.cli.inputs import attempted
from service.cli.options import JsonOption, PlanArgument
from service.cli.reporting import print_document, print_json, reported
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
from service.printing.plan_comparison import comparison_tables
from service.printing.plan_comparison_words import in_words

AgainstOption = Annotated[
    Path | None,
    typer.Option(
        metavar="PLAN",
        help="Show what changes from this plan instead; compare-plans also says why.",
        show_default=False,
    ),
]


def command(
    path: PlanArgument, *, against: AgainstOption = None, as_json: JsonOption = False
) -> None:
    """Show a plan: headline, levels, rules, terms, financing, shortfalls."""
    with reported(as_json=as_json):
        if against is not None:
            _show_changes(against, path, as_json=as_json)
            return
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


def _show_changes(before: Path, after: Path, *, as_json: bool) -> None:
    from service import optimization  # noqa: PLC0415 - slow to load

    mistakes: list[Mistake] = []
    plans = [attempted(partial(read_plan, path), mistakes) for path in (before, after)]
    was, now = plans
    if was is None or now is None:
        raise InvalidCaseError(mistakes)
    found = optimization.plan_changes(was, now)
    if as_json:
        print_document(found, in_words=list(in_words(found)))
        return
    print_tables(*comparison_tables(found))
