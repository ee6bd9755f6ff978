"""strongroom compare-plans: what changes from one plan to another, and why."""

from pathlib import Path
from typing import Annotated

import typer

from models.mistakes import Mistake
from models.plan_comparison import PlanComparison
from models.reading import InvalidCaseError
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    ComparePlansParameters,
)
from service.analyses.planned_case import ComparedCase
from service.cli.analyses import analysed, parameters_of, run_of
from service.cli.inputs import attempted, read_planned_case
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    FreshOption,
    FreshSeedOption,
    JsonOption,
    PlanArgument,
    StrictOption,
)
from service.cli.reporting import print_json, reported
from service.cli.scenario_files import ScenariosFromOption, check_alone
from service.cli.screen import print_tables
from service.printing.plan_comparison import comparison_tables


def command(  # noqa: PLR0913 - one for each option of the command
    against_case: Annotated[
        str,
        typer.Argument(
            metavar="CASE_BEFORE",
            help="Case of the plan to compare with.",
        ),
    ],
    against: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN_BEFORE",
            help="File of the plan to compare with, such as the one in force.",
        ),
    ],
    case: CaseArgument,
    path: PlanArgument,
    *,
    number_of_scenarios: FreshOption = DEFAULT_NUMBER_OF_SCENARIOS,
    seed: FreshSeedOption = None,
    scenarios_from: ScenariosFromOption = None,
    executor: ExecutorOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare a plan with another one: what changes, why, and what keeping it costs.

    Shows levels, rules, rights, contracts, money and promise of both, the facts that
    differ in their cases, what each topic alone moves, and what the first plan would
    cost in the second case. Nothing is solved.
    """
    with reported(as_json=as_json):
        mistakes: list[Mistake] = []
        before = attempted(
            lambda: read_planned_case(against_case, against, None), mistakes
        )
        given = attempted(
            lambda: read_planned_case(case, path, None, is_strict=strict), mistakes
        )
        if before is None or given is None:
            raise InvalidCaseError(mistakes)
        check_alone(
            "--scenarios-from",
            is_given=scenarios_from is not None,
            number=number_of_scenarios,
            seed=seed,
            default_number=DEFAULT_NUMBER_OF_SCENARIOS,
        )
        parameters = parameters_of(
            ComparePlansParameters,
            command,
            against=before.plan.content_hash,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
        )
        run = run_of(executor, as_json=as_json, scenarios_from=scenarios_from)
        compared = ComparedCase(given.instance, given.plan, before)
        result = analysed("compare-plans", compared, parameters, run)
        if as_json:
            print_json(result.answer)
            return
        assert isinstance(result.found, PlanComparison)  # noqa: S101 - what it finds
        warnings = result.answer["warnings"]
        print_tables(*comparison_tables(result.found), warnings=warnings)
