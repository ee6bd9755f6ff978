"""strongroom explain: why a plan is as it is."""

from typing import Annotated

from models.explanation import Explanation
from service.analyses.parameters import ExplainParameters
from service.cli.analyses import analysed, parameters_of, run_of
from service.cli.inputs import read_planned_case
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PlanArgument,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.reporting import print_json, reported
from service.cli.scenario_files import ScenariosFromOption
from service.cli.screen import print_tables
from service.printing.explanation import (
    codependences,
    events,
    limits,
    rights,
    scenarios,
    tranches,
    why_not_more,
    worth,
)
from service.printing.plan import shortfalls, unmodelled
from service.printing.variations import SOLVED_ANEW, budgets


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    with_frontier: Annotated[
        bool,
        parameter(ExplainParameters, "with_frontier", "--frontier/--no-frontier"),
    ] = True,
    scenarios_from: ScenariosFromOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Explain a plan on its planning scenarios.

    Shows what the last and the next lot of each material are worth, what limits it, the
    next best candidate, what drives the cost, which materials depend on each other, and
    what is neither covered nor modelled.
    """
    with reported(as_json=as_json):
        parameters = parameters_of(
            ExplainParameters, command, with_frontier=with_frontier
        )
        given = read_planned_case(case, path, assignments, is_strict=strict)
        run = run_of(executor, as_json=as_json, scenarios_from=scenarios_from)
        result = analysed("explain", given, parameters, run)
        found = result.found
        assert isinstance(found, Explanation)  # noqa: S101 - what it finds
        if as_json:
            print_json(result.answer)
            return
        print_tables(
            worth(found),
            why_not_more(found),
            tranches(found),
            rights(found),
            limits(found),
            None if found.frontier is None else budgets(found.frontier, SOLVED_ANEW),
            events(found),
            scenarios(found),
            codependences(found),
            shortfalls(given.plan),
            unmodelled(given.plan),
            warnings=given.warnings,
        )
