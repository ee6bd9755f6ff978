"""strongroom compare-rules: other release rules with the levels of a plan."""

from functools import partial

from service.cli.inputs import read_planned_case
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
    StrictOption,
    TriggerOption,
    ValueOption,
    chosen_executor,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_document, reported
from service.cli.screen import echo, print_tables, silent
from service.cli.tables.rules import rule_tables


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
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the rules of a plan with other release rules and a clairvoyant."""
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        check_picture(picture)
        from service.optimization import compare_rules  # noqa: PLC0415 - slow to load

        found = compare_rules(
            given.instance,
            given.plan,
            number_of_scenarios=scenarios,
            seed=given.fresh_seed(seed),
            trigger=price_trigger,
            value_scenarios=value_scenarios,
            on_stage=silent if as_json else partial(echo, err=True),
            executor=chosen_executor(executor),
        )
        if picture is not None:
            from service.pictures.rules import rules_picture  # noqa: PLC0415 - slow
            from service.pictures.style import save  # noqa: PLC0415

            save(partial(rules_picture, found), picture)
        warnings = given.warnings
        if as_json:
            print_document(found, warnings=warnings, picture=picture)
        else:
            tables = rule_tables(found, given.instance)
            print_tables(*tables, warnings=warnings, picture=picture)
