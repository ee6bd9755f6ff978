"""Analyses of the registry as commands: their options, their run, their files."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from pydantic import ValidationError
from typer.models import ArgumentInfo, OptionInfo

from models.instance import Instance
from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.analyses.parameters import (
    AnalysisParameters,
    CaseParameters,
    PictureFormat,
    PlanParameters,
)
from service.analyses.planned_case import PlannedCase
from service.analyses.registry import ANALYSES
from service.analyses.run import AnalysisFile, AnalysisResult, AnalysisRun
from service.cli.interruption import Interruption
from service.cli.options import chosen_executor
from service.cli.scenario_files import read_scenario_table
from service.cli.screen import echo, silent
from service.files.validation import mistakes_in

Parameters = TypeVar("Parameters", bound=AnalysisParameters)
Command = Callable[..., None]


def parameters_of(
    kind: type[Parameters], command: Command, **values: object
) -> Parameters:
    """Return the parameters that a command was called with.

    Raises InvalidCaseError, which names options of the command.
    """
    given = {name: _frozen(value) for name, value in values.items()}
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        found = mistakes_in(error, "options")
        raise InvalidCaseError(named_by_option(found, command)) from None


def _frozen(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def plan_mistakes_of(
    parameters: PlanParameters, command: Command
) -> Callable[[PlannedCase], Iterable[Mistake]]:
    """Return what finds the mistakes of parameters once the plan is known."""
    return lambda planned: named_by_option(parameters.mistakes(planned), command)


def case_mistakes_of(
    parameters: CaseParameters, command: Command, case: Instance
) -> list[Mistake]:
    """Return the mistakes of parameters of an analysis of a case."""
    return named_by_option(parameters.mistakes(case), command)


def named_by_option(mistakes: Iterable[Mistake], command: Command) -> list[Mistake]:
    """Return mistakes of parameters with the names of the command's options."""
    names = option_names(command)
    return [
        replace(x, path=re.sub(r"^\w+", lambda m: names.get(m[0], m[0]), x.path))
        for x in mistakes
    ]


def option_names(command: Command) -> Mapping[str, str]:
    """Return how each parameter of a command is called on the command line."""
    names: dict[str, str] = {}
    for name, hint in get_type_hints(command, include_extras=True).items():
        for told in getattr(hint, "__metadata__", ()):
            if isinstance(told, OptionInfo):
                declared = [told.default, *(told.param_decls or ())]
                words = [x for x in declared if isinstance(x, str)]
                words.append(f"--{name.replace('_', '-')}")
                names[name] = words[0].partition("/")[0]
            elif isinstance(told, ArgumentInfo):
                names[name] = str(told.metavar or name)
    return names


def analysed(
    name: str,
    subject: Instance | PlannedCase,
    parameters: AnalysisParameters,
    run: AnalysisRun,
) -> AnalysisResult:
    """Return what an analysis of the registry finds."""
    found: AnalysisResult = ANALYSES[name].loaded()(subject, parameters, run)
    return found


def run_of(
    executor: str | None,
    *,
    as_json: bool,
    is_interrupted: Callable[[], bool] = lambda: False,
    on_file: Callable[[AnalysisFile], None] = lambda _: None,
    scenarios_from: Path | None = None,
) -> AnalysisRun:
    """Return a run that reports its progress to standard error, unless as JSON."""
    scenarios = read_scenario_table(scenarios_from)
    log = silent if as_json else partial(echo, err=True)
    return AnalysisRun(
        chosen_executor(executor), log, is_interrupted, on_file, scenarios=scenarios
    )


def analysed_until_asked(
    name: str,
    subject: Instance | PlannedCase,
    parameters: AnalysisParameters,
    run_with: Callable[[Callable[[], bool]], AnalysisRun],
    stopping: str,
) -> AnalysisResult:
    """Return what an analysis finds until Ctrl-C asks it to stop."""
    with Interruption() as interruption:
        run = run_with(interruption.is_asked)
        return interruption.run(
            lambda: analysed(name, subject, parameters, run),
            on_asked=lambda: run.on_progress(stopping),
        )


def picture_format(path: Path | None) -> PictureFormat | None:
    """Return the format of a picture that is to be written."""
    if path is None:
        return None
    return PictureFormat.PNG if path.suffix == ".png" else PictureFormat.SVG


def write_picture(result: AnalysisResult, path: Path | None) -> None:
    """Write the picture of a result, if it has one."""
    if path is not None:
        for file in result.files:
            if file.name.startswith("picture."):
                path.write_bytes(file.content)


def local(path: Path | None) -> Any:  # noqa: ANN401 - text or nothing, as JSON
    """Return where a file was written, as JSON has it."""
    return None if path is None else str(path)
