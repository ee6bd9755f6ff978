"""strongroom solve: solve a case, show the progress, write the plan."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol

import typer

from models.instance import Instance
from models.options import Method
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from service.analyses.planned_case import case_warnings
from service.analyses.solve_answer import answer
from service.casefiles import path_of
from service.cli.answers import print_no_plan, status_of_outcome
from service.cli.exit_status import EXPLANATION, ExitStatus
from service.cli.inputs import read_case
from service.cli.interruption import Interruption
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    ScenariosOption,
    SeedOption,
    SetOption,
    StrictOption,
    chosen_executor,
)
from service.cli.output_files import IncumbentFile, LogFile
from service.cli.progress import Progress, ProgressDisplay, ProgressLines, Silence
from service.cli.reporting import print_json, report, reported
from service.cli.scenario_files import (
    ScenariosFromOption,
    check_alone,
    read_scenario_table,
)
from service.cli.screen import echo, print_tables, print_warnings, screen
from service.files.writing import check_output
from service.printing.plan import headline, levels, simplicity_table


class CaseSolver(Protocol):
    """Solves an instance, reports progress and incumbents, and can be interrupted."""

    def __call__(
        self,
        instance: Instance,
        *,
        on_progress: Callable[[ProgressRecord], None],
        on_incumbent: Callable[[Plan], None],
        is_interrupted: Callable[[], bool],
    ) -> Outcome:
        """Return the outcome, also of an infeasible case."""
        ...


STOPPING = "stopping with the best plan so far; press Ctrl-C again to exit at once"


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    scenarios: ScenariosOption = None,
    seed: SeedOption = None,
    scenarios_from: ScenariosFromOption = None,
    gap: Annotated[
        float | None, typer.Option(help="Relative gap to stop at.", show_default=False)
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            help="Time limit in seconds, from when the case is read. The best plan "
            "that was checked by then is the answer.",
            show_default=False,
        ),
    ] = None,
    method: Annotated[
        Method | None,
        typer.Option(
            help="One program over all scenarios, or decomposition; automatic chooses "
            "by size.",
            show_default=False,
        ),
    ] = None,
    refine: Annotated[
        int | None,
        typer.Option(
            help="Number of times to add levels next to those of the best plan and "
            "solve again.",
            show_default=False,
        ),
    ] = None,
    executor: ExecutorOption = None,
    simplicity: Annotated[
        bool,
        typer.Option(
            "--simplicity",
            help="Also show what plans with 1 to 6 tranches per material cost.",
        ),
    ] = False,
    assignments: SetOption = None,
    strict: StrictOption = False,
    output: Annotated[
        Path | None,
        typer.Option(
            help="File to write the plan to (JSON). Each better plan is written as "
            "soon as it is found.",
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File for the log, one JSON record per line, written at the end.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find the plan: what to hold, under which rules, and the cost it promises.

    Options that are not given have the values of the case. Ctrl-C ends the solve with
    the best plan so far; a second Ctrl-C ends the program at once.
    """
    options = {
        "number_of_scenarios": scenarios,
        "seed": seed,
        "gap": gap,
        "time_limit_s": time_limit,
        "method": method,
        "menu_refinements": refine,
    }
    with reported(as_json=as_json):
        instance = read_case(case, assignments, options, is_strict=strict)
        check_alone(
            "--scenarios-from",
            is_given=scenarios_from is not None,
            number=scenarios,
            seed=seed,
        )
        if output is not None:
            check_output(output, {"the file of the case": path_of(case)})
        if log is not None:
            others = {"the file of the case": path_of(case)}
            check_output(log, others | {"the file of --output": output})
        from service import optimization  # noqa: PLC0415 - slow to load

        given = None
        table = read_scenario_table(scenarios_from)
        if table is not None:
            instance, given = optimization.planning_on(instance, table)
        solve = optimization.solve_with_simplicity if simplicity else optimization.solve
        on_executor = partial(
            solve, scenarios=given, executor=chosen_executor(executor)
        )
        status = solve_case(
            instance, solve=on_executor, output=output, log=log, as_json=as_json
        )
        raise typer.Exit(status)


command.__doc__ = f"{command.__doc__}\n\n    {EXPLANATION}"


def solve_case(
    instance: Instance,
    *,
    solve: CaseSolver,
    output: Path | None,
    as_json: bool,
    log: Path | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ExitStatus:
    """Solve, write plan and log, print the answer, and return the exit status."""
    warnings = case_warnings(instance)
    if not as_json:
        print_warnings(warnings)
    with (
        Interruption() as interruption,
        LogFile(log) as kept,
        _progress(instance, clock, is_silent=as_json) as progress,
    ):
        file = None if output is None else IncumbentFile(output, progress.note)

        def on_progress(record: ProgressRecord) -> None:
            kept.keep(record)
            progress(record)

        outcome = interruption.run(
            lambda: solve(
                instance,
                on_progress=on_progress,
                on_incumbent=(lambda _: None) if file is None else file.offer,
                is_interrupted=interruption.is_asked,
            ),
            on_asked=lambda: progress.note(STOPPING),
        )
        progress.finish(outcome)
    failures = [kept.failure]
    if outcome.plan is not None and file is not None:
        failures.append(file.finish(outcome.plan))
    if any(failures):
        message = "; ".join(failure for failure in failures if failure is not None)
        report(message, [], as_json=as_json)
        return ExitStatus.INTERNAL_ERROR
    if as_json:
        written = None if outcome.plan is None or output is None else str(output)
        print_json(answer(outcome, instance, written, [*warnings, *outcome.warnings]))
    else:
        print_warnings(outcome.warnings)
        _print(outcome, output)
    return status_of_outcome(outcome)


def _progress(
    instance: Instance, clock: Callable[[], float], *, is_silent: bool
) -> AbstractContextManager[Progress]:
    console = screen(is_error=True)
    if is_silent:
        return nullcontext(Silence())
    if console.is_terminal and not console.is_dumb_terminal:
        return ProgressDisplay(instance, console, clock)
    return ProgressLines(instance, lambda line: echo(line, err=True))


def _print(outcome: Outcome, output: Path | None) -> None:
    if outcome.plan is not None:
        print_tables(headline(outcome.plan), levels(outcome.plan))
        if outcome.simplicity:
            print_tables(simplicity_table(outcome.simplicity))
        where = "not kept; --output FILE keeps it" if output is None else output
        echo(f"plan: {where}")
    else:
        print_no_plan(outcome)
