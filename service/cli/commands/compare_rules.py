"""strongroom compare-rules: other release rules with the levels of a plan."""

from models.rule_comparison import RuleComparison
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    DEFAULT_PRICE_TRIGGER,
    DEFAULT_VALUE_SCENARIOS,
    CompareRulesParameters,
)
from service.cli.analyses import (
    analysed,
    local,
    parameters_of,
    picture_format,
    run_of,
    write_picture,
)
from service.cli.inputs import read_planned_case
from service.cli.options import (
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
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_json, reported
from service.cli.scenario_files import ScenariosFromOption, check_alone
from service.cli.screen import print_tables
from service.printing.rules import rule_tables


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    number_of_scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    price_trigger: TriggerOption = DEFAULT_PRICE_TRIGGER,
    value_scenarios: ValueOption = DEFAULT_VALUE_SCENARIOS,
    picture: PictureOption = None,
    scenarios_from: ScenariosFromOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the rules of a plan with other release rules and a clairvoyant."""
    with reported(as_json=as_json):
        given = read_planned_case(case, path, assignments, is_strict=strict)
        check_picture(picture)
        check_alone(
            "--scenarios-from",
            is_given=scenarios_from is not None,
            number=number_of_scenarios,
            seed=seed,
            default_number=DEFAULT_NUMBER_OF_SCENARIOS,
        )
        parameters = parameters_of(
            CompareRulesParameters,
            command,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            price_trigger=price_trigger,
            value_scenarios=value_scenarios,
            picture=picture_format(picture),
        )
        run = run_of(executor, as_json=as_json, scenarios_from=scenarios_from)
        result = analysed("compare-rules", given, parameters, run)
        write_picture(result, picture)
        if as_json:
            print_json({**result.answer, "picture": local(picture)})
            return
        assert isinstance(result.found, RuleComparison)  # noqa: S101 - what it finds
        tables = rule_tables(result.found, given.instance)
        print_tables(*tables, warnings=given.warnings, picture=picture)
