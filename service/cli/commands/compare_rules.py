"""strongroom compare-rules: other rules with the levels of a plan, side by side."""

from functools import partial
from pathlib import Path

import typer

from models.instance import Instance
from models.rule_comparison import RuleComparison
from service.cli.inputs import fresh_seed, read_case, read_plan_for, warnings_about
from service.cli.options import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    DEFAULT_PRICE_TRIGGER,
    DEFAULT_VALUE_SCENARIOS,
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PictureOption,
    PlanArgument,
    SetOption,
    TriggerOption,
    ValueOption,
    chosen_executor,
)
from service.cli.output_files import check_picture, with_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.rules import best_rules, rules, value


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    price_trigger: TriggerOption = DEFAULT_PRICE_TRIGGER,
    value_scenarios: ValueOption = DEFAULT_VALUE_SCENARIOS,
    picture: PictureOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare other release rules, and a clairvoyant, with a plan's own."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments)
        plan = read_plan_for(instance, path)
        check_picture(picture)
        # The simulator takes a second to load: not for --help, nor for a wrong case.
        from service.optimization import compare_rules  # noqa: PLC0415

        found = compare_rules(
            instance,
            plan,
            number_of_scenarios=scenarios,
            seed=fresh_seed(plan, seed),
            trigger=price_trigger,
            value_scenarios=value_scenarios,
            on_stage=partial(_tell, as_json=as_json),
            executor=chosen_executor(executor),
        )
        if picture is not None:
            _draw(found, picture)
        warnings = warnings_about(instance, plan)
        _report(instance, found, warnings, picture, as_json=as_json)


def _tell(stage: str, *, as_json: bool) -> None:
    if not as_json:
        typer.echo(stage, err=True)


def _draw(found: RuleComparison, picture: Path) -> None:
    # The drawing library takes half a second to load.
    from service.pictures.rules import rules_picture  # noqa: PLC0415
    from service.pictures.style import save  # noqa: PLC0415

    save(lambda: rules_picture(found), picture)


def _report(
    instance: Instance,
    found: RuleComparison,
    warnings: list[str],
    picture: Path | None,
    *,
    as_json: bool,
) -> None:
    if as_json:
        print_json(with_picture(found, picture, warnings=warnings))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    print_tables(rules(found), best_rules(found, instance), value(found))
    if picture is not None:
        typer.echo(f"Picture: {picture}")
